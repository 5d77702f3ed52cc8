"""A page of the ledger is destroyed as a recording is: by a plan, whole, and for good."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Never

import pytest
from sqlalchemy import select

from archive.access.query import Window
from archive.access.reach import EVERYWHERE
from archive.catalog.access.grants import Ask, LedgerGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.destruction.tombstones import tombstones_of_hours
from archive.catalog.search.ledger import ledger_page
from archive.catalog.search.ledger_pages import page_ids, page_of
from archive.catalog.search.ledger_query import LedgerQuery
from archive.catalog.tables.catalog import ledger_page as parts_of_pages, refused_call, tombstone
from archive.errors import KeyUnavailable
from archive.ids import DEFAULT_TENANT, PageId, RecordingId
from archive.keys.errors import Refusal
from archive.keys.wire.opening_messages import DataKeyAnswer
from archive.lifecycle.tombstone import digest_of
from retention.decisions.due import Cause
from retention.policies.policy import Limits
from retention.runner.certificates.ended_runs import ended_run
from tests.api.destruction.pages import hold, ledger_rule, ruled, with_page
from tests.api.destruction.scene import AFTER_A_YEAR, NOW_US, Installation, installed
from tests.archive.catalog.examples import TOKYO, access
from tests.archive.destruction.keys import RunnerClient
from tests.archive.examples import START_US
from tests.support.destruction.sweep import carried_out, opened

DAY = Window(
    start_at=datetime.fromtimestamp(START_US / 1_000_000, UTC),
    end_at=datetime.fromtimestamp(START_US / 1_000_000, UTC) + timedelta(days=1),
    zone=TOKYO,
)


def told(it: Installation) -> list[str]:
    """The Call-IDs of calls without a recording that the ledger shows of the first day."""
    granted = grant(it.it.engine, LedgerGrant, Ask(access=access()))
    query = LedgerQuery(window=DAY, without_recording=True)
    with reading(it.it.engine) as connection:
        return [each.call_id for each in ledger_page(connection, query, granted).rows]


def rows_of(it: Installation, own: RecordingId) -> int:
    """How many rows the index has of a page and its calls."""
    with reading(it.it.engine) as connection:
        parts = select(parts_of_pages.c.row).where(parts_of_pages.c.id == own.raw)
        calls = select(refused_call.c.row).where(refused_call.c.page == own.raw)
        return len(connection.execute(parts).all()) + len(connection.execute(calls).all())


def page_seen(it: Installation) -> list[PageId | None]:
    """The page as a search by Call-ID finds it, and as a verification does."""
    with reading(it.it.engine) as connection:
        found = page_of(connection, DEFAULT_TENANT, "away-0")
        return [found, *page_ids(connection, DEFAULT_TENANT)]


class Away(RunnerClient):
    """A key daemon that goes away before it destroys anything."""

    def destroy(self, *_: object) -> Never:
        raise KeyUnavailable("away")


async def test_a_page_that_was_approved_is_gone_and_nothing_brings_it_back(tmp_path: Path) -> None:
    """Key, object, map, kept page and rows; a younger page, and the key it has, stay."""
    async with installed(tmp_path, 1) as it:
        ruled(it)
        own, young = with_page(it, 0, 0.5), with_page(it, 0.2, 700)
        plan = await it.applied()
        assert (opened(it, 1), len(it.files_of(own)), rows_of(it, own)) == (
            DataKeyAnswer.__name__, 3, 3,
        )  # fmt: skip
        carried_out(it)
        lines = {each.digest: each for each in it.lines(plan.stored.number)}
        with reading(it.it.engine) as connection:
            of_it = tombstone.c.digest == digest_of(own)
            left = connection.execute(select(tombstone).where(of_it)).one()
            every = {"from_us": 0, "to_us": 2 * NOW_US}
            counted = tombstones_of_hours(connection, 1, EVERYWHERE, **every)
            run = ended_run(connection, DEFAULT_TENANT, plan.stored.number)

        assert (lines[digest_of(own)].stage, lines[digest_of(own)].grounds[2]) == ("gone", "ledger")
        assert (opened(it, 1), it.files_of(own), rows_of(it, own)) == (
            Refusal.KEY_DESTROYED, [], 0,
        )  # fmt: skip
        assert (opened(it, 2), len(it.files_of(young)), rows_of(it, young)) == (
            DataKeyAnswer.__name__, 3, 3,
        )  # fmt: skip
        assert told(it) == ["away-0.2"]
        assert (left.scope, left.rules, left.call_digest, left.plan) == (
            "ledger",
            "ledger",
            None,
            1,
        )
        # A search counts calls that had a recording; the certificate tells both apart.
        assert {each.digest for each in counted} == {digest_of(it.recordings[0])}
        assert (len(run.recordings), run.below.scopes.pages) == (2, 1)
        assert "ledger: pages 1\n" in run.below.text()


async def test_a_page_that_is_about_to_go_is_not_shown_any_more(tmp_path: Path) -> None:
    """From the intention on; where its key is there after all it is shown again."""
    async with installed(tmp_path) as it:
        ruled(it)
        own = with_page(it, 0)
        await it.applied()
        assert (told(it), page_seen(it)) == (["away-0"], [PageId(own.raw)] * 2)
        with pytest.raises(KeyUnavailable):
            it.runner(it.sweep(keys=Away(it.keeper.scene))).round()

        assert (told(it), page_seen(it)) == ([], [None])
        carried_out(it)
        assert (rows_of(it, own), it.files_of(own)) == (0, [])


async def test_a_hold_that_comes_after_the_plan_keeps_the_page(tmp_path: Path) -> None:
    """It is judged anew before its key goes, and the fence makes sure of that."""
    async with installed(tmp_path) as it:
        ruled(it)
        own = with_page(it, 0)
        plan = await it.applied()
        hold(it, 0, 1, future=False, placed=20)
        carried_out(it)
        (line,) = it.lines(plan.stored.number)

        assert (line.stage, line.cause) == ("dropped", Cause.HELD)
        assert (opened(it, 0), len(it.files_of(own))) == (DataKeyAnswer.__name__, 3)


async def test_a_page_counts_for_the_brake_as_a_recording_does(tmp_path: Path) -> None:
    """The key daemon counts keys, and does not know of what: the runner's share is the same."""
    async with installed(tmp_path, 2) as it:
        it.take_over(AFTER_A_YEAR, ledger_rule(), limits=Limits(share_per_day=Fraction(1, 2)))
        pages = [with_page(it, 0), with_page(it, 0.1)]
        await it.applied()
        carried_out(it)

        left = [own for own in (*it.recordings[:2], *pages) if it.files_of(own)]
        assert len(left) == 2
