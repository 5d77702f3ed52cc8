"""The course of a call: its route, who came, went, was told what, when it was silent, its end.

And what was corrected since. Knows the index. Knows nothing of where the events come from.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from sqlalchemy import BindParameter, Connection, bindparam, select

from archive.access.use import Limit
from archive.call.adoption import StreamReplay, StreamSound
from archive.call.archived_recording import COMPLETE
from archive.call.continuity import decode_gaps, decode_replays, decode_sequences, decode_sounds
from archive.call.corrected import Mark, correct_marks
from archive.call.corrections import Correction
from archive.call.events import (
    CallEnded,
    EndReason,
    Event,
    Flag,
    Flagged,
    ParticipantChanged,
    RouteTaken,
    StreamAdded,
    StreamChanged,
    StreamPartyKnown,
)
from archive.call.expected import Expected, expected_in
from archive.call.facts import country_of, marks_in
from archive.call.gaps import KnownGap, KnownReplay, PartGaps, gaps_in, replays_in
from archive.call.legs import changes_in
from archive.call.mentions import ToldBeside, told_beside
from archive.call.notices import Notice, notices_in
from archive.call.other_sounds import OtherSound, other_sounds_in
from archive.call.pauses import Masked, masked_in
from archive.call.sender_events import Attempted, attempts_in
from archive.call.signalled_holds import SignalledHold, holds_in
from archive.call.silent_sides import SIDE_MISSING
from archive.catalog.access.grants import ReadGrant, Target
from archive.catalog.access.use import limits_on
from archive.catalog.register.corrections import corrections_of
from archive.catalog.search.calls import FoundRecording, read_call
from archive.catalog.tables.catalog import part, recording
from archive.catalog.tables.stored_events import events_of
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId

_WHOLE: Final = frozenset({COMPLETE, SIDE_MISSING})
_OF_STREAMS: Final = (StreamAdded, StreamChanged, StreamPartyKnown)
_TENANT: Final[BindParameter[int]] = bindparam("tenant")
_ROW: Final = select(recording.c.row).where(
    recording.c.tenant == _TENANT, recording.c.id == bindparam("own")
)
_PARTS: Final = (
    select(
        part.c.part,
        part.c.gaps,
        part.c.sequences,
        part.c.replays,
        part.c.sounds,
        part.c.first_us,
        part.c.last_us,
    )
    .join(recording, recording.c.row == part.c.recording)
    .where(
        part.c.tenant == _TENANT,
        recording.c.tenant == _TENANT,
        recording.c.id == bindparam("own"),
    )
    .order_by(part.c.part, part.c.generation)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """What the register says of a recording, oldest first, and its marks in force."""

    corrections: tuple[Correction, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Where streams sound, as far as that was read, and the events that say in which codecs."""

    sounds: tuple[StreamSound, ...] = ()
    told: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddities:
    """Codecs in which streams came although nobody agreed on them; who sent and is not heard.

    `spoken` shows what cannot be decoded where somebody listens, `others` what is no party's voice.
    """

    strays: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    spoken: Spoken = field(default_factory=Spoken)
    others: tuple[OtherSound, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """The route that an inline call took, None of others, and what came of who was called."""

    taken: RouteTaken | None = None
    attempts: tuple[Attempted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingCourse:
    """A recording, the changes of its participants in their order, masked intervals and holds.

    `notices` are what its parties were told. `ended` is why it is over, "" as long as no part that
    is known says so. `beside` is what its source tells of no participant. `gaps` are None where a
    part could not be read, `replays` what came a second time, late. `limit`: who asks may not hear
    it for what he stated ("": he may).
    """

    found: FoundRecording
    changes: tuple[ParticipantChanged, ...]
    routed: Routed = field(default_factory=Routed)
    notices: tuple[Notice, ...] = ()
    masked: tuple[Masked, ...] = ()
    holds: tuple[SignalledHold, ...] = ()
    ended: EndReason | Literal[""] = ""
    oddities: Oddities = field(default_factory=Oddities)
    beside: ToldBeside = field(default_factory=ToldBeside)
    amended: Amended = field(default_factory=Amended)
    gaps: tuple[KnownGap, ...] | None = None
    replays: tuple[KnownReplay, ...] = ()
    limit: Limit | Literal[""] = ""


def read_course(
    connection: Connection, target: Target, grant: ReadGrant
) -> tuple[RecordingCourse, ...]:
    """The recordings of a call (or the one asked for), oldest first; () where it is gone."""
    tenant = tenant_row(connection, grant.tenant)
    recordings = read_call(connection, target, grant)
    own = [each.recording for each in recordings]
    limits = limits_on(connection, tenant, grant.access.within, own)
    courses = (
        _course(
            found,
            _told(connection, tenant, found.recording),
            corrections_of(connection, tenant, found.recording),
        )
        for found in recordings
    )
    return tuple(replace(each, limit=limits.get(each.found.recording, "")) for each in courses)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the parts of a recording tell of it; `parts` None: one of them could not be read."""

    events: list[Event]
    parts: list[PartGaps] | None
    replays: list[StreamReplay]


def _course(
    found: FoundRecording, said: _Told, corrections: tuple[Correction, ...]
) -> RecordingCourse:
    told, spoken = said.events, _spoken(said)
    marks = correct_marks(marks_in(told), [each.change for each in corrections])
    return RecordingCourse(
        found=found,
        changes=changes_in(told),
        routed=Routed(
            taken=next((each for each in told if isinstance(each, RouteTaken)), None),
            attempts=attempts_in(told),
        ),
        notices=notices_in(told),
        masked=masked_in(told, found.ended_us),
        holds=holds_in(told, found.ended_us),
        oddities=Oddities(
            strays=details_in(told, "wrong_codec"),
            senders=details_in(told, "other_sender"),
            spoken=spoken,
            others=other_sounds_in(told, spoken.sounds, found.ended_us),
        ),
        beside=told_beside(told, country_of(told)),
        amended=Amended(corrections=corrections, marks=marks.in_force),
        gaps=None if said.parts is None else gaps_in(said.parts, told, _expected(found, told)),
        replays=replays_in(said.replays, told),
        ended=next((each.reason for each in reversed(told) if isinstance(each, CallEnded)), ""),
    )


def _spoken(said: _Told) -> Spoken:
    return Spoken(
        sounds=tuple(sound for part in said.parts or () for sound in part.sounds or ()),
        told=tuple(each for each in said.events if isinstance(each, _OF_STREAMS)),
    )


def _expected(found: FoundRecording, told: Iterable[Event]) -> Expected:
    """Of a recording that is not whole nobody knows what is still to come."""
    return expected_in(told, found.ended_us) if found.state in _WHOLE else {}


def details_in(told: Iterable[Event], flag: Flag) -> tuple[str, ...]:
    """What is said of a flag wherever it was raised, each once: a codec, who sends."""
    flags = (event for event in told if isinstance(event, Flagged))
    return tuple(dict.fromkeys(each.detail for each in flags if each.flag == flag))


def _told(connection: Connection, tenant: int, own: RecordingId) -> _Told:
    values = {"tenant": tenant, "own": own.raw}
    row = connection.execute(_ROW, values).scalar_one()
    events = [told for _, told in events_of(connection, tenant, row)]
    # Of each part only its latest generation.
    latest = {row.part: row for row in connection.execute(_PARTS, values)}
    parts = [
        PartGaps(
            gaps=decode_gaps(row.gaps),
            sequences=decode_sequences(row.sequences),
            first_us=row.first_us,
            last_us=row.last_us,
            sounds=decode_sounds(row.sounds),
        )
        for row in latest.values()
        if row.gaps is not None
    ]
    replays = [each for row in latest.values() for each in decode_replays(row.replays)]
    return _Told(events, parts if len(parts) == len(latest) else None, replays)
