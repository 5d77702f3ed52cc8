"""The course of a call over HTTP."""

from pathlib import Path

from archive.events import ParticipantChanged, RouteTaken
from tests.api.examples import scene
from tests.archive.catalog.examples import (
    MINUTE_US,
    SECOND_US,
    STARTED_US,
    adopt,
    adoption,
    inbound,
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


async def test_a_route_and_its_marks_are_shown(tmp_path: Path) -> None:
    """What the recording says of itself; null where no route was taken."""
    taken = RouteTaken(
        at_us=STARTED_US, route="support", target="pbx", mode="force", queue="q1",
        purpose="orders", controller="client-7", tags=("gold", "new"),
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
        "controller": "client-7",
        "tags": ["gold", "new"],
    }
    assert plain["route"] is None
