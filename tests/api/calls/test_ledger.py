"""The ledger, within a reach."""

from pathlib import Path

import msgspec
import pytest

from api.calls.ledger import Ledger
from api.calls.retrieval import Calls
from api.permissions.actor import Actor
from api.permissions.errors import NotAllowed
from api.permissions.roles import Role
from archive.access.query import PhoneClue, SearchQuery
from archive.access.reach import ReachRule
from archive.call.mentions import Mention
from archive.catalog.search.ledger_query import LedgerQuery
from tests.api.actors import person
from tests.api.examples import MemoryRendering, MemorySource
from tests.archive.catalog.examples import adopt
from tests.support.api.access import door, journal
from tests.support.catalog.ledger import page, refused
from tests.support.catalog.query import october

QUERY = LedgerQuery(window=october())
CALLER = Mention(told_as="caller", address="sip:0312345678@carrier.example")


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


async def test_a_search_tells_of_the_ledger_whom_it_is_open_to(tmp_path: Path) -> None:
    """All of it, for nobody knows of which queue a refused call was; nothing is written down."""
    query = SearchQuery(window=october(), clues=(PhoneClue.parse("0312345678", "JP"),))
    sales = ReachRule(queues=frozenset({"sales"}))
    told = msgspec.structs.replace(refused(1), mentions=(CALLER,))
    async with door(tmp_path) as (it, engine):
        adopt(engine, page(60, told))
        people = (
            person(Role.DISCLOSURE),
            person(Role.DISCLOSURE, reach=sales),
            person(Role.REVIEWER),
        )
        calls = Calls(door=it, audio=MemorySource(MemoryRendering(b"")))
        found = [
            await calls.search(Actor(account=each, stated="quality"), query) for each in people
        ]
        actions = [entry.action for entry in journal(engine)]

    assert [each.unrecorded for each in found] == [1, 0, 0]
    assert actions == ["searched", "found"] * 3
