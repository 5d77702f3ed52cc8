"""How many recordings a legal hold would have."""

from pathlib import Path

import pytest

from archive.access.query import ALWAYS, CustomerClue, DirectionClue, PhoneClue, SearchQuery
from archive.access.reach import EVERYWHERE
from archive.call.events import CallEnded
from archive.catalog.database.engine import reading, writing
from archive.catalog.holds import holdable
from archive.catalog.holds.held_recordings import counts_of
from archive.catalog.holds.holdable import Holdable, count_holdable
from archive.lifecycle.hold_scope import ByQuery
from tests.archive.catalog.examples import (
    STARTED_US,
    adopt,
    adoption,
    new_catalog,
    opened,
    party,
    stream,
)
from tests.support.catalog.held_recordings import begun, by_query

EVERYTHING = ByQuery(SearchQuery(window=ALWAYS), EVERYWHERE)


def test_it_is_what_the_hold_then_has(tmp_path: Path) -> None:
    """Else somebody decides by a number that does not come true."""
    engine = new_catalog(tmp_path)
    adopt(engine, *(adoption(number) for number in range(1, 6)))
    with writing(engine) as connection:
        noting = begun(connection, by_query())
        scope = noting.hold.terms.scope
        assert isinstance(scope, ByQuery)
        before = count_holdable(connection, noting.tenant, scope)
        noting.query(connection)
        counts = counts_of(connection, noting.tenant, noting.hold)

    assert before == Holdable(5, is_all=True)
    assert counts.meant == before.counted


def test_it_tells_what_of_it_is_a_guess_and_which_direction_nobody_knows(tmp_path: Path) -> None:
    """Who places it sees what is known; the hold takes a guess, and no unknown direction."""
    tanaka = party(0, "sip:7@x", "agent", names=("田中",), because="first_stream")
    guessed = (opened(), stream(0), tanaka, CallEnded(at_us=STARTED_US + 1, reason="bye"))
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, guessed), adoption(2))
    found = []
    with reading(engine) as connection:
        for clue in (CustomerClue("田中"), DirectionClue("inbound"), PhoneClue.parse("7788", "JP")):
            query = SearchQuery(window=ALWAYS, clues=(clue,))
            found.append(count_holdable(connection, 1, ByQuery(query, EVERYWHERE)))

    assert found == [
        Holdable(1, is_all=True, guessed=1),
        Holdable(1, is_all=True, undirected=1),
        Holdable(1, is_all=True),
    ]


def test_what_is_beyond_the_bound_is_told_as_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A house of millions answers as soon as one of thousands."""
    engine = new_catalog(tmp_path)
    adopt(engine, *(adoption(number) for number in range(1, 4)))
    found = []
    with reading(engine) as connection:
        for most in (2, 3):
            monkeypatch.setattr(holdable, "MAX_COUNTED", most)
            found.append(count_holdable(connection, 1, EVERYTHING))

    assert found == [Holdable(2, is_all=False), Holdable(3, is_all=True)]
