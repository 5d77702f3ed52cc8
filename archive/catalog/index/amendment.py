"""A correction, tag or note is written: into the register, then into the recording's rows.

One transaction. Knows nothing of who may do it; the grant says that somebody may.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from msgspec.structs import replace
from sqlalchemy import Connection, select

from archive.attributes import MarkKind
from archive.call.corrected import correct_marks
from archive.call.corrections import (
    MAX_CORRECTIONS,
    MAX_TAGS,
    AgentCorrected,
    ByParticipant,
    BySide,
    ByStream,
    Change,
    ControllerCorrected,
    Correction,
    CorrectionRefused,
    NoteWritten,
    NumberCorrected,
    PurposeCorrected,
    QueueCorrected,
    SideCorrected,
    TagAdded,
    TagRemoved,
    Whom,
    require_sound,
)
from archive.call.facts import marks_in
from archive.call.legs import LegStream
from archive.catalog.access.grants import CorrectGrant
from archive.catalog.holds.hold_matches import WITHOUT_KEYS, HoldMatcher
from archive.catalog.index.derivation import derive_recording
from archive.catalog.register.corrections import append_correction, corrections_of
from archive.catalog.search.found_legs import FoundLeg, found_legs
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.stored_events import events_of
from archive.catalog.tables.tenants import tenant_row
from archive.flaws import Flaw
from archive.folded_names import fold_name
from archive.ids import RecordingId

_MARKS: Final[dict[type[Change], MarkKind]] = {
    QueueCorrected: "queue",
    ControllerCorrected: "controller",
    PurposeCorrected: "purpose",
    TagAdded: "tag",
    TagRemoved: "tag",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Present:
    """What is said of a recording before it is corrected."""

    legs: Sequence[FoundLeg]
    marks: Sequence[tuple[MarkKind, str]]

    def values(self, kind: MarkKind) -> tuple[str, ...]:
        return tuple(value for of, value in self.marks if of == kind)


def correct(
    connection: Connection,
    own: RecordingId,
    change: Change,
    reason: str,
    granted: CorrectGrant,
    holds: HoldMatcher = WITHOUT_KEYS,
) -> Correction:
    """Write what is so, with what was there before, and derive the recording anew.

    Legal holds that it fits now are over it before that counts. Raises `CorrectionRefused`,
    `KeyUnavailable` (nothing is written).
    """
    granted.require(own)
    require_sound(change, reason)
    tenant = tenant_row(connection, granted.tenant)
    row = _row_of(connection, tenant, own)
    written = corrections_of(connection, tenant, own)
    if len(written) >= MAX_CORRECTIONS:
        raise CorrectionRefused("recording", Flaw.CORRECTIONS, most=MAX_CORRECTIONS)
    present = _present(connection, tenant, row, written)
    exact = _exact(change, present)
    new = Correction(
        change=exact,
        author=granted.access.actor,
        at_us=granted.access.at_us,
        reason=reason,
        was=_was(exact, present),
        journal=granted.seq,
    )
    append_correction(connection, tenant, own, new)
    derive_recording(connection, tenant, row)
    holds.changed(connection, tenant, recording.c.row == row)
    return new


def _row_of(connection: Connection, tenant: int, own: RecordingId) -> int:
    row: int | None = connection.scalar(
        select(recording.c.row)
        .where(recording.c.tenant == tenant, recording.c.id == own.raw)
        .with_for_update()
    )
    if row is None:
        raise CorrectionRefused("recording", Flaw.NO_RECORDING)
    return row


def _present(
    connection: Connection, tenant: int, row: int, written: Sequence[Correction]
) -> _Present:
    told = [event for _, event in events_of(connection, tenant, row)]
    marks = correct_marks(marks_in(told), [each.change for each in written])
    return _Present(legs=found_legs(connection, tenant, [row])[row], marks=marks.in_force)


def _exact(change: Change, present: _Present) -> Change:
    """The change, of a participant who is there or a tag that is; raises `CorrectionRefused`."""
    match change:
        case AgentCorrected() | SideCorrected() | NumberCorrected():
            return replace(change, whom=_present_one(change.whom, present.legs))
        case TagAdded():
            if len(present.values("tag")) >= MAX_TAGS:
                raise CorrectionRefused("value", Flaw.TAGS, most=MAX_TAGS)
        case TagRemoved(tag=tag):
            if fold_name(tag) not in map(fold_name, present.values("tag")):
                raise CorrectionRefused("value", Flaw.NO_TAG)
        case _:
            pass
    return change


def _present_one(whom: Whom, legs: Sequence[FoundLeg]) -> Whom:
    """One participant, by his id, else by the stream on which he speaks; with whether it was a
    guess on which side.
    """
    meant = _meant(whom, legs)
    found = {_name_of(leg) for leg in meant}
    if not found:
        raise CorrectionRefused("whom", Flaw.NO_PARTICIPANT)
    if len(found) > 1:
        raise CorrectionRefused("whom", Flaw.SEVERAL_PARTICIPANTS)
    return replace(found.pop(), side_guessed=all(leg.decided.is_guessed for leg in meant))


def _name_of(leg: FoundLeg) -> ByParticipant | ByStream:
    if leg.who.participant:
        return ByParticipant(participant=leg.who.participant)
    return ByStream(stream=min(on.stream for on in leg.streams if on.way == "sends"))


def _meant(whom: Whom, legs: Sequence[FoundLeg]) -> list[FoundLeg]:
    match whom:
        case ByParticipant(participant=participant):
            return [leg for leg in legs if participant and leg.who.participant == participant]
        case ByStream(stream=stream):
            return [leg for leg in legs if LegStream(stream, "sends") in leg.streams]
        case BySide(side=side):
            return [leg for leg in legs if leg.side == side]
        case _:
            assert_never(whom)


def _was(change: Change, present: _Present) -> tuple[str, ...]:
    """What stood there until now, as people read it."""
    match change:
        case AgentCorrected() | SideCorrected() | NumberCorrected():
            legs = _meant(change.whom, present.legs)
            found = (value for leg in legs for value in _of_leg(change, leg))
            return tuple(dict.fromkeys(each for each in found if each))
        case NoteWritten():
            return ()
        case _:
            return present.values(_MARKS[type(change)])


def _of_leg(
    change: AgentCorrected | SideCorrected | NumberCorrected, leg: FoundLeg
) -> tuple[str, ...]:
    match change:
        case AgentCorrected():
            said = leg.who.name if leg.agent.attributed_by == "metadata" else ""
            return (leg.agent.agent_id or said,)
        case SideCorrected():
            return (leg.side,)
        case NumberCorrected():
            return tuple(each.shown for each in leg.who.numbers)
        case _:
            assert_never(change)
