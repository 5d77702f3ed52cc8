"""From parts to the rows of the index."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.call.adoption import Adoption, LostRange, SequenceRange
from archive.call.events import Event, MetadataReceived, PartOpened
from archive.catalog.database.engine import reading
from archive.catalog.tables.catalog import leg, leg_stream, packed_events, recording
from tests.archive.catalog.examples import (
    AGENT,
    LOST_ONE,
    MINUTE_US,
    STARTED_US,
    adopt,
    adoption,
    inbound,
    index_dump,
    new_catalog,
    numbered,
    party,
    with_streams,
)
from tests.support.catalog.packed import unpacked

WHOLE = (*inbound(), PartOpened(at_us=STARTED_US + 4 * MINUTE_US, part=1, because="length"))


def three_parts() -> list[Adoption]:
    """A call in three parts; each repeats what its reader needs."""
    events = numbered(WHOLE)
    cuts = (events[:4], (*events[:1], events[4]), (*events[:1], *events[4:]))
    return [
        replace(
            adoption(1, part=number, is_last=number == 2),
            events=told,
            first_us=STARTED_US + number * 3 * MINUTE_US,
            last_us=STARTED_US + (number + 1) * 3 * MINUTE_US,
        )
        for number, told in enumerate(cuts)
    ]


def test_parts_in_any_order_make_the_same_recording(tmp_path: Path) -> None:
    """The keeper adopts what it finds; a second node's part may come first."""
    dumps = []
    for number, parts in enumerate(permutations(three_parts())):
        folder = tmp_path / str(number)
        folder.mkdir()
        engine = new_catalog(folder)
        adopt(engine, *parts)
        dumps.append(index_dump(engine))

    assert all(dump == dumps[0] for dump in dumps)
    (row,) = dumps[0]["recording"]
    assert {STARTED_US, STARTED_US + 9 * MINUTE_US, 540_000, "complete"} <= set(row)
    assert len(dumps[0]["conversation"]) == 1


@pytest.mark.parametrize(
    ("kept", "state"),
    [([0], "partial"), ([0, 2], "partial"), ([1, 2], "partial"), ([0, 1, 2], "complete")],
)
def test_a_recording_is_complete_when_no_part_is_missing(
    tmp_path: Path, kept: list[int], state: str
) -> None:
    """Whoever listens must know that there is more to come, or something gone."""
    engine = new_catalog(tmp_path)
    adopt(engine, *(three_parts()[number] for number in kept))

    with reading(engine) as connection:
        assert connection.scalar(select(recording.c.state)) == state


def test_a_recording_says_that_it_was_recovered_and_what_it_lost(tmp_path: Path) -> None:
    """A gap that is not flagged would be taken for silence."""
    engine = new_catalog(tmp_path)
    adopt(engine, replace(adoption(), end_reason="recovered", lost=LOST_ONE))

    with reading(engine) as connection:
        assert connection.scalar(select(recording.c.flags)) == "packets_lost,recovered"


def test_a_recording_whose_worker_was_replaced_lost_nothing(tmp_path: Path) -> None:
    """Its first part has an open end; that the second goes on there shows with the second."""
    open_end = LostRange(stream=0xFFFF, from_us=STARTED_US, until_us=STARTED_US, packets=None)
    before, after = (SequenceRange(stream=0, ssrc=5, first=n, last=n + 99) for n in (0, 100))
    other = SequenceRange(stream=1, ssrc=6, first=0, last=499)
    first = replace(
        with_streams(adoption(is_last=False), sequences=(before, other)),
        end_reason="recovered",
        lost=(open_end,),
    )
    second = with_streams(adoption(part=1), sequences=(after,))
    hole = with_streams(second, sequences=(replace(after, first=150),))
    for number, (parts, flags) in enumerate(
        [
            ([first], "packets_lost,recovered"),
            ([first, second], "recovered"),
            ([second, first], "recovered"),
            ([first, hole], "packets_lost,recovered"),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        engine = new_catalog(folder)
        adopt(engine, *parts)
        with reading(engine) as connection:
            assert connection.scalar(select(recording.c.flags)) == flags


def test_a_metadata_document_stays_in_the_recording(tmp_path: Path) -> None:
    """The index needs what it says, not the document; it is sealed with the call."""
    document: Event = MetadataReceived(
        at_us=STARTED_US, content_type="application/rs-metadata+xml", body=b"<recording/>"
    )
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, (*inbound(), document)))

    with reading(engine) as connection:
        bodies = unpacked(b"".join(connection.scalars(select(packed_events.c.body))))

    assert b"metadata_received" in bodies
    assert b"PHJlY29yZGluZy8+" not in bodies


def test_what_a_later_part_knows_replaces_what_was_guessed(tmp_path: Path) -> None:
    """The party of a stream may be named after an hour, in the next part."""
    first = inbound()[:4]
    named = party(1, AGENT, "agent", names=("田中 真由",))
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, first, is_last=False))
    adopt(engine, replace(adoption(1, part=1), events=((0, first[0]), (9, named))))

    with reading(engine) as connection:
        on_its_stream = select(leg_stream.c.leg).where(leg_stream.c.stream == 1)
        names = connection.scalars(select(leg.c.name).where(leg.c.row.in_(on_its_stream))).all()

    assert names == ["田中 真由"]
