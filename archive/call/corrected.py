"""What corrections do to the legs and marks that a recording's events tell of.

Pure. Knows nothing of the catalog, of the table of agents, or of who corrects.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, assert_never

from archive.attributes import MarkKind
from archive.call.corrections import (
    AgentCorrected,
    ByParticipant,
    BySide,
    ByStream,
    Change,
    Confidence,
    ControllerCorrected,
    LegChange,
    NoteWritten,
    NumberCorrected,
    PurposeCorrected,
    QueueCorrected,
    SideCorrected,
    TagAdded,
    TagRemoved,
    Whom,
)
from archive.call.events import Side
from archive.call.legs import LegAddress, LegFacts, LegStream
from archive.call.numbers import read_number
from archive.folded_names import fold_name

FormerKind = Literal["former_queue", "former_tag", "former_purpose", "former_controller"]
Mark = tuple[MarkKind, str]
# What was said before is found as well, and decides over nobody's access.
FORMER: Final[dict[MarkKind, FormerKind]] = {
    "queue": "former_queue",
    "tag": "former_tag",
    "purpose": "former_purpose",
    "controller": "former_controller",
}


@dataclass(frozen=True, slots=True)
class CorrectedAgent:
    """Who took part, as somebody says; "" for nobody of ours."""

    agent_id: str
    confidence: Confidence = "certain"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedLeg:
    """A leg with its addresses in force, and what was said of it in the place of its events.

    The last of the `sides` and of the `agents` is in force; () where nobody has said anything.
    """

    facts: LegFacts
    sides: tuple[Side, ...] = ()
    agents: tuple[CorrectedAgent, ...] = ()
    former_addresses: tuple[LegAddress, ...] = ()

    @property
    def side(self) -> Side | None:
        """The side that somebody has said, None where nobody has."""
        return self.sides[-1] if self.sides else None

    @property
    def agent(self) -> CorrectedAgent | None:
        """The agent whom somebody has named, None where nobody has."""
        return self.agents[-1] if self.agents else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedMarks:
    """The marks in force, and those that were in force before."""

    in_force: tuple[Mark, ...]
    former: tuple[Mark, ...] = ()


def correct_legs(
    legs: Sequence[LegFacts], changes: Iterable[Change], country: str
) -> tuple[CorrectedLeg, ...]:
    """The legs in their order, each with what the changes in their order say of it."""
    found = tuple(CorrectedLeg(facts=leg) for leg in legs)
    for change in changes:
        match change:
            case AgentCorrected() | SideCorrected() | NumberCorrected():
                meant = change.whom
                found = tuple(
                    _changed(leg, change, country) if _is_meant(leg.facts, meant) else leg
                    for leg in found
                )
            case _:
                pass
    return found


def _is_meant(leg: LegFacts, whom: Whom) -> bool:
    match whom:
        case ByParticipant(participant=participant):
            return leg.participant == participant
        case ByStream(stream=stream):
            return LegStream(stream, "sends") in leg.streams
        case BySide():
            # What is kept says who was on that side when it was written.
            return False
        case _:
            assert_never(whom)


def _changed(leg: CorrectedLeg, change: LegChange, country: str) -> CorrectedLeg:
    match change:
        case AgentCorrected(agent_id=agent_id, confidence=confidence):
            agents = (*leg.agents, CorrectedAgent(agent_id, confidence))
            sides: tuple[Side, ...] = (*leg.sides, "agent") if agent_id else leg.sides
            return replace(leg, agents=agents, sides=sides)
        case SideCorrected(side=side):
            nobody = leg.agent is not None and side == "customer"
            agents = (*leg.agents, CorrectedAgent("")) if nobody else leg.agents
            return replace(leg, agents=agents, sides=(*leg.sides, side))
        case NumberCorrected(number=number):
            return _with_number(leg, number, country)
        case _:
            assert_never(change)


def _with_number(leg: CorrectedLeg, number: str, country: str) -> CorrectedLeg:
    new = (LegAddress(aor="", number=read_number(number, country)),) if number else ()
    former = dict.fromkeys((*leg.former_addresses, *leg.facts.addresses))
    return replace(
        leg,
        facts=replace(leg.facts, addresses=new),
        former_addresses=tuple(each for each in former if each not in new),
    )


def correct_marks(marks: Sequence[Mark], changes: Iterable[Change]) -> CorrectedMarks:
    """What the changes in their order make of the marks that events tell of."""
    now, seen = tuple(marks), tuple(marks)
    for change in changes:
        now = _marked(now, change)
        seen = (*seen, *now)
    held = {(kind, fold_name(value)) for kind, value in now}
    former = (each for each in seen if (each[0], fold_name(each[1])) not in held)
    return CorrectedMarks(in_force=now, former=tuple(dict.fromkeys(former)))


def _marked(marks: tuple[Mark, ...], change: Change) -> tuple[Mark, ...]:
    match change:
        case QueueCorrected(queue=queue):
            return _with(marks, "queue", (queue,))
        case ControllerCorrected(controller=controller):
            return _with(marks, "controller", (controller,))
        case PurposeCorrected(purposes=purposes):
            return _with(marks, "purpose", purposes)
        case TagAdded(tag=tag):
            return (*_without_tag(marks, tag), ("tag", tag))
        case TagRemoved(tag=tag):
            return _without_tag(marks, tag)
        case AgentCorrected() | SideCorrected() | NumberCorrected() | NoteWritten():
            return marks
        case _:
            assert_never(change)


def _with(marks: tuple[Mark, ...], kind: MarkKind, values: tuple[str, ...]) -> tuple[Mark, ...]:
    """These values in the place of those of the kind; "" is none."""
    new: list[Mark] = [(kind, value) for value in dict.fromkeys(values) if value]
    return (*(each for each in marks if each[0] != kind), *new)


def _without_tag(marks: tuple[Mark, ...], tag: str) -> tuple[Mark, ...]:
    gone = ("tag", fold_name(tag))
    return tuple(each for each in marks if (each[0], fold_name(each[1])) != gone)
