"""What is wrong with a request, one by one."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from api.web.app import PARTS
from api.web.http.request_faults import NO_MOMENT, TEXTS, faults_of
from api.words.texts import in_english
from rokuon.messages.i18n import words_in
from tests.api.examples import scene, window


def told(kind: str, words: Any = in_english, **context: object) -> tuple[str, str]:
    """The pointer and the words of one error."""
    error = {"type": kind, "loc": ("body", "a/b", 0), "msg": "theirs", "ctx": context}
    (fault,) = faults_of([error])
    return fault.pointer, fault.detail.told(words, "ja")


@pytest.mark.parametrize("kind", ["string_too_short", "too_short"])
def test_of_what_must_hold_one_thing_it_is_said_that_it_is_empty(kind: str) -> None:
    """Nobody counts "at least 1 characters"; where more are wanted, how many is said."""
    assert told(kind, min_length=1)[1] == "it must not be empty"
    assert told(kind, words_in, min_length=1)[1] == "空にはできません"
    assert told(kind, min_length=2)[1].startswith("at least 2 ")


# By what a value may be: the errors that it may have.
ERRORS = {
    "str": {"string_type", "string_pattern_mismatch", "string_too_short", "string_too_long"},
    "int": {
        "int_type", "int_parsing", "int_parsing_size", "int_from_float", "greater_than_equal",
        "less_than_equal",
    },
    "bool": {"bool_type"},
    "list": {"list_type", "too_short", "too_long"},
    "literal": {"literal_error"},
    "enum": {"enum"},
    "tagged-union": {"union_tag_invalid", "union_tag_not_found"},
    "model": {"model_type", "model_attributes_type", "missing", "extra_forbidden"},
    "date": {
        "date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact",
    },
    # A check of ours stands before it, which has a text.
    "datetime": {NO_MOMENT},
}  # fmt: skip
# What has no error of its own, but those of what it holds.
HOLDS = {
    "default", "nullable", "union", "definitions", "definition-ref", "function-before", "no-info",
    "function-wrap", "model-field", "model-fields",
}  # fmt: skip


def kinds_in(schema: object) -> Iterator[str]:
    """What the values may be that a schema of pydantic takes, at any depth."""
    match schema:
        case {"type": str(kind), **rest}:
            yield kind
            parts: Iterable[object] = [
                each for name, each in rest.items() if name not in {"serialization", "metadata"}
            ]
        case dict():
            parts = schema.values()
        case list() | tuple():
            parts = schema
        case _:
            return
    for part in parts:
        yield from kinds_in(part)


def taken() -> Iterator[Any]:
    """Every parameter and every body of every route that programs ask."""
    routes = [each for part in PARTS for each in part.router.routes if isinstance(each, APIRoute)]
    asked = [route.dependant for route in routes]
    for each in asked:
        asked.extend(each.dependencies)
        yield from (*each.path_params, *each.query_params, *each.header_params, *each.body_params)


def test_every_error_that_a_value_may_have_has_a_text_of_ours() -> None:
    """What has none is said in English, whoever reads it."""
    found = {kind for each in taken() for kind in kinds_in(each._type_adapter.core_schema)}

    assert found - HOLDS == set(ERRORS)
    assert set().union(*ERRORS.values()) <= set(TEXTS)


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
        ({"window": window(), "clues": [{}]}, "/clues/0"),
        (
            {"window": window(start="2026-10-30T17:00:00Z", end="2026-10-29T17:00:00Z")},
            "/window/to",
        ),
        ({"window": window(), "clues": [{"kind": "number", "value": "12"}]}, "/clues"),
        ({"window": window(), "cursor": "nonsense"}, "/cursor"),
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
