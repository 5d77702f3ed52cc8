"""Calls without a recording, counted beside a search for who was in them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine

from archive.access.query import (
    AgentClue,
    AnyAgentClue,
    Clue,
    Cursor,
    CustomerClue,
    DirectionClue,
    PhoneClue,
    SearchQuery,
)
from archive.call.mentions import Mention
from archive.catalog.access.grants import Ask, SearchGrant, grant
from archive.catalog.search import unrecorded
from archive.catalog.search.ledger_query import LedgerQuery
from archive.catalog.search.shown import show_page
from tests.archive.catalog.examples import STARTED_US, access, adopt, new_catalog, recording_id
from tests.support.catalog.ledger import DAY, ledger_grant, page, pages, refused

HANAKO = Mention(told_as="caller", address="sip:0312345678@carrier.example", name="山田 花子")
TARO = Mention(told_as="dialled", address="sip:0698765432@carrier.example", name="佐藤 太郎")
NUMBER = PhoneClue.parse("0312345678", "JP")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Two calls that were refused: hers to him, and his."""
    made = new_catalog(tmp_path)
    both = msgspec.structs.replace(refused(1), mentions=(HANAKO, TARO))
    his = msgspec.structs.replace(refused(2), mentions=(TARO,))
    adopt(made, page(60, both, his, refused(3)))
    return made


def told(engine: Engine, query: SearchQuery, *, sees_ledger: bool = True) -> int:
    granted = grant(engine, SearchGrant, Ask(access=access()))
    return show_page(engine, query, granted, sees_ledger=sees_ledger).unrecorded


@pytest.mark.both
@pytest.mark.parametrize(
    ("clues", "count"),
    [
        ((NUMBER,), 1),
        ((PhoneClue.parse("0698765432", "JP"),), 2),
        ((PhoneClue.parse("0698765432", "JP", "dialled"),), 2),
        ((PhoneClue.parse("0698765432", "JP", "caller"),), 0),
        ((CustomerClue("花子"),), 1),
        ((AgentClue("佐藤 太郎"),), 2),
        ((AgentClue("花子 太郎"),), 0),
        ((AnyAgentClue((AgentClue("花子"), AgentClue("太郎"))),), 2),
        ((NUMBER, AgentClue("太郎")), 1),
        ((NUMBER, DirectionClue("inbound")), 1),
        ((DirectionClue("inbound"),), 0),
        ((), 0),
    ],
)
def test_a_search_for_somebody_counts_his_calls_without_a_recording(
    engine: Engine, clues: tuple[Clue, ...], count: int
) -> None:
    """Of what nobody knows of such a call (direction, length, queue) nothing is asked."""
    assert told(engine, SearchQuery(window=DAY, clues=clues)) == count


def test_who_may_not_see_the_ledger_hears_of_none(engine: Engine) -> None:
    """That somebody called is what stands in it."""
    assert told(engine, SearchQuery(window=DAY, clues=(NUMBER,)), sees_ledger=False) == 0


def test_only_those_of_the_window_count_and_with_the_first_page(engine: Engine) -> None:
    """As those of unknown direction are."""
    before = replace(DAY, start_at=DAY.start_at - timedelta(days=1), end_at=DAY.start_at)
    second = Cursor(started_us=STARTED_US, recording=recording_id(1))

    assert told(engine, SearchQuery(window=before, clues=(NUMBER,))) == 0
    assert told(engine, SearchQuery(window=DAY, clues=(NUMBER,), after=second)) == 0


def test_it_counts_no_further_than_it_says(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a number that was refused all day nobody waits for a sum."""
    monkeypatch.setattr(unrecorded, "MOST_UNRECORDED", 1)

    assert told(engine, SearchQuery(window=DAY, clues=(CustomerClue("太郎"),))) == 1


def test_the_ledger_lists_those_that_were_counted(engine: Engine) -> None:
    """What the page shows below is what the line above has told."""
    query = SearchQuery(window=DAY, clues=(NUMBER, CustomerClue("花子")))
    asked = LedgerQuery.beside(query, 20)
    rows = [row for each in pages(engine, asked, ledger_grant(engine)) for row in each]

    assert told(engine, query) == 1
    assert [row.call_id for row in rows] == ["refused-1"]
