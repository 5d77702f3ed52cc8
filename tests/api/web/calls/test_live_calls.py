"""Routes under `/live`."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from api.permissions.verbs import Verb
from api.web.document import OPENAPI
from archive.call.live import Trouble
from tests import ROOT
from tests.api.examples import EVERYTHING, LIVE, Scene, scene
from tests.archive.catalog.examples import OTHER_TENANT

PATH = f"/live/{LIVE.recording}"
REASON = {"reason": "card number"}
CONTROLS = {
    "start": ("live_started", REASON),
    "pause": ("live_paused", REASON),
    "resume": ("live_resumed", REASON),
    "stop": ("live_stopped", REASON),
    "participants": ("live_told", {"side": "agent", "agent": "a17", "name": "田中"}),
}


def actions(here: Scene) -> list[str]:
    return [entry.action for entry in here.journal()]


@pytest.mark.parametrize("what", CONTROLS)
async def test_what_is_asked_is_journalled_and_done(tmp_path: Path, what: str) -> None:
    """With who, why and for whom; the recording's id comes back."""
    action, body = CONTROLS[what]
    async with scene(tmp_path) as here:
        answer = await here.client.post(f"{PATH}/{what}", json=body)

        assert answer.status_code == 200, answer.text
        assert answer.json()["recording"] == LIVE.recording
        assert answer.json()["call"]["state"] == "live"
        (entry,) = here.journal()
        assert (entry.action, entry.target) == (action, LIVE.recording)
        assert entry.reason == "case:D-2026-0114"
        (wish,) = here.node.wishes
        assert (wish.by, wish.reason) == ("service:yamada", body.get("reason", ""))
        assert here.node.journalled_before == [1]


@pytest.mark.parametrize(
    ("refused", "status", "code"),
    [("not_live", 404, "not_found"), ("already_paused", 409, "not_possible"),
     ("forbidden_by_route", 409, "not_possible")],
)  # fmt: skip
async def test_what_cannot_be_is_refused_by_name(
    tmp_path: Path, refused: str, status: int, code: str
) -> None:
    """The reason stands beside the detail, for programs."""
    async with scene(tmp_path) as here:
        here.node.refusal = refused
        answer = await here.client.post(f"{PATH}/pause", json=REASON)

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json().get("why", refused) == refused


async def test_what_is_not_live_or_anothers_has_no_row(tmp_path: Path) -> None:
    """404 for both, and nobody can tell which."""
    async with scene(tmp_path) as here:
        here.node.looks_like = [[msgspec.structs.replace(LIVE, tenant=OTHER_TENANT.raw.hex())]]
        for path in (PATH, f"/live/{'0' * 32}"):
            answer = await here.client.post(f"{path}/pause", json=REASON)
            assert answer.status_code == 404
        assert actions(here) == []
        assert here.node.wishes == []


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [("GET", "/live", Verb.CONTROL), ("POST", f"{PATH}/pause", Verb.LIVE),
     ("POST", f"{PATH}/stop", Verb.LIVE), ("POST", f"{PATH}/start", Verb.LIVE),
     ("POST", f"{PATH}/participants", Verb.LIVE)],
)  # fmt: skip
async def test_seeing_and_controlling_need_their_own_scopes(
    tmp_path: Path, method: str, path: str, scope: Verb
) -> None:
    """A screen on the wall must not stop anything."""
    async with scene(tmp_path) as here:
        others = [each for each in EVERYTHING if each not in {Verb.LIVE, Verb.CONTROL}]
        headers = here.token(scope, *others)
        body = {"side": "agent"} if path.endswith("participants") else REASON
        answer = await here.client.request(
            method, path, json=None if method == "GET" else body, headers=headers
        )

        assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
        assert actions(here) == []
        assert here.node.wishes == []


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x" * 201}, {"reason": "a\nb"}])
async def test_without_a_reason_nothing_is_done(tmp_path: Path, body: dict[str, str]) -> None:
    """The recording keeps it for ever: a sentence, no more."""
    async with scene(tmp_path) as here:
        answer = await here.client.post(f"{PATH}/pause", json=body)

        assert answer.status_code == 422
        assert here.node.wishes == []


async def test_live_calls_are_events_of_a_stream(tmp_path: Path) -> None:
    """Journalled once; the answer ends where the node goes away."""
    async with scene(tmp_path) as here:
        here.node.looks_like = [[LIVE]]
        here.node.away_after = 1
        answer = await here.client.get("/live")

        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        lines = answer.text.split("\n")
        assert lines[0] == "event: call"
        assert f'"recording":"{LIVE.recording}"' in lines[1]
        assert lines[2:] == ["", ""]
        assert actions(here) == ["live_seen"]


async def test_what_is_sent_is_what_the_document_says(tmp_path: Path) -> None:
    """Each event of a call's life is one of the document's, and `data` fits its schema."""
    told_of = document()
    media = told_of["paths"]["/api/v1/live"]["get"]["responses"]["200"]["content"]
    schemas = media["text/event-stream"]["x-rokuon-events"]
    paused = msgspec.structs.replace(
        LIVE, paused="asked", paused_us=1_795_000_000_000_000, troubles=(Trouble.LOSSY,)
    )
    async with scene(tmp_path) as here:
        here.node.looks_like = [
            [msgspec.structs.replace(LIVE, is_recorded=False, streams=0)],
            [paused],
            [],
        ]
        here.node.away_after = 3
        sent = [lines_of(each) for each in (await here.client.get("/live")).text.split("\n\n")]

    told = [(each["event"], json.loads(each["data"])) for each in sent if each]
    assert [name for name, _ in told] == ["call", "call", "over"]
    assert {name for name, _ in told} == set(schemas)
    assert [data.get("state") for _, data in told] == ["unrecorded", "paused", None]
    for name, data in told:
        assert set(data) == set(schemas[name]["properties"])
        jsonschema_rs.validate({**schemas[name], "components": told_of["components"]}, data)


def lines_of(event: str) -> dict[str, str]:
    """The fields of a server-sent event."""
    return dict(line.split(": ", 1) for line in event.splitlines())


def document() -> dict[str, Any]:
    """As it is committed."""
    found = json.loads((ROOT / "docs" / OPENAPI).read_text("utf-8"))
    assert isinstance(found, dict)
    return found


async def test_a_node_that_is_away_is_unavailable(tmp_path: Path) -> None:
    """Nothing is journalled as done that was not asked of anybody."""
    async with scene(tmp_path) as here:
        here.node.away = True
        for answer in (
            await here.client.get("/live"),
            await here.client.post(f"{PATH}/pause", json=REASON),
        ):
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
