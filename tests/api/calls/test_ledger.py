"""The ledger, within a reach."""

from pathlib import Path

import pytest

from api.calls.ledger import Ledger
from api.permissions.actor import Actor
from api.permissions.errors import NotAllowed
from api.permissions.roles import Role
from archive.access.reach import ReachRule
from archive.catalog.search.ledger_query import LedgerQuery
from tests.api.actors import person
from tests.support.api.access import door, journal
from tests.support.catalog.query import october

QUERY = LedgerQuery(window=october())


async def test_who_may_see_the_ledger_sees_what_is_within_reach(tmp_path: Path) -> None:
    """It is written down each time, whatever there is to see."""
    sales = ReachRule(queues=frozenset({"sales"}))
    async with door(tmp_path) as (it, engine):
        whole = Actor(account=person(Role.ADMINISTRATOR), stated="quality")
        outside = Actor(account=person(Role.ADMINISTRATOR, reach=sales), stated="quality")
        seen = [len((await Ledger(it).page(each, QUERY)).rows) for each in (whole, outside)]
        entries = journal(engine)

    assert seen == [1, 0]
    assert [entry.action for entry in entries] == ["ledger_seen", "found"] * 2
    assert [entry.detail["count"] for entry in entries[1::2]] == [1, 0]


async def test_others_do_not(tmp_path: Path) -> None:
    """Numbers stand in it."""
    async with door(tmp_path) as (it, _engine):
        with pytest.raises(NotAllowed):
            await Ledger(it).page(Actor(account=person(Role.REVIEWER), stated="quality"), QUERY)
