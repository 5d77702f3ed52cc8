"""Corrections, tags and notes over HTTP."""

from pathlib import Path
from typing import Any

import pytest

from api.permissions.verbs import Verb
from rokuon.messages.i18n import words_in
from tests.api.examples import CALL, EVERYTHING, OTHERS_CALL, scene, window
from tests.archive.catalog.examples import AGENT, CUSTOMER

OF_AGENT = {"by": "participant", "participant": f"participant of {AGENT}"}
PATH = f"/recordings/{CALL}"
WRITES: dict[str, tuple[str, str, dict[str, Any] | None]] = {
    "corrections": ("POST", "corrections", {"kind": "queue", "value": "sales", "reason": "moved"}),
    "tags": ("POST", "tags", {"value": "vip"}),
    "notes": ("POST", "notes", {"value": "She called again."}),
}


async def test_a_correction_is_answered_and_shown_with_what_was_there(tmp_path: Path) -> None:
    """Who reads the recording next sees both values, the author, the time and the reason."""
    async with scene(tmp_path) as it:
        body = {"kind": "agent", "whom": OF_AGENT, "value": "A19", "reason": "I know her voice"}
        answer = await it.client.post(f"{PATH}/corrections", json=body)
        told = (await it.client.get(PATH)).json()

    assert answer.status_code == 201
    assert answer.json() == {
        "kind": "agent", "participant": f"participant of {AGENT}", "stream": None,
        "side_guessed": False,
        "value": ["A19"], "was": ["A17"], "author": "service:yamada", "at": "2026-11-28T08:42:10Z",
        "reason": "I know her voice",
    }  # fmt: skip
    assert told["corrections"] == [answer.json()]
    assert told["legs"][1]["agent"] == {
        "id": "A19", "name": "大野 守", "by": "correction", "confidence": "certain",
        "former_ids": ["A17"], "former_names": ["田中 真由"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "value", "was"),
    [
        ("side", "unknown", ["customer"]),
        ("number", "03-5550-1234", ["+81312347788"]),
        ("agent", "", []),
    ],
)
async def test_who_is_meant_may_be_told_by_his_side(
    tmp_path: Path, kind: str, value: str, was: list[str]
) -> None:
    """As people do; what is kept is the client's id of him."""
    async with scene(tmp_path) as it:
        body = {"kind": kind, "whom": {"by": "side", "side": "customer"}, "value": value}
        answer = await it.client.post(f"{PATH}/corrections", json=body | {"reason": "heard"})
        told = (await it.client.get(PATH)).json()

    assert answer.json()["participant"] == f"participant of {CUSTOMER}"
    assert answer.json()["was"] == was
    assert told["legs"][0]["number"] == ("+81355501234" if kind == "number" else "+81312347788")


async def test_marks_are_shown_as_they_are_now(tmp_path: Path) -> None:
    """Tags come and go, a queue is one."""
    async with scene(tmp_path) as it:
        for body in ({"kind": "queue", "value": "sales"}, {"kind": "controller", "value": "acme"}):
            await it.client.post(f"{PATH}/corrections", json=body | {"reason": "x"})
        purposes = {"kind": "purpose", "value": ["quality", "dispute"], "reason": "x"}
        await it.client.post(f"{PATH}/corrections", json=purposes)
        for tag in ("vip", "a/b"):
            await it.client.post(f"{PATH}/tags", json={"value": tag})
        gone = await it.client.delete(f"{PATH}/tags/a/b", params={"reason": "mistyped"})
        told = (await it.client.get(PATH)).json()

    assert gone.status_code == 200
    assert (gone.json()["kind"], gone.json()["reason"]) == ("tag_removed", "mistyped")
    assert told["marks"] == {
        "queues": ["sales"], "controllers": ["acme"], "purposes": ["quality", "dispute"],
        "tags": ["vip"],
    }  # fmt: skip


async def test_what_was_corrected_is_found_by_both(tmp_path: Path) -> None:
    """Over HTTP as in the catalog."""
    async with scene(tmp_path) as it:
        body = {
            "kind": "number", "whom": {"by": "stream", "stream": 0}, "value": "03-5550-1234",
            "reason": "x",
        }  # fmt: skip
        await it.client.post(f"{PATH}/corrections", json=body)
        found = []
        for number in ("03-5550-1234", "03-1234-7788"):
            clues = [{"kind": "number", "value": number}]
            question = {"window": window(), "clues": clues}
            answer = (await it.client.post("/calls/search", json=question)).json()
            found += [each["recording"] for each in answer["calls"]]
        (leg, _) = (await it.client.get(PATH)).json()["legs"]

    assert found == [CALL, CALL]
    assert [each["number"] for each in leg["former_numbers"]] == ["+81312347788"]


async def test_a_note_keeps_its_lines(tmp_path: Path) -> None:
    """With its author and time, apart from corrections."""
    async with scene(tmp_path) as it:
        await it.client.post(f"{PATH}/notes", json={"value": "one\ntwo"})
        told = (await it.client.get(PATH)).json()

    (note,) = told["notes"]
    assert (note["text"], note["author"]) == ("one\ntwo", "service:yamada")
    assert told["corrections"] == []


@pytest.mark.parametrize("what", WRITES)
async def test_what_is_written_is_in_the_journal_and_needs_its_scope(
    tmp_path: Path, what: str
) -> None:
    """Neither a token without it nor another tenant's recording."""
    method, path, body = WRITES[what]
    async with scene(tmp_path) as it:
        others = it.token(*(scope for scope in EVERYTHING if scope is not Verb.CORRECT))
        denied = await it.client.request(method, f"{PATH}/{path}", json=body, headers=others)
        foreign = await it.client.request(method, f"/recordings/{OTHERS_CALL}/{path}", json=body)
        assert it.journal() == []
        done = await it.client.request(method, f"{PATH}/{path}", json=body)
        (entry,) = it.journal()

    assert (denied.status_code, foreign.status_code, done.status_code) == (403, 404, 201)
    assert (entry.action, entry.target) == ("corrected", CALL)


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("corrections", {"kind": "queue", "value": "q"}, "/queue/reason"),
        ("corrections", {"kind": "queue", "value": "q", "reason": ""}, "/queue/reason"),
        ("corrections", {"kind": "purpose", "value": [], "reason": "x"}, "/purpose/value"),
        ("corrections", {"kind": "purpose", "value": ["curiosity"], "reason": "x"}, "/value"),
        (
            "corrections",
            {
                "kind": "side", "whom": {"by": "participant", "participant": "x"},
                "value": "agent", "reason": "x",
            },
            "/whom",
        ),
        ("tags", {"value": " vip"}, "/value"),
        ("notes", {"value": ""}, "/value"),
    ],
)  # fmt: skip
async def test_a_refusal_says_which_part_cannot_be_so(
    tmp_path: Path, path: str, body: dict[str, Any], pointer: str
) -> None:
    """A problem with a pointer, and nothing is written."""
    async with scene(tmp_path) as it:
        answer = await it.client.post(f"{PATH}/{path}", json=body)
        told = (await it.client.get(PATH)).json()

    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert (told["corrections"], told["notes"]) == ([], [])


async def test_a_tag_that_is_not_there_cannot_be_taken_away(tmp_path: Path) -> None:
    """Whoever mistyped it learns it."""
    async with scene(tmp_path) as it:
        answer = await it.client.delete(f"{PATH}/tags/vip")

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("tags", {"value": " vip"}),
        ("corrections", {"kind": "purpose", "value": "fun", "reason": "heard"}),
        ("corrections", {"kind": "agent", "whom": {"by": "stream", "stream": 99}, "value": "A1"}),
    ],
)
async def test_what_cannot_be_written_is_said_in_the_readers_language(
    tmp_path: Path, path: str, body: dict[str, Any]
) -> None:
    """What the archive refuses as well as what has not the form of the route."""
    async with scene(tmp_path, words=words_in) as it:
        answer = await it.client.post(
            f"{PATH}/{path}", json={"reason": "x"} | body, headers={"Accept-Language": "ja"}
        )

    (fault,) = answer.json()["errors"]
    assert answer.status_code == 422
    assert not fault["detail"].isascii()
