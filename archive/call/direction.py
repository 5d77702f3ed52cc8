"""Which side each leg is on, and who called whom: from what capture wrote and the agents' table.

Pure (the order of evidence is docs/siprec.md, Sides and direction). Knows nothing of the catalog.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from archive.call.callers import Called, CalledBecause, CallEvidence, person_at, who_called
from archive.call.event_values import GUESSES, is_guess
from archive.call.events import CallOpened, Side
from archive.call.legs import Decided, LegFacts
from archive.call.number_shape import sides_by_shape
from archive.call.numbers import Number

Direction = Literal["inbound", "outbound", "internal", "unknown"]
UNKNOWN: Final = "unknown"
DirectionBecause = CalledBecause | Literal["call_type", "route"]
# Of these the table of agents knows better: whom somebody of ours talks to may be ours as well.
WEAK: Final = frozenset({*GUESSES, "counterpart"})
AGENT_TABLE: Final = "agent_table"
CORRECTION: Final = "correction"
_OTHER_SIDE: Final[dict[Side, Side]] = {"customer": "agent", "agent": "customer"}
_TWO: Final = 2
_CALLED_BY: Final[dict[str, Direction]] = {"customer": "inbound", "agent": "outbound"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The direction of a call, what it was decided from, the sides of its legs, who called whom."""

    direction: Direction
    because: DirectionBecause
    sides: tuple[Decided, ...]
    called: Called


def decide(
    legs: Sequence[LegFacts],
    told: CallEvidence,
    seated: Sequence[bool],
    corrected: Sequence[Side | None] = (),
) -> Course:
    """Sides first, then direction; `seated` are the legs whose number is in the agents' table.

    `corrected` are the sides that somebody has said, None of the others.
    """
    sides = _sides(legs, told, seated, corrected)
    called = who_called(legs, told)
    direction, because = _direction(legs, told, sides, called)
    return Course(direction=direction, because=because, sides=sides, called=called)


def _sides(
    legs: Sequence[LegFacts],
    evidence: CallEvidence,
    seated: Sequence[bool],
    corrected: Sequence[Side | None],
) -> tuple[Decided, ...]:
    """What capture decided, unless the agents' table, or somebody who corrects it, knows better.

    Evidence counts for the whole call. Without any the shape of numbers goes before the order of
    streams.
    """
    told = tuple(leg.decided for leg in legs)
    if any(seated):
        has_evidence = any(corrected) or not all(is_guess(each.because) for each in told)
        told = tuple(
            _with_table(leg, has_evidence=has_evidence, is_seated=sits)
            for leg, sits in zip(legs, seated, strict=True)
        )
    if any(corrected):
        told = tuple(
            Decided(side=side, because=CORRECTION) if side else decided
            for decided, side in zip(told, corrected, strict=True)
        )
    if all(is_guess(each.because) for each in told):
        return _by_shape(legs, evidence.opened)
    return _by_evidence(legs, told)


def _by_evidence(legs: Sequence[LegFacts], told: Sequence[Decided]) -> tuple[Decided, ...]:
    """What is known of somebody holds for all stays; of two, a guess follows from the other one."""
    people = {person_at(legs, place) for place in range(len(legs))}
    known = {
        person_at(legs, place): each
        for place, each in enumerate(told)
        if not is_guess(each.because)
    }
    facing = {_OTHER_SIDE.get(each.side) for each in known.values()}
    other = facing.pop() if len(people) == _TWO and len(facing) == 1 else None
    guess = Decided(side=other, because="counterpart") if other is not None else None
    return tuple(
        known.get(person_at(legs, place), _guessed(each, guess)) if is_guess(each.because) else each
        for place, each in enumerate(told)
    )


def _guessed(told: Decided, guess: Decided | None) -> Decided:
    """Whoever takes a place stands in it alone: the other one says nothing of him."""
    return told if guess is None or told.because == "place" else guess


def _by_shape(legs: Sequence[LegFacts], opened: CallOpened | None) -> tuple[Decided, ...]:
    """As the numbers of all who were in the call look, where they tell them apart."""
    people: dict[str | int, list[Number]] = {}
    for place, leg in enumerate(legs):
        numbers = people.setdefault(person_at(legs, place), [])
        numbers.extend(each.number for each in leg.addresses)
    shapes = sides_by_shape(tuple(people.values()), opened.country if opened else "")
    if not shapes:
        return tuple(leg.decided for leg in legs)
    by_person = dict(zip(people, shapes, strict=True))
    return tuple(
        Decided(side=by_person[person_at(legs, place)], because="number_shape")
        for place in range(len(legs))
    )


def _with_table(leg: LegFacts, *, has_evidence: bool, is_seated: bool) -> Decided:
    told = leg.decided
    if is_seated and told.because in WEAK:
        return Decided(side="agent", because=AGENT_TABLE)
    if is_guess(told.because) and not has_evidence and leg.addresses:
        return Decided(side="customer", because=AGENT_TABLE)
    return told


def _direction(
    legs: Sequence[LegFacts], told: CallEvidence, sides: Sequence[Decided], called: Called
) -> tuple[Direction, DirectionBecause]:
    if told.route:
        return told.route, "route"
    people = {person_at(legs, place) for place in range(len(legs))}
    is_internal = len(people) > 1 and all(_is_ours(each) for each in sides)
    if told.call_type:
        return "internal" if is_internal else told.call_type, "call_type"
    if called.caller is None:
        return "unknown", ""
    if is_internal:
        return "internal", called.because
    direction = _called_by(legs, sides, called.caller)
    return direction, called.because if direction != "unknown" else ""


def _called_by(legs: Sequence[LegFacts], sides: Sequence[Decided], caller: int) -> Direction:
    """From the side of who called; whom one of ours has called may be ours as well."""
    own = person_at(legs, caller)
    others = [each for place, each in enumerate(sides) if person_at(legs, place) != own]
    is_told = not others or any(not is_guess(each.because) for each in others)
    if is_guess(sides[caller].because) or (_is_ours(sides[caller]) and not is_told):
        return "unknown"
    return _CALLED_BY.get(sides[caller].side, "unknown")


def _is_ours(decided: Decided) -> bool:
    return decided.side == "agent" and not is_guess(decided.because)
