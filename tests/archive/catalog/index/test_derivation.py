"""Rows of an older form are brought to the present one from what is stored."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select, update

from archive.call.adoption import PartStreams, SequenceRange, StreamSound
from archive.catalog.database.engine import reading, writing
from archive.catalog.index.agents import import_agents
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.tables.catalog import (
    INDEX_TABLES,
    leg,
    leg_address,
    leg_stream,
    part,
    recording,
)
from archive.catalog.tables.derived_forms import FORM
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    NOW_US,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    index_dump,
    new_catalog,
    opened,
    party,
    stream,
)


def made_old(engine: Engine) -> None:
    """As a migration leaves them: without what it could not know."""
    with writing(engine) as connection:
        connection.execute(delete(leg_address))
        connection.execute(delete(leg_stream))
        connection.execute(update(recording).values(derived=0, direction="unknown"))


def test_old_rows_are_made_anew_step_by_step(tmp_path: Path) -> None:
    """Without a key and without the archive: the events lie in the index."""
    engine = new_catalog(tmp_path)
    adopt(engine, *(adoption(n, inbound(STARTED_US + n)) for n in range(1, 4)))
    before = index_dump(engine)
    made_old(engine)
    writer = CatalogWriter(engine, lambda: NOW_US)

    assert [writer.derive(2), writer.derive(2), writer.derive(2)] == [2, 1, 0]
    assert index_dump(engine) == before


def test_a_recording_is_of_the_present_form_once_it_is_written(tmp_path: Path) -> None:
    """Else the keeper would work for ever."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption())

    with reading(engine) as connection:
        assert connection.scalars(select(recording.c.derived)).all() == [FORM]
    assert recording in INDEX_TABLES


def test_an_import_puts_a_person_of_the_table_on_the_agents_side(tmp_path: Path) -> None:
    """The streams came in the other order; who is in the table is no customer."""
    engine = new_catalog(tmp_path)
    told = (
        opened(), stream(0), stream(1),
        party(0, "sip:2001@pbx.example", "customer", because="first_stream"),
        party(1, "sip:+81312347788@carrier.example", "agent", because="first_stream"),
    )  # fmt: skip
    adopt(engine, adoption(1, told))
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())

    with reading(engine) as connection:
        sides = connection.execute(select(leg.c.side, leg.c.side_because).order_by(leg.c.row)).all()
        told_of = connection.execute(select(recording.c.direction, recording.c.flags)).one()
    assert [tuple(each) for each in sides] == [
        ("agent", "agent_table"),
        ("customer", "agent_table"),
    ]
    assert tuple(told_of) == ("inbound", "")


def told_of(folder: Path, streams: PartStreams, **unread: None) -> tuple[str, list[str]]:
    """State and flags of a call of 9 minutes between two, whose streams are these."""
    folder.mkdir()
    engine = new_catalog(folder)
    adopt(engine, replace(adoption(), streams=streams))
    with writing(engine) as connection:
        if unread:
            connection.execute(update(part).values(**unread))
            connection.execute(update(recording).values(derived=FORM - 1))
    CatalogWriter(engine, lambda: NOW_US).derive(9)
    with reading(engine) as connection:
        state, flags = connection.execute(select(recording.c.state, recording.c.flags)).one()
    return state, [each for each in flags.split(",") if each]


def heard(*places: tuple[int, int, int]) -> PartStreams:
    """A stream is heard from one second to another."""
    return PartStreams(
        sequences=tuple(SequenceRange(stream=n, ssrc=n, first=0, last=9) for n, _, _ in places),
        sounds=tuple(
            StreamSound(n, "PCMU", ((STARTED_US + a * 1_000_000, STARTED_US + b * 1_000_000),))
            for n, a, b in places
        ),
    )


WHOLE = (0, 540)


@pytest.mark.parametrize(
    ("streams", "state", "flags"),
    [
        (heard((0, *WHOLE), (1, *WHOLE)), "complete", []),
        (heard((0, *WHOLE), (1, 0, 200)), "complete", ["silent_edge"]),
        (heard((0, 3, 540), (1, *WHOLE)), "complete", ["silent_edge"]),
        (heard((0, *WHOLE)), "side_missing", ["side_missing"]),
        (heard((0, 3, 540)), "side_missing", ["side_missing", "silent_edge"]),
        (heard(), "side_missing", ["no_sound", "side_missing"]),
    ],
)
def test_a_side_that_is_not_heard_is_flagged_and_one_that_never_is_takes_completeness(
    tmp_path: Path, streams: PartStreams, state: str, flags: list[str]
) -> None:
    """An edge alone may be somebody who said nothing; of a whole side nothing is there."""
    assert told_of(tmp_path / "a", streams) == (state, flags)


def test_of_rows_from_before_whole_sides_are_known_and_edges_are_not(tmp_path: Path) -> None:
    """They say of which streams packets came, not when; nothing is guessed."""
    edge, side = heard((0, *WHOLE), (1, 0, 200)), heard((0, *WHOLE))

    assert told_of(tmp_path / "a", edge, sounds=None) == ("complete", ["edges_unread"])
    assert told_of(tmp_path / "b", side, sounds=None) == (
        "side_missing",
        ["edges_unread", "side_missing"],
    )
    assert told_of(tmp_path / "c", heard(), sounds=None) == (
        "side_missing",
        ["no_sound", "side_missing"],
    )


def test_of_a_recording_that_is_not_whole_nothing_is_said_to_be_silent(tmp_path: Path) -> None:
    """What is missing may still come."""
    engine = new_catalog(tmp_path)
    adopt(engine, replace(adoption(is_last=False), streams=heard((0, *WHOLE))))

    with reading(engine) as connection:
        told = connection.execute(select(recording.c.state, recording.c.flags)).one()
    assert tuple(told) == ("partial", "")
