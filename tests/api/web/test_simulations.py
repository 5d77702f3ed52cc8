"""The route that says what another policy would make of the archive."""

import json
from pathlib import Path
from typing import Any

from api.people.verbs import Verb
from api.retention.simulation import Change, Then
from archive.journal import Entry
from tests.api.examples import CALL, Scene, scene
from tests.api.web.test_retention import LAW_OF_NUMBERS, take_over
from tests.archive.catalog.examples import adopt, adoption, inbound

SHORT = LAW_OF_NUMBERS.replace("P1Y", "P1D")


async def simulated(here: Scene, text: str = SHORT) -> list[dict[str, Any]]:
    """The lines of the answer."""
    answer = await here.client.post(
        "/policies/simulate", json={"text": text}, headers=here.token(Verb.POLICY_READ)
    )
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines()]


def others(here: Scene) -> None:
    """A call of a number that the law does not name, and one that is up."""
    adopt(
        here.engine,
        adoption(2, inbound(customer="sip:+819012345678@carrier.example")),
        adoption(3, is_last=False),
    )


async def test_sums_come_as_it_goes_and_the_last_line_has_all(tmp_path: Path) -> None:
    """The calls were a month ago; today nothing ever goes."""
    async with scene(tmp_path) as it:
        others(it)
        *before, last = await simulated(it)

    assert [each["is_last"] for each in before] == [False] * len(before)
    assert (last["total"], last["whole"]["recordings"], last["is_last"]) == (3, 3, True)
    counted = {key: own["recordings"] for key, own in last["changes"].items()}
    assert counted == {"newly_due": 1, "earlier": 1, "later": 0, "same": 1}
    stands = {key: own["recordings"] for key, own in last["stands"].items()}
    assert stands == {"due": 1, "dated": 0, "protected": 1, "unknown": 1, "no_end": 0}
    assert list(last["months"]) == ["2026-10", "2036-10"]
    assert set(counted) == set(Change)
    assert set(stands) == set(Then)


async def test_what_was_shown_before_is_what_each_is_told_after(tmp_path: Path) -> None:
    """The same evaluator: taken over, each call is explained as it was counted."""
    async with scene(tmp_path) as it:
        others(it)
        *_, before = await simulated(it)
        take_over(it, SHORT)
        found = await it.client.post("/calls/search", json={"window": window_of_all()})
        told = [
            (await it.client.get(f"/recordings/{each['recording']}/retention")).json()["audio"]
            for each in found.json()["calls"]
        ]

    assert sum(each["outcome"] == "destroy" for each in told) == 1
    assert sum(each["outcome"] == "restrict" for each in told) == 1
    assert before["stands"]["due"]["recordings"] == 1
    assert before["stands"]["protected"]["recordings"] == 1
    assert sum(each["due_at"] is not None for each in told) == sum(
        each["recordings"] for each in before["months"].values()
    )


def window_of_all() -> dict[str, str]:
    """All calls of the scene."""
    return {
        "from": "2026-10-01T00:00:00+09:00", "to": "2026-12-01T00:00:00+09:00",
        "zone": "Asia/Tokyo",
    }  # fmt: skip


async def test_it_names_no_recording_and_changes_nothing(tmp_path: Path) -> None:
    """Who may read a policy need not be one who may read of calls."""
    async with scene(tmp_path) as it:
        lines = await simulated(it)
        kept: list[Entry] = it.journal()
        answer = await it.client.get(f"/recordings/{CALL}/retention")

    assert CALL not in json.dumps(lines)
    assert kept == []
    assert answer.json()["revision"] == 0


async def test_who_may_not_read_a_policy_learns_nothing_and_a_wrong_text_is_refused(
    tmp_path: Path,
) -> None:
    """Before anything is counted."""
    async with scene(tmp_path) as it:
        refused = await it.client.post("/policies/simulate", json={"text": SHORT})
        wrong = await it.client.post(
            "/policies/simulate", json={"text": "form = 2"}, headers=it.token(Verb.POLICY_READ)
        )

    assert refused.status_code == 403
    assert wrong.status_code == 422
