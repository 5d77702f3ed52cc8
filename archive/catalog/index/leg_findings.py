"""What is decided of a recording's legs: sides, direction, agents, and what they were before.

From what the events tell, the table of agents and corrections. Knows nothing of how rows are
written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from archive.call.corrected import CorrectedLeg
from archive.call.direction import Course, decide
from archive.call.facts import People
from archive.call.legs import Decided, LegFacts
from archive.catalog.index.attribution import (
    Attribution,
    Seat,
    attribution_of,
    corrected_attribution,
    seats_of,
)
from archive.catalog.index.former_seats import former_agents
from archive.catalog.index.legs import FormerLeg, IndexedLeg


@dataclass(frozen=True, slots=True, kw_only=True)
class LegFindings:
    """Who called whom, and the legs with their sides and agents in force."""

    course: Course
    legs: tuple[IndexedLeg, ...]


def judge(connection: Connection, tenant: int, people: People) -> LegFindings:
    """Decide as the events and the table have it, then as it was corrected."""
    seats = seats_of(connection, tenant, people.legs)
    course = decide(people.legs, people.evidence, [seat is not None for seat in seats])
    former = _former_seats(connection, tenant, people.legs, seats)
    told = [
        IndexedLeg(
            facts=leg,
            decided=decided,
            attribution=attribution_of(leg, decided, seat),
            party=party,
            party_because=course.called.because if party else "",
        )
        for leg, decided, seat, party in zip(
            people.legs, course.sides, seats, course.called.parties(people.legs), strict=True
        )
    ]
    told = [
        replace(leg, former=replace(leg.former, agents=_others(leg.attribution, agents)))
        for leg, agents in zip(told, former, strict=True)
    ]
    if all(_is_untouched(leg) for leg in people.corrected):
        return LegFindings(course=course, legs=tuple(told))
    return _corrected(connection, tenant, people, told)


def _former_seats(
    connection: Connection, tenant: int, legs: Sequence[LegFacts], seats: Sequence[Seat | None]
) -> Sequence[tuple[str, ...]]:
    """Of seats that somebody has now: whose row is gone from the table is nobody's, then too."""
    if not any(seats):
        return [()] * len(legs)
    found = former_agents(connection, tenant, legs)
    return [agents if seat else () for agents, seat in zip(found, seats, strict=True)]


def _others(now: Attribution, agents: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in agents if each not in {"", now.agent_id}))


def _is_untouched(leg: CorrectedLeg) -> bool:
    return not leg.sides and not leg.agents and not leg.former_addresses


def _corrected(
    connection: Connection, tenant: int, people: People, told: Sequence[IndexedLeg]
) -> LegFindings:
    legs = people.corrected
    seats = _seats(connection, tenant, legs)
    course = decide(
        people.legs,
        people.evidence,
        [seat is not None for seat in seats],
        [leg.side for leg in legs],
    )
    whose = [
        _attribution(connection, tenant, leg, (decided, seat))
        for leg, decided, seat in zip(legs, course.sides, seats, strict=True)
    ]
    return LegFindings(
        course=course,
        legs=tuple(
            replace(
                before,
                facts=leg.facts,
                decided=decided,
                attribution=now,
                former=_former(leg, before, now),
            )
            for leg, decided, now, before in zip(legs, course.sides, whose, told, strict=True)
        ),
    )


def _seats(
    connection: Connection, tenant: int, legs: Sequence[CorrectedLeg]
) -> tuple[Seat | None, ...]:
    """Whom somebody has named, or said to be nobody, sits nowhere else."""
    facts: list[LegFacts] = [leg.facts for leg in legs]
    found = seats_of(connection, tenant, facts)
    return tuple(seat if leg.agent is None else None for leg, seat in zip(legs, found, strict=True))


def _attribution(
    connection: Connection, tenant: int, leg: CorrectedLeg, judged: tuple[Decided, Seat | None]
) -> Attribution:
    if leg.agent is not None:
        return corrected_attribution(connection, tenant, leg.agent, leg.facts.from_us)
    return attribution_of(leg.facts, *judged)


def _former(leg: CorrectedLeg, before: IndexedLeg, now: Attribution) -> FormerLeg:
    by_table = (*before.former.agents, before.attribution.agent_id)
    agents = (*by_table, *(each.agent_id for each in leg.agents))
    return FormerLeg(
        addresses=leg.former_addresses,
        agents=_others(now, agents),
        sides=tuple(dict.fromkeys((before.decided.side, *leg.sides))),
    )
