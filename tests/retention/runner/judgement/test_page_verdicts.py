"""Which pages of the ledger must go, and what keeps the others."""

from pathlib import Path

import pytest
from sqlalchemy import update

from api.destruction.due_recordings import due_recordings
from api.operation.job_runner import Steps
from api.simulations.simulation_jobs import simulating
from archive.catalog.database.engine import reading, writing
from archive.catalog.register.legal_holds import release, stored_holds
from archive.catalog.retention import retained_pages
from archive.catalog.tables.catalog import ledger_page
from archive.ids import DEFAULT_TENANT, RecordingId
from archive.job_queue import Claim, JobKind, Order
from retention.decisions.due import Cause, Grounds
from retention.policies.policy_text import policy_text
from retention.runner.judgement.page_verdicts import page_verdicts_of
from tests.api.destruction.pages import hold, ledger_rule, ruled, with_page
from tests.api.destruction.scene import DAY_US, NOW_US, Installation, installed
from tests.archive.catalog.examples import author
from tests.archive.examples import START_US
from tests.retention.examples import policy
from tests.support.surveys import surveyed

BY_THE_RULE = Grounds(2, ("ledger",), "ledger")


def says(it: Installation, own: RecordingId, now_us: int = NOW_US) -> Grounds | Cause:
    """What is made of a page."""
    with reading(it.it.engine) as connection:
        return page_verdicts_of(connection, DEFAULT_TENANT, [own], now_us)[own].says


def due(it: Installation, now_us: int = NOW_US) -> list[RecordingId]:
    """What must go; a walk over everything finds the same."""
    with reading(it.it.engine) as connection:
        found = [each.recording for each in due_recordings(connection, DEFAULT_TENANT, now_us)]
        walked = surveyed(connection, DEFAULT_TENANT, now_us)
    assert sorted(each.recording for each in walked.due) == sorted(found)
    assert walked.count().recordings == len(it.recordings) - pages_of(it)
    return found


def pages_of(it: Installation) -> int:
    """How many of what was archived is no recording."""
    with reading(it.it.engine) as connection:
        return retained_pages.count_pages(connection, 1)


async def test_a_page_goes_when_the_time_of_its_youngest_call_is_over(tmp_path: Path) -> None:
    """Not with its oldest: it goes whole, and no call of it before its time."""
    async with installed(tmp_path) as it:
        ruled(it)
        own = with_page(it, 0, 100)
        a_year_us = START_US + 366 * DAY_US

        assert due(it, a_year_us) == []
        assert due(it, a_year_us + 99 * DAY_US) == []
        assert due(it, a_year_us + 101 * DAY_US) == [own]


async def test_a_simulation_counts_pages_that_would_have_to_go(tmp_path: Path) -> None:
    """By the draft and by the policy of today; what a hold means is not among them."""
    async with installed(tmp_path) as it:
        ruled(it, "P2Y")
        for days in ((0,), (1,), (700,), (30, 31)):
            with_page(it, *days)
        hold(it, 29, 32, future=False, placed=40)
        text = policy_text(policy(ledger_rule("P1M")))
        order = Order(kind=JobKind.SIMULATION, arguments={"text": text})
        claim = Claim(number=1, tenant=DEFAULT_TENANT, order=order, holder="a")
        now_us = START_US + 732 * DAY_US
        result = simulating(it.it.engine, lambda: now_us)(claim, Steps())

        assert (result["ledger_pages_due"], result["ledger_pages_due_today"]) == (3, 1)


async def test_without_a_rule_of_its_own_a_page_is_kept(tmp_path: Path) -> None:
    """What is said of recordings is not said of calls that have none."""
    async with installed(tmp_path, 1) as it:
        own = with_page(it, 0)

        assert due(it) == [it.recordings[0]]
        assert says(it, own) is Cause.NOT_DUE


async def test_pages_are_found_however_many_calls_they_tell_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are read some calls at a time: each comes once, and none is passed over."""
    monkeypatch.setattr(retained_pages, "_AT_ONCE", 2)
    async with installed(tmp_path, 1) as it:
        ruled(it)
        pages = [with_page(it, 0, 1, 1, 1, 2), with_page(it, 1), with_page(it, 1, 3)]

        assert sorted(due(it)) == sorted([it.recordings[0], *pages])


async def test_what_is_not_known_of_a_page_keeps_it(tmp_path: Path) -> None:
    """A part is still to come: it may tell of younger calls."""
    async with installed(tmp_path) as it:
        ruled(it)
        own = with_page(it, 0)
        assert says(it, own) == BY_THE_RULE
        for values in ({"is_last": 0}, {"is_last": 1, "part": 1}, {"part": 0, "derived": 1}):
            with writing(it.it.engine) as connection:
                connection.execute(update(ledger_page).values(**values))

            assert says(it, own) is Cause.UNKNOWN


async def test_a_hold_keeps_the_pages_of_its_window(tmp_path: Path) -> None:
    """Whatever it searched for: of whom a call was that had no recording nobody can say.

    What was turned away after it was placed is kept by one that is for the future, too.
    """
    async with installed(tmp_path) as it:
        ruled(it)
        before, across, within, later, behind = (
            with_page(it, *days) for days in ((2, 4), (2, 6), (8, 9), (13, 14), (15, 20))
        )
        hold(it, 5, 15, future=False, placed=12)
        assert says(it, within) is Cause.HELD
        assert sorted(due(it)) == sorted([before, later, behind])
        hold(it, 5, 15, future=True, placed=12)

        assert says(it, across) is Cause.HELD
        assert sorted(due(it)) == sorted([before, behind])


async def test_a_released_hold_keeps_pages_until_its_grace_is_over(tmp_path: Path) -> None:
    """As it keeps recordings."""
    async with installed(tmp_path) as it:
        ruled(it)
        own = with_page(it, 2)
        hold(it, 0, 5, future=False, placed=20)
        with writing(it.it.engine) as connection:
            (placed,) = stored_holds(connection, 1)
            release(connection, author(), placed, NOW_US + DAY_US, one_person=False)

        assert says(it, own) is Cause.HELD
        assert says(it, own, NOW_US + DAY_US) == BY_THE_RULE
