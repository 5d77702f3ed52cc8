"""Corrections, tags and notes: what somebody says of a recording after capture.

Knows nothing of the web. Each takes a grant of the door, whose entry is committed before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar

from msgspec import Meta, Struct

from api.access.authorization import Door
from api.access.use_case import NEEDS, UseCase, any_of
from api.permissions.actor import Actor
from api.permissions.errors import Destroyed, NotFound, Unfit
from archive.call.corrections import (
    MAX_NOTE_CHARS,
    MAX_PURPOSES,
    MAX_REASON_CHARS,
    MAX_VALUE_CHARS,
    NO_CONTROLS,
    AgentCorrected,
    Change,
    Confidence,
    ControllerCorrected,
    Correction,
    CorrectionRefused,
    NoteWritten,
    NumberCorrected,
    PurposeCorrected,
    QueueCorrected,
    SideCorrected,
    Some,
    TagAdded,
    TagRemoved,
    Whom,
    entry_of,
    require_sound,
)
from archive.call.events import Side
from archive.catalog.access.grants import CorrectGrant
from archive.catalog.database.engine import write
from archive.catalog.holds.hold_matches import WITHOUT_KEYS, HoldMatcher
from archive.catalog.index.amendment import correct
from archive.errors import RecordingDamaged
from archive.ids import RecordingId

_LINES: Final = r"^[^\x00-\x09\x0b-\x1f\x7f-\x9f]*$"
_Value = Annotated[str, Meta(max_length=MAX_VALUE_CHARS, pattern=NO_CONTROLS)]
_Reason = Annotated[str, Meta(min_length=1, max_length=MAX_REASON_CHARS, pattern=NO_CONTROLS)]
_Why = Annotated[str, Meta(max_length=MAX_REASON_CHARS, pattern=NO_CONTROLS)]


class Correcting(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What is so of a recording, and why."""

    target: RecordingId
    reason: _Reason


class AgentCorrection(Correcting, frozen=True, kw_only=True, tag="agent"):
    """Which agent took part; "" = nobody of ours."""

    whom: Whom
    value: _Value
    confidence: Confidence = "certain"


class SideCorrection(Correcting, frozen=True, kw_only=True, tag="side"):
    """On which side a participant was."""

    whom: Whom
    value: Side


class NumberCorrection(Correcting, frozen=True, kw_only=True, tag="number"):
    """A participant's number; "" = none is known."""

    whom: Whom
    value: _Value


class QueueCorrection(Correcting, frozen=True, kw_only=True, tag="queue"):
    """In which queue the call was; "" = in none."""

    value: _Value


class ControllerCorrection(Correcting, frozen=True, kw_only=True, tag="controller"):
    """On whose behalf the call was recorded; "" = nobody's."""

    value: _Value


class PurposeCorrection(Correcting, frozen=True, kw_only=True, tag="purpose"):
    """All purposes of the recording, codes of `[access] purposes`."""

    value: Annotated[tuple[Some, ...], Meta(min_length=1, max_length=MAX_PURPOSES)]


class Tag(Struct, frozen=True, kw_only=True):
    """A tag more."""

    target: RecordingId
    value: Some
    reason: _Why = ""


class TagLess(Struct, frozen=True, kw_only=True):
    """A tag less."""

    target: RecordingId
    tag: Some
    reason: _Why = ""


class Note(Struct, frozen=True, kw_only=True):
    """A text for whoever reads of the recording; lines are kept."""

    target: RecordingId
    value: Annotated[str, Meta(min_length=1, max_length=MAX_NOTE_CHARS, pattern=_LINES)]
    reason: _Why = ""


_Said = TypeVar("_Said", Correcting, Tag, TagLess, Note)


@dataclass(frozen=True, slots=True)
class Corrections:
    """One use case for all kinds: what differs is the change."""

    door: Door
    holds: HoldMatcher = WITHOUT_KEYS

    async def write(
        self, actor: Actor, own: RecordingId, change: Change, reason: str
    ) -> Correction:
        """Say what is so; raises `Refused`, `NotFound`, `CorrectionRefused`, `KeyUnavailable`.

        What is refused only once the recording is known leaves its entry, and no correction.
        """
        require_sound(change, reason)
        granted = await self.door.grant(actor, CorrectGrant, own, entry_of(change))
        self._require_codes(change)
        return await write(
            self.door.engine, lambda c: correct(c, own, change, reason, granted, self.holds)
        )

    def _require_codes(self, change: Change) -> None:
        """A recording of a purpose that nobody can state would be lost to everybody."""
        if isinstance(change, PurposeCorrected) and not self.door.purposes.issuperset(
            change.purposes
        ):
            raise CorrectionRefused("value", Unfit.CODES)


def _corrected(said: Correcting) -> Change:
    """What is said, for the register."""
    match said:
        case AgentCorrection(whom=whom, value=value, confidence=confidence):
            return AgentCorrected(whom=whom, agent_id=value, confidence=confidence)
        case SideCorrection(whom=whom, value=side):
            return SideCorrected(whom=whom, side=side)
        case NumberCorrection(whom=whom, value=value):
            return NumberCorrected(whom=whom, number=value)
        case QueueCorrection(value=value):
            return QueueCorrected(queue=value)
        case ControllerCorrection(value=value):
            return ControllerCorrected(controller=value)
        case PurposeCorrection(value=purposes):
            return PurposeCorrected(purposes=purposes)
    raise AssertionError(said)


def _of(
    name: str, about: str, asks: type[_Said], change: Callable[[_Said], Change]
) -> UseCase[Corrections, _Said, Correction]:
    return UseCase(
        name=name,
        about=about,
        by=Corrections,
        asks=asks,
        run=lambda corrections, actor, said: corrections.write(
            actor, said.target, change(said), said.reason
        ),
        needs=any_of(NEEDS[CorrectGrant]),
        writes=(CorrectGrant.action,),
        refuses=(NotFound, Destroyed, RecordingDamaged),
    )


CORRECT: Final = _of(
    "correct",
    "Say what is so; what was said before still finds the recording.",
    Correcting,
    _corrected,
)
TAG: Final = _of("tag", "Tag a recording.", Tag, lambda said: TagAdded(tag=said.value))
UNTAG: Final = _of(
    "untag",
    "Take a tag away: a correction, too; the tag still finds the recording.",
    TagLess,
    lambda said: TagRemoved(tag=said.tag),
)
NOTE: Final = _of(
    "note", "Write a note to a recording.", Note, lambda said: NoteWritten(text=said.value)
)
