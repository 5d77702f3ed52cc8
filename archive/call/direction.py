"""Which side each leg is on, and who called whom: from what capture wrote and the agents' table.

Pure (the order of evidence is docs/siprec.md, Sides and direction). Knows nothing of the catalog.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from archive.call.events import (
    CallerBecause,
    CallOpened,
    CallType,
    CommunicationSessionKnown,
    Event,
    RouteTaken,
    Side,
)
from archive.call.legs import Decided, LegFacts
from archive.call.numbers import read_number, user_part

Direction = Literal["inbound", "outbound", "internal", "unknown"]
DirectionBecause = CallerBecause | Literal["call_type", "route", "invite", "order"]
# A side that says nothing of who is ours: it follows from the order of streams, or from nothing.
GUESSES: Final = frozenset({"", "first_stream"})
# Of these the table of agents knows better: whom somebody of ours talks to may be ours as well.
WEAK: Final = frozenset({*GUESSES, "counterpart"})
AGENT_TABLE: Final = "agent_table"
CORRECTION: Final = "correction"
_OTHER_SIDE: Final[dict[Side, Side]] = {"customer": "agent", "agent": "customer"}
_TWO: Final = 2
_CALLED_BY: Final[dict[str, Direction]] = {"customer": "inbound", "agent": "outbound"}
_ROUTES: Final[dict[str, CallType]] = {
    "inbound": "inbound",
    "outbound": "outbound",
    "internal": "internal",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvidence:
    """What is told of a call as a whole: how it lies, who called and by what that is known."""

    call_type: CallType = ""
    route: CallType = ""
    caller: str = ""
    caller_because: CallerBecause = ""
    opened: CallOpened | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The direction of a call, what it was decided from, and the sides of its legs, in order."""

    direction: Direction
    because: DirectionBecause
    sides: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class _Caller:
    leg: int
    because: DirectionBecause


def evidence_in(events: Sequence[Event]) -> CallEvidence:
    """The last word of the client on its call, and the route that an inline call took."""
    opened = next((each for each in events if isinstance(each, CallOpened)), None)
    found = CallEvidence(opened=opened)
    for event in events:
        match event:
            case CommunicationSessionKnown():
                found = replace(
                    found,
                    call_type=event.call_type or found.call_type,
                    caller=event.caller or found.caller,
                    caller_because=event.caller_because or found.caller_because,
                )
            case RouteTaken(direction=direction):
                found = replace(found, route=_ROUTES.get(direction, found.route))
            case _:
                pass
    return found


def decide(
    legs: Sequence[LegFacts],
    told: CallEvidence,
    seated: Sequence[bool],
    corrected: Sequence[Side | None] = (),
) -> Course:
    """Sides first, then direction; `seated` are the legs whose number is in the agents' table.

    `corrected` are the sides that somebody has said, None of the others.
    """
    sides = _sides(legs, seated, corrected)
    direction, because = _direction(legs, told, sides)
    return Course(direction=direction, because=because, sides=sides)


def _sides(
    legs: Sequence[LegFacts], seated: Sequence[bool], corrected: Sequence[Side | None]
) -> tuple[Decided, ...]:
    """What capture decided, unless the agents' table, or somebody who corrects it, knows better."""
    told = tuple(leg.decided for leg in legs)
    if any(seated):
        said = any(corrected)
        has_evidence = said or any(each.because not in GUESSES for each in told)
        told = tuple(
            _with_table(leg, has_evidence=has_evidence, is_seated=sits)
            for leg, sits in zip(legs, seated, strict=True)
        )
    return _with_corrections(legs, told, corrected) if any(corrected) else told


def _with_corrections(
    legs: Sequence[LegFacts], told: Sequence[Decided], corrected: Sequence[Side | None]
) -> tuple[Decided, ...]:
    """What somebody has said goes before all else; of two, a guess follows from the other side."""
    others = {_OTHER_SIDE.get(side) for side in corrected if side}
    people = {leg.participant or place for place, leg in enumerate(legs)}
    other = others.pop() if len(others) == 1 and len(people) == _TWO else None
    return tuple(
        Decided(side=side, because=CORRECTION) if side else _facing(decided, other)
        for decided, side in zip(told, corrected, strict=True)
    )


def _facing(decided: Decided, other: Side | None) -> Decided:
    if other is None or decided.because not in GUESSES:
        return decided
    return Decided(side=other, because="counterpart")


def _with_table(leg: LegFacts, *, has_evidence: bool, is_seated: bool) -> Decided:
    told = leg.decided
    if is_seated and told.because in WEAK:
        return Decided(side="agent", because=AGENT_TABLE)
    if told.because in GUESSES and not has_evidence and leg.addresses:
        return Decided(side="customer", because=AGENT_TABLE)
    return told


def _direction(
    legs: Sequence[LegFacts], told: CallEvidence, sides: Sequence[Decided]
) -> tuple[Direction, DirectionBecause]:
    if told.route:
        return told.route, "route"
    people = {leg.participant for leg in legs}
    is_internal = len(people) > 1 and all(each.side == "agent" for each in sides)
    if told.call_type:
        return "internal" if is_internal else told.call_type, "call_type"
    caller = _caller(legs, told)
    if caller is None or sides[caller.leg].because in GUESSES:
        return "unknown", ""
    if is_internal:
        return "internal", caller.because
    called = _CALLED_BY.get(sides[caller.leg].side)
    return (called, caller.because) if called else ("unknown", "")


def _caller(legs: Sequence[LegFacts], told: CallEvidence) -> _Caller | None:
    """The leg of who called: by metadata or dialect, by the INVITE, by the order of people."""
    for place, leg in enumerate(legs):
        if told.caller and leg.participant == told.caller:
            return _Caller(place, told.caller_because)
    # A client's one-way dialogs bring one side each; neither says who called.
    telling = [n for n, leg in enumerate(legs) if leg.decided.because != "client_said"]
    if not telling:
        return None
    opened = told.opened
    if opened is not None and opened.mode == "inline":
        return _Caller(telling[0], "invite")
    if opened is not None:
        for place in telling:
            if _is_at(legs[place], opened.from_uri, opened.country):
                return _Caller(place, "invite")
    named = [place for place in telling if legs[place].participant]
    return _Caller(named[0], "order") if named else None


def _is_at(leg: LegFacts, uri: str, country: str) -> bool:
    user = user_part(uri)
    if not user:
        return False
    e164 = read_number(user, country).e164
    return any(
        user_part(each.aor) == user or (e164 and each.number.e164 == e164) for each in leg.addresses
    )
