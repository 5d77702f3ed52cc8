"""The routes that say what another policy would make of the archive."""

import asyncio
import json
from pathlib import Path
from typing import Any

from api.permissions.roles import Role
from api.permissions.verbs import Verb
from api.simulations.simulation import Change, Then
from archive.access.reach import WHOLE, ReachRule
from archive.catalog.accounts.given_roles import give_role
from archive.catalog.accounts.persons import user_named
from archive.catalog.database.engine import writing
from archive.catalog.journal.entries import Entry
from archive.ids import DEFAULT_TENANT
from archive.job_queue import MAX_WAITING, JobKind
from tests.api.examples import CALL, Scene, scene
from tests.archive.catalog.examples import adopt, adoption, author, inbound
from tests.support.web.retention import LAW_OF_NUMBERS, take_over
from tests.support.web.simulations import SHORT
from tests.support.web.walk import headers_of, token


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


async def test_conflicts_and_what_protects_are_named_with_the_rules_that_make_them(
    tmp_path: Path,
) -> None:
    """With how many recordings each is about; and the calendar of today is beside the new one."""
    async with scene(tmp_path) as it:
        others(it)
        take_over(it, LAW_OF_NUMBERS)
        sums = (await simulated(it))["result"]

    told = [
        (own["kind"], own["rules"], own["against"], own["what"]) for own in sums["circumstances"]
    ]
    law, rest = ["kashikin-19"], ["default"]
    assert told == [
        ("kept_past_its_end", law, rest, ""),
        ("protected", law, [], ""),
        ("unknown", rest, [], "call_end"),
        ("unknown", law, [], "number"),
    ]
    assert {own["recordings"] for own in sums["circumstances"]} == {1}
    assert sums["circumstances_left_out"] == 0
    assert sums["months_today"] != sums["months"]


async def changed(here: Scene, **headers: str) -> list[dict[str, Any]]:
    """All pages of the recordings that change."""
    found: list[dict[str, Any]] = []
    behind = ""
    while True:
        path = (
            f"/simulations/1/recordings?behind={behind}"
            if behind
            else ("/simulations/1/recordings")
        )
        answer = await here.client.get(path, headers=headers)
        assert answer.status_code == 200
        found += answer.json()["recordings"]
        behind = answer.json()["behind"]
        if behind is None:
            return found


async def test_every_recording_that_changes_is_listed_as_a_search_lists_it(tmp_path: Path) -> None:
    """Page by page, with an entry before the catalog is asked and one of what was shown."""
    async with scene(tmp_path) as it:
        others(it)
        sums = (await simulated(it))["result"]
        before = len(it.journal())
        found = await changed(it)
        told = it.journal()[before:]
        wrong = await it.client.get("/simulations/1/recordings?behind=x")

    counted = {key: own["recordings"] for key, own in sums["changes"].items() if key != "same"}
    assert {key: sum(each["change"] == key for each in found) for key in counted} == counted
    assert [each["recording"] for each in found] == [
        str(each) for entry in told for each in entry.shown
    ]
    assert {entry.action for entry in told} == {"searched", "found"}
    assert told[0].detail == {"what": "simulation", "job": 1}
    assert all(each["today"] == {"at": None, "last_day": None} for each in found)
    assert all(each["then"]["last_day"] for each in found)
    assert wrong.status_code == 422


async def test_nobody_is_shown_what_lies_outside_its_reach(tmp_path: Path) -> None:
    """The sums are of all; of the list each sees what it would find."""
    async with scene(tmp_path) as it:
        await simulated(it)
        narrow = token(it.engine, Role.REVIEWER, reach=ReachRule(queues=frozenset({"elsewhere"})))
        with writing(it.engine) as connection:
            user = user_named(connection, DEFAULT_TENANT, "tanaka")
            give_role(connection, author(), user, Role.AUDITOR, WHOLE)
        wide = token_of(it)
        nothing = await changed(it, **headers_of(narrow))
        some = await changed(it, **wide)

    assert nothing == []
    assert [each["recording"] for each in some] == [CALL]


async def test_who_may_not_know_of_a_simulation_finds_none(tmp_path: Path) -> None:
    """Neither what it changes nor that somebody has begun one: with a search alone it is 404."""
    async with scene(tmp_path) as it:
        reviewer = headers_of(token(it.engine, Role.REVIEWER))
        headers = it.token(Verb.POLICY_READ)
        await it.client.post("/simulations", json={"text": SHORT}, headers=headers)
        at = "/simulations/{}/recordings"
        waits = await it.client.get(at.format(1), headers=reviewer)
        assert await it.runner.work_one(JobKind.SIMULATION, asyncio.Event())
        done = await it.client.get(at.format(1), headers=reviewer)
        none = await it.client.get(at.format(2), headers=reviewer)

    assert waits.status_code == 404
    assert waits.text == done.text == none.text


def token_of(here: Scene) -> dict[str, str]:
    """Who finds every call."""
    return {**here.token(Verb.SEARCH), "Rokuon-Purpose": "technical"}


async def test_before_it_is_done_there_is_no_list(tmp_path: Path) -> None:
    """What is judged halfway would be taken for the whole."""
    async with scene(tmp_path) as it:
        headers = it.token(Verb.POLICY_READ)
        await it.client.post("/simulations", json={"text": SHORT}, headers=headers)
        early = await it.client.get("/simulations/1/recordings")
        missing = await it.client.get("/simulations/2/recordings")

    assert (early.status_code, early.json()["code"]) == (409, "not_possible")
    assert missing.status_code == 404


async def test_what_was_shown_before_is_what_each_is_told_after(tmp_path: Path) -> None:
    """The same evaluator: taken over, each call is explained as it was counted."""
    async with scene(tmp_path) as it:
        others(it)
        before = (await simulated(it))["result"]
        take_over(it, SHORT)
        # What is restricted is left for that.
        it.client.headers["Rokuon-Purpose"] = "legal_duty"
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
