"""What is wrong with a request, one by one."""

from pathlib import Path
from typing import Any

import pytest

from api.texts import in_english
from api.web.faults import faults_of
from rokuon.i18n import words_in
from tests.api.examples import scene, window


def told(kind: str, words: Any = in_english, **context: object) -> tuple[str, str]:
    """The pointer and the words of one error."""
    error = {"type": kind, "loc": ("body", "a/b", 0), "msg": "theirs", "ctx": context}
    (fault,) = faults_of([error])
    return fault.pointer, fault.detail.told(words, "ja")


def test_a_fault_has_its_place_and_its_words() -> None:
    """RFC 6901 §3; what has no words of ours has those of the framework."""
    assert told("string_too_long", max_length=9) == ("/a~1b/0", "at most 9 characters")
    assert told("string_too_long", words_in, max_length=9)[1] == "最大 9 文字です"
    assert told("of_tomorrow") == ("/a~1b/0", "theirs")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/window"),
        ({"window": window(), "x": 1}, "/x"),
        ({"window": window(), "limit": "1"}, "/limit"),
        ({"window": window(), "limit": 0}, "/limit"),
        ({"window": window(), "limit": 10_000}, "/limit"),
        ({"window": window(), "clues": 1}, "/clues"),
        ({"window": window(), "clues": [{"kind": "x"}]}, "/clues/0"),
        ({"window": window(), "cursor": "x" * 99}, "/cursor"),
        ({"window": window(start="2026-10-29T17:00:00")}, "/window/from"),
        ({"window": window(end="2026-13-29T17:00:00Z")}, "/window/to"),
    ],
)
async def test_what_is_wrong_is_said_in_the_readers_language(
    tmp_path: Path, body: dict[str, object], pointer: str
) -> None:
    """Each of these is a slip that a person makes who writes a client."""
    async with scene(tmp_path, words=words_in) as it:
        answer = await it.client.post("/calls/search", json=body, headers={"Accept-Language": "ja"})

    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["pointer"]) == (422, pointer)
    assert not fault["detail"].isascii()
