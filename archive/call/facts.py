"""What the index holds of a recording, worked out from its events and what corrects them.

Pure. Knows nothing of the catalog, of agents' tables or of who asks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from archive.attributes import MarkKind
from archive.call.call_identity import CallIdentity, identity_in
from archive.call.callers import CallEvidence, evidence_in
from archive.call.corrected import FORMER, CorrectedLeg, FormerKind, correct_legs, correct_marks
from archive.call.corrections import Change, Correction, NoteWritten
from archive.call.ends import ended_us as call_ended_us
from archive.call.events import (
    CallOpened,
    Event,
    Flag,
    Flagged,
    RecordingPreferred,
    RecordingRefused,
    RouteTaken,
    StreamPartyKnown,
    Tolerated,
)
from archive.call.legs import LegFacts, legs_of
from archive.call.marks import UNMARKED, CallMarks
from archive.call.mentions import ToldBeside, told_beside
from archive.call.notices import UNHEARD, Notice, notices_in, outcome_of
from archive.call.signalled_holds import SignalledHold, holds_in

SIDE_GUESSED: Final = "side_guessed"
NOTICE_UNHEARD: Final[Flag] = "notice_unheard"
MIXED: Final = "mixed"
_MIXED_STREAM: Final = "TOL-012"


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who was in a recording, when they were on hold, and what is told of who called whom.

    `legs` are as the events tell of them, `corrected` the same, in the same order, as they are now.
    """

    legs: tuple[LegFacts, ...]
    corrected: tuple[CorrectedLeg, ...]
    evidence: CallEvidence
    holds: tuple[SignalledHold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What was flagged; kinds and values of marks; codes and details of tolerances.

    Marks are what the source of a call says of its recordings, before that the route of an inline
    call, before both who corrects it; what became of its notices; and that a party did not want to
    be recorded. Those that are not in force any more are of a former kind. `written` is what people
    have noted of it.
    """

    flags: tuple[str, ...] = ()
    marks: tuple[tuple[MarkKind | FormerKind, str], ...] = ()
    tolerances: tuple[tuple[str, str], ...] = ()
    written: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFacts:
    """A recording as its events tell it; times in µs since 1970 UTC."""

    source: str
    mode: str
    started_us: int
    ended_us: int
    calls: CallIdentity
    people: People
    notes: Notes
    beside: ToldBeside


def country_of(told: Iterable[Event]) -> str:
    """How the numbers of a call are written that have no country themselves, "" where unknown."""
    return next((each.country for each in told if isinstance(each, CallOpened)), "")


def marks_in(told: Iterable[Event]) -> tuple[tuple[MarkKind, str], ...]:
    """What source and routes say; of several routes that the call took, what each says."""
    events = tuple(told)
    source = next((each.marks for each in events if isinstance(each, CallOpened)), UNMARKED)
    taken = [event for event in events if isinstance(event, RouteTaken)]
    found: list[tuple[MarkKind, str]] = [("route", each.route) for each in taken if each.route]
    said: list[CallMarks] = [each.marks.over(source) for each in taken] or [source]
    return tuple(dict.fromkeys((*found, *(mark for marks in said for mark in marks.told()))))


def _tolerances_of(told: list[Event]) -> tuple[tuple[str, str], ...]:
    """Each code once, with what it was about first."""
    first: dict[str, str] = {}
    for event in told:
        if isinstance(event, Tolerated):
            first.setdefault(event.code, event.detail)
    return tuple(sorted(first.items()))


def _notice_marks(
    opened: CallOpened | None, notices: tuple[Notice, ...], flags: tuple[str, ...]
) -> tuple[tuple[MarkKind, str], ...]:
    """One, of an inline call: nobody else is told anything by us."""
    if opened is None or opened.mode != "inline":
        return ()
    return (("notice", outcome_of(notices, flags)),)


def _refusal_marks(told: Iterable[Event]) -> tuple[tuple[MarkKind, str], ...]:
    """One where a party did not want to be recorded, whether or not that was honoured."""
    is_refused = any(
        isinstance(each, RecordingRefused)
        or (isinstance(each, RecordingPreferred) and each.preference == "off")
        for each in told
    )
    return (("refusal", "yes"),) if is_refused else ()


def _flags_of(told: list[Event], notices: tuple[Notice, ...]) -> tuple[str, ...]:
    """What was flagged, and that a party says that no notice has come.

    Whether a side is a guess is said where sides are decided.
    """
    flags: set[str] = {event.flag for event in told if isinstance(event, Flagged)}
    flags.discard(SIDE_GUESSED)
    spoken = (event for event in told if isinstance(event, StreamPartyKnown))
    tolerated = (event.code for event in told if isinstance(event, Tolerated))
    if any(event.also for event in spoken) or _MIXED_STREAM in tolerated:
        flags.add(MIXED)
    if any(each.is_last and each.outcome == UNHEARD for each in notices):
        flags.add(NOTICE_UNHEARD)
    return tuple(sorted(flags))


def _marks(
    told: list[Event], changes: Sequence[Change]
) -> tuple[tuple[MarkKind | FormerKind, str], ...]:
    corrected = correct_marks(marks_in(told), changes)
    former = ((FORMER[kind], value) for kind, value in corrected.former if kind in FORMER)
    return (*corrected.in_force, *former)


def _people(told: list[Event], changes: Sequence[Change], country: str, ended_us: int) -> People:
    legs = legs_of(told, country, ended_us)
    return People(
        legs=legs,
        corrected=correct_legs(legs, changes, country),
        evidence=evidence_in(told),
        holds=holds_in(told, ended_us),
    )


def describe(
    events: Iterable[tuple[int, Event]],
    corrections: Sequence[Correction] = (),
    *,
    first_us: int,
    last_us: int,
) -> RecordingFacts:
    """Tell a recording from its (serial, event) pairs, in any order, repetitions allowed.

    `corrections` come behind all events, in the order in which they were written. `first_us` and
    `last_us` are the arrivals of its first and last packet over all parts known.
    """
    told = [event for _, event in sorted(dict(events).items())]
    changes = [each.change for each in corrections]
    opened = next((event for event in told if isinstance(event, CallOpened)), None)
    started_us = opened.at_us if opened else first_us
    ended_us = max(started_us, call_ended_us(told, last_us))
    notices = notices_in(told)
    flags = _flags_of(told, notices)
    notes = Notes(
        flags=flags,
        marks=(
            *_marks(told, changes),
            *_notice_marks(opened, notices, flags),
            *_refusal_marks(told),
        ),
        tolerances=_tolerances_of(told),
        written=tuple(each.text for each in changes if isinstance(each, NoteWritten)),
    )
    return RecordingFacts(
        source=opened.source if opened else "",
        mode=opened.mode if opened else "",
        started_us=started_us,
        ended_us=ended_us,
        calls=identity_in(told),
        people=_people(told, changes, country_of(told), ended_us),
        notes=notes,
        beside=told_beside(told, country_of(told)),
    )
