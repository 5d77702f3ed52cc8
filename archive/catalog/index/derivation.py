"""A recording's rows worked out anew from its stored events: no key is needed, none is asked for.

The same events, parts, corrections and table of agents give the same rows. Knows nothing of how
parts come in.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, Row, select, update

from archive.call.adoption import StreamSound
from archive.call.archived_recording import COMPLETE, DAMAGED, MISSING
from archive.call.continuity import PartSeam, decode_gaps, decode_sequences, decode_sounds, has_lost
from archive.call.direction import Course
from archive.call.ends import last_heard_us
from archive.call.facts import SIDE_GUESSED, RecordingFacts, describe
from archive.call.gaps import PartGaps
from archive.call.pauses import Masked, masked_in
from archive.call.silent_sides import SIDE_MISSING, silence_flags
from archive.catalog.index.conversations import join_conversation, leave_conversation
from archive.catalog.index.details import write_details
from archive.catalog.index.facts_rows import leave_as_is
from archive.catalog.index.inferred_calls import CALL_INFERRED
from archive.catalog.index.leg_findings import judge
from archive.catalog.index.legs import write_legs
from archive.catalog.locating.changes import note_change
from archive.catalog.register.corrections import corrections_of
from archive.catalog.register.kept_facts import DESTROYED
from archive.catalog.retention.retention_classes import classify
from archive.catalog.tables.catalog import FLAGS_JOINED, part, recording
from archive.catalog.tables.derived_forms import FORM
from archive.catalog.tables.stored_events import EventsUnread, events_of
from archive.catalog.tables.stored_text import TEXT_CHANGED, is_changed
from archive.ids import RecordingId

RECOVERED: Final = "recovered"
PACKETS_LOST: Final = "packets_lost"
MEDIA_REPLAYED: Final = "media_replayed"
PARTS_LOST: Final = "parts_lost"
_US_PER_MS: Final = 1_000
# A pause without an end lasts as long as the recording.
_LATEST_US: Final = 1 << 62
_PartRow = Row[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class _Own:
    """A row of `recording`, and the id that everybody else knows it by."""

    row: int
    recording: RecordingId


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What the parts of a recording say together; `streams` of each what it says of its own."""

    first_us: int
    last_us: int
    packets: int
    state: str
    flags: frozenset[str]
    streams: tuple[PartGaps, ...]


def derive_recording(connection: Connection, tenant: int, row: int) -> None:
    """Write the rows of one recording in the place of those that it had; raises `EventsUnread`.

    Of one whose audio is gone, or of which no part was ever known, there is nothing to derive from:
    its facts stay as they are.
    """
    own, state = _own(connection, tenant, row)
    rows = () if state == DESTROYED else _part_rows(connection, tenant, row)
    if not rows:
        leave_as_is(connection, tenant, row)
        note_change(connection, tenant, row)
        return
    events = events_of(connection, tenant, row)
    told = [each for _, each in events]
    masked = masked_in(told, _LATEST_US)
    parts = _parts(rows, masked)
    facts = describe(
        events,
        corrections_of(connection, tenant, own.recording),
        first_us=parts.first_us,
        last_us=last_heard_us(_sounds(parts), told, parts.last_us),
    )
    if parts.state == COMPLETE:
        silence = silence_flags(parts.streams, told, facts.people.legs, facts.ended_us)
        state = SIDE_MISSING if SIDE_MISSING in silence else COMPLETE
        parts = replace(parts, flags=parts.flags | silence, state=state)
    judged = judge(connection, tenant, facts.people)
    joined = join_conversation(connection, tenant, row, own.recording, facts)
    if joined.is_inferred:
        parts = replace(parts, flags=parts.flags | {CALL_INFERRED})
    _write_recording(connection, tenant, row, (facts, parts, judged.course))
    _write_conversation(connection, tenant, own, joined.conversation)
    write_legs(connection, tenant, row, facts.started_us, judged.legs)
    write_details(connection, tenant, row, facts)
    classify(connection, tenant, row)
    note_change(connection, tenant, row)
    for other in joined.unsure:
        with suppress(EventsUnread):
            derive_recording(connection, tenant, other)


def _own(connection: Connection, tenant: int, row: int) -> tuple[_Own, str]:
    """Beside its state until now."""
    wanted = select(recording.c.id, recording.c.state).where(
        recording.c.tenant == tenant, recording.c.row == row
    )
    found = connection.execute(wanted).one()
    return _Own(row, RecordingId(found.id)), found.state


def _part_rows(connection: Connection, tenant: int, row: int) -> Sequence[_PartRow]:
    return connection.execute(
        select(part)
        .where(part.c.tenant == tenant, part.c.recording == row)
        .order_by(part.c.part, part.c.generation)
    ).all()


def _parts(rows: Sequence[_PartRow], masked: tuple[Masked, ...]) -> _Parts:
    latest = {found.part: found for found in rows}
    seams = [
        PartSeam(
            lost_ranges=found.lost_ranges,
            open_ends=found.open_ends,
            sequences=found.sequences,
            first_us=found.first_us,
            last_us=found.last_us,
        )
        for found in latest.values()
    ]
    flags = {
        RECOVERED: any(found.end_reason == RECOVERED for found in rows),
        PARTS_LOST: any(found.lost for found in rows),
        MEDIA_REPLAYED: any(found.replays for found in latest.values()),
        PACKETS_LOST: has_lost(seams, masked),
    }
    return _Parts(
        first_us=min(found.first_us for found in rows),
        last_us=max(found.last_us for found in rows),
        packets=sum(found.packets for found in latest.values()),
        state=_state(rows),
        flags=frozenset(flag for flag, is_so in flags.items() if is_so),
        streams=tuple(_streams(found) for _, found in sorted(latest.items())),
    )


def _sounds(parts: _Parts) -> list[StreamSound] | None:
    """Of all parts; None where of one nobody has read them."""
    if any(part.sounds is None for part in parts.streams):
        return None
    return [sound for part in parts.streams for sound in part.sounds or ()]


def _streams(found: _PartRow) -> PartGaps:
    """Of one that could not be read nothing is known."""
    return PartGaps(
        gaps=() if found.gaps is None else decode_gaps(found.gaps),
        sequences=decode_sequences(found.sequences),
        first_us=found.first_us,
        last_us=found.last_us,
        sounds=decode_sounds(found.sounds),
    )


def _state(rows: Sequence[_PartRow]) -> str:
    there = [found for found in rows if not found.lost]
    if not there:
        return DAMAGED if any(found.lost == DAMAGED for found in rows) else MISSING
    last = {found.part for found in there if found.is_last}
    is_whole = last and {found.part for found in there} == set(range(max(last) + 1))
    return COMPLETE if is_whole else "partial"


def _write_recording(
    connection: Connection, tenant: int, row: int, told: tuple[RecordingFacts, _Parts, Course]
) -> None:
    facts, parts, course = told
    connection.execute(
        update(recording)
        .where(recording.c.tenant == tenant, recording.c.row == row)
        .values(
            source=facts.source,
            mode=facts.mode,
            started_us=facts.started_us,
            ended_us=facts.ended_us,
            duration_ms=(facts.ended_us - facts.started_us) // _US_PER_MS,
            direction=course.direction,
            direction_because=course.because,
            flags=FLAGS_JOINED.join(_flags(facts, parts, course)),
            state=parts.state,
            held_ms=_held_ms(facts),
            packets=parts.packets,
            read_form=facts.beside.form,
            derived=FORM,
        )
    )


def _write_conversation(connection: Connection, tenant: int, own: _Own, after: int) -> None:
    before = connection.scalar(select(recording.c.conversation).where(recording.c.row == own.row))
    if before is None or after == before:
        return
    connection.execute(
        update(recording)
        .where(recording.c.tenant == tenant, recording.c.row == own.row)
        .values(conversation=after)
    )
    leave_conversation(connection, tenant, before, after)


def _flags(facts: RecordingFacts, parts: _Parts, course: Course) -> list[str]:
    found = {*facts.notes.flags, *parts.flags}
    if any(each.is_guessed for each in course.sides):
        found.add(SIDE_GUESSED)
    if is_changed(facts):
        found.add(TEXT_CHANGED)
    return sorted(found)


def _held_ms(facts: RecordingFacts) -> int:
    """How long anybody was on hold, holds at the same time counted once."""
    held_us, until_us = 0, 0
    for hold in facts.people.holds:
        begin_us = max(hold.from_us, until_us)
        held_us += max(0, hold.until_us - begin_us)
        until_us = max(until_us, hold.until_us)
    return held_us // _US_PER_MS
