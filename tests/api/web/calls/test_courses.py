"""The course of a call over HTTP."""

from pathlib import Path

from archive.call.events import Attempted, Flagged, ParticipantChanged, RouteTaken
from archive.call.mentions import Mention, Mentioned
from tests.api.examples import scene, window
from tests.archive.catalog.examples import (
    MINUTE_US,
    SECOND_US,
    STARTED_US,
    adopt,
    adoption,
    inbound,
    inline,
    notice_played,
    notice_reported,
    recording_id,
)


async def test_who_came_and_went_is_shown_with_both_times(tmp_path: Path) -> None:
    """Ours, and the source's own where it tells one."""
    changes = (
        ParticipantChanged(at_us=STARTED_US, what="joined", participant="a", aor="sip:2001@x"),
        ParticipantChanged(
            at_us=STARTED_US + MINUTE_US, what="transferred", participant="b", instead_of="a",
            told_us=STARTED_US + SECOND_US,
        ),
    )  # fmt: skip
    async with scene(tmp_path) as it:
        adopt(it.engine, adoption(2, (*inbound(), *changes)))
        told = (await it.client.get(f"/recordings/{recording_id(2)}")).json()

    joined, transferred = told["participants"]
    assert (joined["what"], joined["address"], joined["told_at"]) == ("joined", "sip:2001@x", None)
    assert (transferred["instead_of"], transferred["at"]) == ("a", "2026-10-29T08:43:10Z")
    assert transferred["told_at"] == "2026-10-29T08:42:11Z"


async def test_from_where_audio_came_that_is_not_heard_is_shown(tmp_path: Path) -> None:
    """Where neither hears the other, that is the address that the SDP should have named."""
    elsewhere = Flagged(at_us=STARTED_US, flag="other_sender", detail="192.0.2.9 4002")
    async with scene(tmp_path) as it:
        adopt(it.engine, adoption(2, (*inbound(), elsewhere)), adoption(3, inbound()))
        told = [
            (await it.client.get(f"/recordings/{recording_id(each)}")).json() for each in (2, 3)
        ]

    assert [each["other_senders"] for each in told] == [["192.0.2.9 4002"], []]


async def test_a_route_and_its_marks_are_shown(tmp_path: Path) -> None:
    """What the recording says of itself; null where no route was taken."""
    taken = RouteTaken(
        at_us=STARTED_US, route="support", target="pbx", mode="force", queue="q1",
        purpose="orders", more_purposes=("quality",), controller="client-7", tags=("gold", "new"),
    )  # fmt: skip
    async with scene(tmp_path) as it:
        adopt(it.engine, adoption(2, (*inbound(), taken)), adoption(3, inbound()))
        told = (await it.client.get(f"/recordings/{recording_id(2)}")).json()
        plain = (await it.client.get(f"/recordings/{recording_id(3)}")).json()

    assert told["route"] == {
        "route": "support",
        "target": "pbx",
        "mode": "force",
        "queue": "q1",
        "purpose": "orders",
        "purposes": ["orders", "quality"],
        "controller": "client-7",
        "tags": ["gold", "new"],
    }
    assert plain["route"] is None


async def test_a_notice_is_shown_with_what_is_known_of_its_coming(tmp_path: Path) -> None:
    """Which wording, to whom, from when to when, how much was sent, what RTCP said."""
    async with scene(tmp_path) as it:
        told = inline(notice_played(), notice_played("callee"), notice_reported(100))
        adopt(it.engine, adoption(2, told))
        shown = (await it.client.get(f"/recordings/{recording_id(2)}")).json()

    caller, callee = shown["notices"]
    assert caller == {
        "to": "caller", "prompt": "notice-ja", "language": "ja", "wording": "録音します",
        "wording_sha256": "ab" * 32, "outcome": "unheard", "start_at": "2026-10-29T08:42:10Z",
        "end_at": "2026-10-29T08:42:12Z", "sent_ms": 2_000, "whole_ms": 2_000, "packets": 100,
        "reports": 1, "through": True, "lost": 100, "discarded": 0, "is_last": True,
    }  # fmt: skip
    assert (callee["outcome"], callee["lost"]) == ("unproved", None)


async def test_calls_are_found_by_what_became_of_their_notices(tmp_path: Path) -> None:
    """The worst of a call counts, and each is found by one word alone."""
    calls = {
        "complete": inline(notice_played(), notice_reported(0)),
        "unproved": inline(notice_played(), notice_played("callee"), notice_reported(0)),
        "unheard": inline(notice_played(), notice_reported(100)),
        "none": inline(),
    }
    async with scene(tmp_path) as it:
        adopt(it.engine, *(adoption(n, told) for n, told in enumerate(calls.values(), start=10)))
        found = {}
        for word in calls:
            asked = {"window": window(), "clues": [{"kind": "notice", "value": word}]}
            rows = (await it.client.post("/calls/search", json=asked)).json()["calls"]
            found[word] = [row["recording"] for row in rows]

    assert found == {word: [str(recording_id(n))] for n, word in enumerate(calls, start=10)}


async def test_what_is_told_beside_participants_is_shown_with_its_role(tmp_path: Path) -> None:
    """And where it stood, so that nobody takes it for more than that."""
    queue = Mention(told_as="queue", address="81007", name="Sales North", key="X-Queue")
    caller = Mention(told_as="caller", address="sip:0312345678@pbx.example", key="Diversion")
    told = Mentioned(at_us=STARTED_US, mentions=(queue, caller), by="headers")
    async with scene(tmp_path) as it:
        adopt(it.engine, adoption(2, (*inbound(), told)))
        found = (await it.client.get(f"/recordings/{recording_id(2)}")).json()["mentioned"]

    assert [(each["told_as"], each["number"], each["name"], each["key"]) for each in found] == [
        ("queue", "81007", "Sales North", "X-Queue"),
        ("caller", "+81312345678", "", "Diversion"),
    ]


async def test_who_was_called_is_shown_with_what_came_of_it(tmp_path: Path) -> None:
    """Target, outcome and status; recordings of before have none."""
    tried = (
        Attempted(at_us=STARTED_US, target="pbx", outcome="rang", status=180),
        Attempted(at_us=STARTED_US + 9, target="pbx", outcome="refused", status=486),
    )
    async with scene(tmp_path) as it:
        adopt(it.engine, adoption(2, (*inbound(), *tried)))
        found = (await it.client.get(f"/recordings/{recording_id(2)}")).json()["attempts"]

    assert [(each["target"], each["outcome"], each["status"]) for each in found] == [
        ("pbx", "rang", 180), ("pbx", "refused", 486),
    ]  # fmt: skip
