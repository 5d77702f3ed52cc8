"""Legs become rows, and are found by all that is known of who stayed."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from archive.access.query import AgentClue, Clue, CustomerClue, PhoneClue, SearchQuery, Window
from archive.call.events import Side
from archive.catalog.access.grants import EVERYTHING, Ask, SearchGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search.search import search
from archive.catalog.tables.catalog import leg
from tests.archive.catalog.examples import (
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    opened,
    party,
    stream,
    us,
)
from tests.support.catalog.people import mixed_call


def found(engine: Engine, clue: Clue) -> int:
    window = Window(
        start_at=datetime(2026, 10, 1, tzinfo=TOKYO),
        end_at=datetime(2026, 11, 1, tzinfo=TOKYO),
        zone=TOKYO,
    )
    granted = grant(engine, SearchGrant, Ask(access=access(), target=EVERYTHING))
    with reading(engine) as connection:
        return len(search(connection, SearchQuery(window=window, clues=(clue,)), granted).found)


@pytest.mark.parametrize("number", ["03-1234-7788", "2001", "0355501234", "0398765432", "5432"])
def test_every_number_of_a_mixed_stream_finds_the_call(tmp_path: Path, number: str) -> None:
    """All addresses of all who were there: 83 of 179 were found when one was kept per stream."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, mixed_call()))

    assert found(engine, PhoneClue.parse(number, "JP")) == 1


def test_a_name_of_a_mixed_stream_finds_the_call(tmp_path: Path) -> None:
    """She was not the first whom the metadata named."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, mixed_call()))

    assert found(engine, AgentClue("田中")) == 1


@pytest.mark.parametrize(("name", "count"), [("佐藤", 1), ("花子 佐藤", 1), ("田中", 0)])
def test_a_customer_is_found_by_name(tmp_path: Path, name: str, count: int) -> None:
    """By any of her words, in any order; an agent is no customer."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, mixed_call()))

    assert found(engine, CustomerClue(name)) == count


def test_a_leg_that_is_written_again_is_there_once(tmp_path: Path) -> None:
    """Each part of a recording writes the legs of the whole."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, mixed_call(), is_last=False), adoption(1, mixed_call(), part=1))

    assert us("2026-10-29T17:42:10") == STARTED_US
    assert found(engine, PhoneClue.parse("2001", "JP")) == 1


@pytest.mark.parametrize("clue", [AgentClue("田中"), CustomerClue("田中")])
@pytest.mark.parametrize("side", ["customer", "agent"])
def test_whose_side_is_a_guess_is_found_by_both_words(
    tmp_path: Path, clue: Clue, side: Side
) -> None:
    """The guess may be wrong, and who asks knows which he is."""
    engine = new_catalog(tmp_path)
    speaker = party(0, "sip:x@pbx", side, names=("田中",), because="first_stream")
    adopt(engine, adoption(1, (opened(), stream(0), speaker, inbound()[-1])))

    assert found(engine, clue) == 1


def test_who_called_and_who_was_called_stand_in_the_rows(tmp_path: Path) -> None:
    """Each with what that is known by, whatever is known of the direction."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, inbound()))
    with reading(engine) as connection:
        rows = connection.execute(select(leg.c.side, leg.c.party, leg.c.party_because))

        assert {tuple(each) for each in rows} == {
            ("customer", "caller", "invite"),
            ("agent", "callee", "invite"),
        }
