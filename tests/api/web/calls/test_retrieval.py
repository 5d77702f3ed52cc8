"""Searching and seeing calls over HTTP."""

from pathlib import Path

import pytest

from tests.api.examples import CALL, scene, window
from tests.archive.catalog.examples import MINUTE_US, STARTED_US, adopt, adoption, inbound


async def test_a_search_shows_the_call_in_the_zone_that_was_asked_for(tmp_path: Path) -> None:
    """What the person at the screen sees, with an explicit offset."""
    clues = [
        {"kind": "agent", "value": "たなか"},
        {"kind": "number", "value": "03-1234-7788"},
        {"kind": "direction", "value": "inbound"},
        {"kind": "duration", "min_ms": 500_000, "max_ms": 600_000},
    ]
    async with scene(tmp_path) as it:
        answer = await it.client.post("/calls/search", json={"window": window(), "clues": clues})

    assert answer.json() == {
        "zone": "Asia/Tokyo",
        "next_cursor": None,
        "destroyed": 0,
        "not_read_anew": 1,
        "unknown_direction": 0,
        "unrecorded": 0,
        "ranked": None,
        "calls": [
            {
                "recording": CALL,
                "conversation": CALL,
                "source": "sbc-tokyo",
                "mode": "siprec",
                "started_at": "2026-10-29T17:42:10+09:00",
                "ended_at": "2026-10-29T17:51:10+09:00",
                "duration_ms": 540_000,
                "held_ms": 0,
                "direction": "inbound",
                "direction_because": "invite",
                "state": "complete",
                "flags": [],
                "limit": None,
                "by_guess": False,
                "legs": [
                    {
                        "participant": "participant of sip:+81312347788@carrier.example",
                        "side": "customer",
                        "side_because": "internal_domain",
                        "side_guessed": False,
                        "number": "+81312347788",
                        "party": {"end": "caller", "because": "invite"},
                        "numbers": [
                            {
                                "number": "+81312347788",
                                "as_received": "+81312347788",
                                "address": "sip:+81312347788@carrier.example",
                            }
                        ],
                        "former_numbers": [],
                        "speaks": [0],
                        "hears": [],
                        "instead_of": "",
                        "name": "",
                        "agent": None,
                        "start_at": "2026-10-29T17:42:10+09:00",
                        "end_at": "2026-10-29T17:51:10+09:00",
                    },
                    {
                        "participant": "participant of sip:2001@pbx.example",
                        "side": "agent",
                        "side_because": "internal_domain",
                        "side_guessed": False,
                        "number": "2001",
                        "party": {"end": "callee", "because": "invite"},
                        "numbers": [
                            {
                                "number": "2001",
                                "as_received": "2001",
                                "address": "sip:2001@pbx.example",
                            }
                        ],
                        "former_numbers": [],
                        "speaks": [1],
                        "hears": [],
                        "instead_of": "",
                        "name": "",
                        "agent": {
                            "id": "A17",
                            "name": "田中 真由",
                            "by": "table",
                            "confidence": "certain",
                            "former_ids": [],
                            "former_names": [],
                        },
                        "start_at": "2026-10-29T17:42:10+09:00",
                        "end_at": "2026-10-29T17:51:10+09:00",
                    },
                ],
            }
        ],
    }


async def test_a_cursor_leads_to_the_next_page(tmp_path: Path) -> None:
    """There is never a silent cap: where there is more, it says so."""
    async with scene(tmp_path) as it:
        adopt(it.engine, adoption(2, inbound(STARTED_US + MINUTE_US)))
        body = {"window": window(), "limit": 1}
        first = (await it.client.post("/calls/search", json=body)).json()
        body["cursor"] = first["next_cursor"]
        second = (await it.client.post("/calls/search", json=body)).json()

        assert [len(first["calls"]), len(second["calls"])] == [1, 1]
        assert second["calls"][0]["recording"] == CALL
        assert second["next_cursor"] is None
        assert [each.action for each in it.journal()] == ["searched", "found"] * 2


async def test_certain_clues_without_a_window_list_calls_of_any_time_newest_first(
    tmp_path: Path,
) -> None:
    """Page by page with the same cursors, and the same calls as in a window of all times."""
    day_us = 24 * 60 * MINUTE_US
    every = window(start="2020-01-01T00:00:00Z", end="2030-01-01T00:00:00Z")
    number = {"kind": "number", "value": "7788"}
    async with scene(tmp_path) as it:
        adopt(it.engine, *(adoption(n, inbound(STARTED_US - n * 30 * day_us)) for n in (2, 3)))
        body = {"zone": "Asia/Tokyo", "clues": [number], "limit": 2}
        first = (await it.client.post("/calls/search", json=body)).json()
        cursor = first["next_cursor"]
        second = (await it.client.post("/calls/search", json={**body, "cursor": cursor})).json()
        windowed = (
            await it.client.post("/calls/search", json={"window": every, "clues": [number]})
        ).json()
        within = await it.client.post(
            "/calls/search", json={"window": every, "clues": [number], "cursor": cursor}
        )

    listed = [each["started_at"] for each in (*first["calls"], *second["calls"])]
    assert listed == sorted(listed, reverse=True)
    assert len(listed) == 3
    assert listed == [each["started_at"] for each in windowed["calls"]]
    assert within.json()["calls"] == second["calls"]
    assert first["zone"] == "Asia/Tokyo"
    assert first["ranked"] is second["next_cursor"] is None


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"zone": "Asia/Tokyo"}, "/clues"),
        ({"zone": "Asia/Tokyo", "clues": []}, "/clues"),
        ({"zone": "localtime", "clues": [{"kind": "queue", "value": "x"}]}, "/zone"),
        ({"clues": [{"kind": "queue", "value": "x"}]}, "/window"),
        ({"window": window(), "zone": "Asia/Tokyo"}, "/zone"),
        ({"window": window(start="2026-10-29T17:00:00")}, "/window/from"),
        ({"window": window(start="1761724800")}, "/window/from"),
        ({"window": window(end="2026-10-29")}, "/window/to"),
        ({"window": window(end="2026-10-01T00:00:00Z")}, "/window/to"),
        ({"window": window(zone="Mars/Olympus")}, "/window/zone"),
        ({"window": window(zone="localtime")}, "/window/zone"),
        (
            {"window": {"from": "2026-10-29T17:00:00Z", "to": "2026-10-29T17:00:00Z"}},
            "/window/zone",
        ),
        ({}, "/window"),
        ({"window": window(), "limit": 501}, "/limit"),
        ({"window": window(), "limit": True}, "/limit"),
        ({"window": window(), "cursor": "x"}, "/cursor"),
        ({"window": window(), "queue": "解約"}, "/queue"),
        ({"window": window(), "clues": [{"kind": "mood", "value": "x"}]}, "/clues/0"),
        ({"window": window(), "clues": [{"kind": "number", "value": "12"}]}, "/clues"),
        (
            {"window": window(), "clues": [{"kind": "agent", "value": "\x00"}]},
            "/clues/0/agent/value",
        ),
    ],
)
async def test_a_question_that_cannot_be_understood_is_refused_where_it_is_wrong(
    tmp_path: Path, change: dict[str, object], pointer: str
) -> None:
    """A clue that is silently ignored shows wrong calls; a time without offset finds none."""
    async with scene(tmp_path) as it:
        answer = await it.client.post("/calls/search", json=change)

        assert answer.status_code == 422
        assert answer.json()["code"] == "request_invalid"
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
        assert it.journal() == []


async def test_a_call_shows_its_recordings(tmp_path: Path) -> None:
    """In UTC, since nobody named a zone."""
    async with scene(tmp_path) as it:
        told = (await it.client.get(f"/calls/{CALL}")).json()

    (recording,) = told["recordings"]
    assert told["conversation"] == recording["recording"] == CALL
    assert recording["started_at"] == "2026-10-29T08:42:10Z"


@pytest.mark.parametrize("conversation", ["1", CALL.upper(), CALL + "0", "..", "%2e%2e"])
async def test_what_is_no_id_is_no_call(tmp_path: Path, conversation: str) -> None:
    """Ids are 32 small hexadecimal digits, nothing else."""
    async with scene(tmp_path) as it:
        answer = await it.client.get(f"/calls/{conversation}")

    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"
