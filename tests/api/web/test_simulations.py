"""The routes that say what another policy would make of the archive."""

import asyncio
import json
from pathlib import Path
from typing import Any

from api.people.verbs import Verb
from api.retention.simulation import Change, Then
from archive.job_queue import MAX_WAITING, JobKind
from archive.journal import Entry
from tests.api.examples import CALL, Scene, scene
from tests.api.web.test_retention import LAW_OF_NUMBERS, take_over
from tests.archive.catalog.examples import adopt, adoption, inbound

SHORT = LAW_OF_NUMBERS.replace("P1Y", "P1D")


async def simulated(here: Scene, text: str = SHORT) -> dict[str, Any]:
    """What came of it."""
    headers = here.token(Verb.POLICY_READ)
    started = await here.client.post("/simulations", json={"text": text}, headers=headers)
    assert started.status_code == 202
    assert started.json()["result"] is None
    assert await here.runner.work_one(JobKind.SIMULATION, asyncio.Event())
    where = "http://rokuon" + started.headers["location"]
    found: dict[str, Any] = (await here.client.get(where, headers=headers)).json()
    assert found["job"]["state"] == "done"
    return found


def others(here: Scene) -> None:
    """A call of a number that the law does not name, and one that is up."""
    adopt(
        here.engine,
        adoption(2, inbound(customer="sip:+819012345678@carrier.example")),
        adoption(3, is_last=False),
    )


async def test_it_is_a_job_whose_result_has_all_sums(tmp_path: Path) -> None:
    """The calls were a month ago; today nothing ever goes."""
    async with scene(tmp_path) as it:
        others(it)
        found = await simulated(it)

    sums = found["result"]
    assert (found["job"]["done"], found["job"]["total"]) == (3, 3)
    assert sums["whole"] == {"recordings": 3, "bytes": 3 << 20}
    counted = {key: own["recordings"] for key, own in sums["changes"].items()}
    assert counted == {"newly_due": 1, "earlier": 1, "later": 0, "same": 1}
    stands = {key: own["recordings"] for key, own in sums["stands"].items()}
    assert stands == {"due": 1, "dated": 0, "protected": 1, "unknown": 1, "no_end": 0}
    assert list(sums["months"]) == ["2026-10", "2036-10"]
    assert set(counted) == set(Change)
    assert set(stands) == set(Then)


async def test_what_was_shown_before_is_what_each_is_told_after(tmp_path: Path) -> None:
    """The same evaluator: taken over, each call is explained as it was counted."""
    async with scene(tmp_path) as it:
        others(it)
        before = (await simulated(it))["result"]
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
        found = await simulated(it)
        kept: list[Entry] = it.journal()
        answer = await it.client.get(f"/recordings/{CALL}/retention")

    assert CALL not in json.dumps(found)
    assert kept == []
    assert answer.json()["revision"] == 0


async def test_who_may_not_read_a_policy_learns_nothing_and_a_wrong_text_is_refused(
    tmp_path: Path,
) -> None:
    """Before anything is begun."""
    async with scene(tmp_path) as it:
        refused = await it.client.post("/simulations", json={"text": SHORT})
        unseen = await it.client.get("/simulations/1")
        wrong = await it.client.post(
            "/simulations", json={"text": "form = 2"}, headers=it.token(Verb.POLICY_READ)
        )
        begun = await it.runner.work_one(JobKind.SIMULATION, asyncio.Event())

    assert (refused.status_code, unseen.status_code, wrong.status_code) == (403, 403, 422)
    assert not begun


async def test_no_more_wait_than_may(tmp_path: Path) -> None:
    """A script gone wild hears when to come again."""
    async with scene(tmp_path) as it:
        headers = it.token(Verb.POLICY_READ)
        answers = [
            await it.client.post("/simulations", json={"text": SHORT}, headers=headers)
            for _ in range(MAX_WAITING + 1)
        ]

    assert {each.status_code for each in answers[:-1]} == {202}
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (429, "too_many_jobs")
    assert answers[-1].headers["retry-after"] == "10"
