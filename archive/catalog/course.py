"""The course of a call: its route, who came, went, was told what, when it was silent, its end.

And what was corrected since. Knows the index. Knows nothing of where the events come from.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from sqlalchemy import BindParameter, Connection, bindparam, select

from archive.catalog.calls import FoundRecording, read_call
from archive.catalog.corrections import corrections_of
from archive.catalog.tables import event, recording
from archive.catalog.tenants import tenant_row
from archive.corrected import Mark, correct_marks
from archive.corrections import Correction
from archive.events import (
    CallEnded,
    EndReason,
    Event,
    Flag,
    Flagged,
    ParticipantChanged,
    RouteTaken,
    decode_event,
)
from archive.facts import marks_in
from archive.grants import ReadGrant, Target
from archive.holds import Hold, holds_in
from archive.ids import RecordingId
from archive.legs import changes_in
from archive.notices import Notice, notices_in
from archive.pauses import Masked, masked_in

STRAY: Final[Flag] = "wrong_codec"

_TENANT: Final[BindParameter[int]] = bindparam("tenant")
_EVENTS: Final = (
    select(event.c.body)
    .join(recording, recording.c.row == event.c.recording)
    .where(
        event.c.tenant == _TENANT,
        recording.c.tenant == _TENANT,
        recording.c.id == bindparam("own"),
    )
    .order_by(event.c.serial)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """What the register says of a recording, oldest first, and its marks in force."""

    corrections: tuple[Correction, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingCourse:
    """A recording, the changes of its participants in their order, masked intervals and holds.

    `taken` is the route that an inline call took, None of others; `notices` are what its parties
    were told. `ended` is why it is over, "" as long as no part that is known says so. `strays` are
    the codecs in which streams came although nobody agreed on them.
    """

    found: FoundRecording
    changes: tuple[ParticipantChanged, ...]
    taken: RouteTaken | None = None
    notices: tuple[Notice, ...] = ()
    masked: tuple[Masked, ...] = ()
    holds: tuple[Hold, ...] = ()
    ended: EndReason | Literal[""] = ""
    strays: tuple[str, ...] = ()
    amended: Amended = field(default_factory=Amended)


def read_course(
    connection: Connection, target: Target, grant: ReadGrant
) -> tuple[RecordingCourse, ...]:
    """The recordings of a call (or the one asked for), oldest first; () where it is gone."""
    tenant = tenant_row(connection, grant.tenant)
    return tuple(
        _course(
            found,
            _events(connection, tenant, found.recording),
            corrections_of(connection, tenant, found.recording),
        )
        for found in read_call(connection, target, grant)
    )


def _course(
    found: FoundRecording, told: list[Event], corrections: tuple[Correction, ...]
) -> RecordingCourse:
    marks = correct_marks(marks_in(told), [each.change for each in corrections])
    return RecordingCourse(
        found=found,
        changes=changes_in(told),
        taken=next((each for each in told if isinstance(each, RouteTaken)), None),
        notices=notices_in(told),
        masked=masked_in(told, found.ended_us),
        holds=holds_in(told, found.ended_us),
        strays=strays_in(told),
        amended=Amended(corrections=corrections, marks=marks.in_force),
        ended=next((each.reason for each in reversed(told) if isinstance(each, CallEnded)), ""),
    )


def strays_in(told: Iterable[Event]) -> tuple[str, ...]:
    """The codecs in which streams came although nobody agreed on them, each once."""
    flags = (event for event in told if isinstance(event, Flagged))
    return tuple(dict.fromkeys(each.detail for each in flags if each.flag == STRAY))


def _events(connection: Connection, tenant: int, own: RecordingId) -> list[Event]:
    bodies = connection.scalars(_EVENTS, {"tenant": tenant, "own": own.raw})
    return [decode_event(body) for body in bodies]
