"""What somebody says of a recording after capture: corrections, tags and notes, each with a reason.

Pure. Knows nothing of the catalog, nor of what the corrections do to a recording's facts.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec

from archive.call.events import Side
from archive.call.numbers import read_number
from archive.flaws import Flaw, PartRefused

# A page of text; whoever has more to say writes a document.
MAX_NOTE_CHARS: Final = 4_000
# Names that somebody has written into a configuration, and numbers.
MAX_VALUE_CHARS: Final = 256
MAX_REASON_CHARS: Final = 500
MAX_PURPOSES: Final = 20
# More than a person takes in of one call.
MAX_TAGS: Final = 50
# Each is merged whenever the recording's rows are made anew.
MAX_CORRECTIONS: Final = 1_000

# What a terminal takes for an order (ECMA-48 C0, C1), and what cannot be shown.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")

NO_CONTROLS: Final = r"^[^\x00-\x1f\x7f-\x9f]*$"

Confidence = Literal["certain", "likely"]
Some = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_VALUE_CHARS, pattern=NO_CONTROLS)]
Stream = Annotated[int, msgspec.Meta(ge=0, le=65_535)]  # numbered in 16 bits
# That somebody was on his side was a guess when it was written; found out, said by nobody.
SideGuessed = Annotated[bool, msgspec.Meta(extra={"sent": False})]


class CorrectionRefused(PartRefused):
    """A correction that cannot be written as it is given."""


class _Whom(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="by"):
    """Whose leg is meant."""


class ByParticipant(_Whom, frozen=True, kw_only=True, tag="participant"):
    """All stays of a participant, by the client's id."""

    participant: Some
    side_guessed: SideGuessed = False


class ByStream(_Whom, frozen=True, kw_only=True, tag="stream"):
    """Who speaks on a stream."""

    stream: Stream
    side_guessed: SideGuessed = False


class BySide(_Whom, frozen=True, kw_only=True, tag="side"):
    """The only one who is on a side now."""

    side: Side


Whom = ByParticipant | ByStream | BySide


class _Change(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What is said to be so."""


class AgentCorrected(_Change, frozen=True, kw_only=True, tag="agent"):
    """The agent who took part; "" = nobody of ours."""

    whom: Whom
    agent_id: str
    confidence: Confidence = "certain"


class SideCorrected(_Change, frozen=True, kw_only=True, tag="side"):
    whom: Whom
    side: Side


class NumberCorrected(_Change, frozen=True, kw_only=True, tag="number"):
    """A participant's number; "" = none is known."""

    whom: Whom
    number: str


class QueueCorrected(_Change, frozen=True, kw_only=True, tag="queue"):
    """The queue in which the call was; "" = in none."""

    queue: str


class ControllerCorrected(_Change, frozen=True, kw_only=True, tag="controller"):
    """On whose behalf the call was recorded; "" = nobody's."""

    controller: str


class PurposeCorrected(_Change, frozen=True, kw_only=True, tag="purpose"):
    """The purposes of the recording, in the place of those that it had."""

    purposes: tuple[str, ...]


class TagAdded(_Change, frozen=True, kw_only=True, tag="tag_added"):
    tag: str


class TagRemoved(_Change, frozen=True, kw_only=True, tag="tag_removed"):
    tag: str


class NoteWritten(_Change, frozen=True, kw_only=True, tag="note"):
    """A text for whoever reads of the recording."""

    text: str


LegChange = AgentCorrected | SideCorrected | NumberCorrected
MarkChange = QueueCorrected | ControllerCorrected | PurposeCorrected | TagAdded | TagRemoved
Change = LegChange | MarkChange | NoteWritten

_DECODER: msgspec.json.Decoder[Change] = msgspec.json.Decoder(Change)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One row of the register: what is so, by whom, since when (µs since 1970 UTC), and why.

    `was` is what stood there when it was written; `journal` the place of its entry.
    """

    change: Change
    author: str
    at_us: int
    reason: str
    was: tuple[str, ...]
    journal: int


def encode_change(change: Change) -> bytes:
    """Write a change as one JSON object."""
    return msgspec.json.encode(change)


def decode_change(payload: bytes) -> Change:
    """Read one JSON object; raises `msgspec.DecodeError` or `msgspec.ValidationError`."""
    return _DECODER.decode(payload)


def kind_of(change: Change) -> str:
    """The word for what is corrected."""
    return str(change.__struct_config__.tag)


def values_of(change: Change) -> tuple[str, ...]:
    """What is said to be so, as people read it; () for "nothing"."""
    match change:
        case AgentCorrected(agent_id=one) | NumberCorrected(number=one):
            found: Iterable[str] = (one,)
        case SideCorrected(side=side):
            found = (side,)
        case QueueCorrected(queue=one) | ControllerCorrected(controller=one):
            found = (one,)
        case PurposeCorrected(purposes=several):
            found = several
        case TagAdded(tag=one) | TagRemoved(tag=one) | NoteWritten(text=one):
            found = (one,)
    return tuple(each for each in found if each)


def whom_of(change: Change) -> Whom | None:
    """Whose leg it is of, None where it is of the recording."""
    match change:
        case AgentCorrected(whom=whom) | SideCorrected(whom=whom) | NumberCorrected(whom=whom):
            return whom
        case _:
            return None


def entry_of(change: Change) -> dict[str, str | int | list[str]]:
    """What the journal says of a change: nothing that tells whose call it was."""
    told: dict[str, str | int | list[str]] = {"kind": kind_of(change)}
    match change:
        case AgentCorrected(agent_id=agent_id):
            return told | {"agent_id": agent_id}
        case NumberCorrected(number=number):
            return told | {"last4": read_number(number, "").last4}
        case NoteWritten(text=text):
            return told | {"chars": len(text)}
        case TagAdded() | TagRemoved():
            return told
        case SideCorrected() | QueueCorrected() | ControllerCorrected() | PurposeCorrected():
            return told | {"values": list(values_of(change))}


def require_sound(change: Change, reason: str) -> None:
    """Raise `CorrectionRefused` for what is too long, empty, or no text."""
    _require_text("reason", reason, MAX_REASON_CHARS)
    match change:
        case NoteWritten(text=text):
            _require_some("value", text)
            # A note has lines.
            _require_text("value", text.replace("\n", " "), MAX_NOTE_CHARS)
        case TagAdded(tag=tag) | TagRemoved(tag=tag):
            _require_some("value", tag)
            _require_text("value", tag, MAX_VALUE_CHARS)
        case PurposeCorrected(purposes=purposes):
            _require_purposes(purposes)
        case _:
            for value in values_of(change):
                _require_text("value", value, MAX_VALUE_CHARS)


def _require_purposes(purposes: tuple[str, ...]) -> None:
    """Without a purpose a recording would have every one."""
    if not purposes:
        raise CorrectionRefused("value", Flaw.NO_PURPOSE)
    if len(purposes) > MAX_PURPOSES:
        raise CorrectionRefused("value", Flaw.PURPOSES, most=MAX_PURPOSES)
    for purpose in purposes:
        _require_some("value", purpose)
        _require_text("value", purpose, MAX_VALUE_CHARS)


def _require_some(field: str, text: str) -> None:
    if not text:
        raise CorrectionRefused(field, Flaw.EMPTY)


def _require_text(field: str, text: str, most: int) -> None:
    if len(text) > most:
        raise CorrectionRefused(field, Flaw.LENGTH, most=most)
    if text != text.strip():
        raise CorrectionRefused(field, Flaw.BLANKS)
    if _CONTROL.search(text):
        raise CorrectionRefused(field, Flaw.CONTROLS)
