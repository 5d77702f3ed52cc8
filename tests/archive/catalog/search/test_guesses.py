"""What a search finds by a guess, and what it says of calls whose direction nobody knows."""

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec.structs import replace as replace_event
from sqlalchemy import Engine

from archive.access.query import (
    AgentClue,
    Clue,
    Cursor,
    CustomerClue,
    DirectionClue,
    PhoneClue,
    SearchQuery,
)
from archive.call.adoption import Adoption
from archive.call.events import CallEnded, Side, SideBecause
from archive.catalog.search.search import SearchPage
from tests.archive.catalog.examples import (
    MINUTE_US,
    SECOND_US,
    STARTED_US,
    adopt,
    adoption,
    inbound,
    new_catalog,
    opened,
    party,
    recording_id,
    stream,
)
from tests.archive.catalog.plans import listening, planner
from tests.support.catalog.search import ALWAYS, DAY, ask, found


def named(number: int, side: Side, because: SideBecause) -> Adoption:
    """A call a minute of somebody called Tanaka, on a side that is known or not."""
    at_us = STARTED_US + number * MINUTE_US
    speaker = party(0, f"sip:{number}@x", side, names=("田中",), because=because, at_us=at_us)
    ended = CallEnded(at_us=at_us + SECOND_US, reason="bye")
    return adoption(number, (opened(at_us), stream(0, at_us), speaker, ended))


def pages(engine: Engine, query: SearchQuery) -> list[SearchPage]:
    found = [ask(engine, query)]
    while (cursor := found[-1].next_cursor) is not None:
        found.append(ask(engine, replace(query, after=Cursor.parse(str(cursor)))))
    return found


@pytest.mark.both
@pytest.mark.parametrize("clue", [AgentClue("田中"), CustomerClue("田中")])
def test_a_guess_excludes_nobody_and_comes_behind_who_is_known(tmp_path: Path, clue: Clue) -> None:
    """Both words find whose side was guessed, whichever way round, and whose is not known."""
    engine = new_catalog(tmp_path)
    adopt(
        engine,
        named(1, "agent", "internal_number"),
        named(2, "customer", "internal_number"),
        named(3, "agent", "first_stream"),
        named(4, "customer", "number_shape"),
        named(5, "unknown", "client_said"),
    )
    page = ask(engine, SearchQuery(window=ALWAYS, clues=(clue,)))
    known = 1 if isinstance(clue, AgentClue) else 2

    assert [each.recording for each in page.found] == [
        recording_id(number, STARTED_US + number * MINUTE_US) for number in (known, 5, 4, 3)
    ]
    assert [each.recording in page.guessed for each in page.found] == [False, True, True, True]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 19, 20, 59, 60, 61])
def test_pages_lose_and_repeat_nothing_where_guesses_begin(sixty: Engine, limit: int) -> None:
    """Newest first of those that are known to fit, then newest first of the others."""
    query = SearchQuery(window=ALWAYS, clues=(CustomerClue("田中"),), limit=limit)
    found = pages(sixty, query)
    shown = [each for page in found for each in page.found]
    ranks = [each.recording in page.guessed for page in found for each in page.found]
    known = [each.started_us for each, is_guess in zip(shown, ranks, strict=True) if not is_guess]
    guessed = [each.started_us for each, is_guess in zip(shown, ranks, strict=True) if is_guess]

    assert len(shown) == len({each.recording for each in shown}) == 60
    assert ranks == sorted(ranks)
    assert known == sorted(known, reverse=True)
    assert guessed == sorted(guessed, reverse=True)
    assert (len(known), len(guessed)) == (20, 40)
    assert all(len(page.found) == limit for page in found[:-1])


@pytest.fixture(scope="module")
def sixty(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Sixty calls, every third of which is known to be a customer's."""
    engine = new_catalog(tmp_path_factory.mktemp("sixty"))
    told: list[tuple[Side, SideBecause]] = [
        ("customer", "internal_number"), ("agent", "first_stream"), ("customer", "first_stream"),
    ]  # fmt: skip
    adopt(engine, *(named(number, *told[number % 3]) for number in range(60)))
    return engine


@pytest.mark.both
def test_a_search_for_a_direction_says_how_many_it_left_out(tmp_path: Path) -> None:
    """Those that fit all else, with the first page; whoever searches for unknown ones has them."""
    engine = new_catalog(tmp_path)
    unknown = [
        adoption(n, (replace_event(opened(), from_uri=""), *inbound()[1:])) for n in range(2, 5)
    ]
    adopt(engine, adoption(1), *unknown)

    def left_out(*clues: Clue) -> int:
        return ask(engine, SearchQuery(window=ALWAYS, clues=clues)).unknown_direction

    assert left_out(DirectionClue("inbound")) == 3
    assert left_out(DirectionClue("outbound"), PhoneClue.parse("7788", "JP")) == 3
    assert left_out(DirectionClue("inbound"), PhoneClue.parse("7789", "JP")) == 0
    assert left_out() == left_out(DirectionClue("unknown")) == 0
    assert len(found(engine, DirectionClue("unknown"), within=ALWAYS)) == 3


@pytest.mark.sqlite
def test_what_is_left_out_is_counted_by_an_index_of_its_own(tmp_path: Path) -> None:
    """It costs what unknown ones there are, and a thousand at most."""
    engine = new_catalog(tmp_path)
    with listening(engine) as heard:
        ask(engine, SearchQuery(window=DAY, clues=(DirectionClue("inbound"),)))
    (counted,) = [each for each in heard if "count(" in each.sql and "'unknown'" in each.sql]
    with planner(tmp_path / "catalog.db") as database:
        steps = counted.plan(database)

    assert any("ix_recording_undirected (tenant=? AND started_us>" in each for each in steps), steps
