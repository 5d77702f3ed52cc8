"""What corrections make of legs and marks."""

import pytest

from archive.call.corrected import CorrectedAgent, CorrectedLeg, Mark, correct_legs, correct_marks
from archive.call.corrections import (
    AgentCorrected,
    ByParticipant,
    BySide,
    ByStream,
    Change,
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
from archive.call.legs import LegFacts
from tests.support.archive.direction import leg

SATO, TANAKA = leg("0312347788", "customer", stream=0), leg("2001", "agent", stream=1)
OF_SATO = ByParticipant(participant="0312347788")


def corrected(*changes: Change, legs: tuple[LegFacts, ...] = (SATO, TANAKA)) -> list[CorrectedLeg]:
    return list(correct_legs(legs, changes, "JP"))


def marks(*changes: Change) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    told: tuple[Mark, ...] = (
        ("route", "main"), ("queue", "support"), ("purpose", "quality"), ("tag", "Gold"),
    )  # fmt: skip
    found = correct_marks(told, changes)
    return found.in_force[1:], found.former


def test_what_nobody_corrects_is_as_it_was_told() -> None:
    """A note changes nothing but what is read."""
    assert corrected(NoteWritten(text="x")) == [
        CorrectedLeg(facts=SATO),
        CorrectedLeg(facts=TANAKA),
    ]


@pytest.mark.parametrize("whom", [OF_SATO, ByStream(stream=0)])
def test_a_correction_is_of_one_participant(whom: Whom) -> None:
    """The other keeps what is told of him."""
    sato, tanaka = corrected(SideCorrected(whom=whom, side="unknown"))

    assert (sato.side, tanaka.side) == ("unknown", None)


def test_a_side_names_nobody_once_it_is_kept() -> None:
    """Who is on it may be another one after the next correction."""
    change = SideCorrected(whom=BySide(side="customer"), side="agent")

    assert corrected(change) == [CorrectedLeg(facts=SATO), CorrectedLeg(facts=TANAKA)]


def test_all_stays_of_a_participant_are_corrected() -> None:
    """Who joins twice is one person."""
    again = corrected(AgentCorrected(whom=OF_SATO, agent_id="A17"), legs=(SATO, TANAKA, SATO))

    assert [each.agent for each in again] == [CorrectedAgent("A17"), None, CorrectedAgent("A17")]


@pytest.mark.parametrize(
    ("changes", "side", "agent"),
    [
        ((AgentCorrected(whom=OF_SATO, agent_id="A17"),), "agent", "A17"),
        ((AgentCorrected(whom=OF_SATO, agent_id=""),), None, ""),
        (
            (
                AgentCorrected(whom=OF_SATO, agent_id="A17"),
                AgentCorrected(whom=OF_SATO, agent_id="A18"),
            ),
            "agent",
            "A18",
        ),
        (
            (
                AgentCorrected(whom=OF_SATO, agent_id="A17"),
                SideCorrected(whom=OF_SATO, side="customer"),
            ),
            "customer",
            "",
        ),
        (
            (
                SideCorrected(whom=OF_SATO, side="customer"),
                AgentCorrected(whom=OF_SATO, agent_id="A17"),
            ),
            "agent",
            "A17",
        ),
    ],
)
def test_the_last_word_is_in_force(
    changes: tuple[LegChange, ...], side: str | None, agent: str
) -> None:
    """Whoever names an agent says the side, and on the customer's side nobody is one."""
    sato, _ = corrected(*changes)

    assert sato.side == side
    assert sato.agent is not None
    assert sato.agent.agent_id == agent


def test_a_number_stands_in_the_place_of_all_that_were_received() -> None:
    """The former ones are kept, each once."""
    sato, _ = corrected(
        NumberCorrected(whom=OF_SATO, number="03-5550-1234"),
        NumberCorrected(whom=OF_SATO, number="03-5550-9999"),
    )

    assert [at.number.e164 for at in sato.facts.addresses] == ["+81355509999"]
    assert [at.number.e164 for at in sato.former_addresses] == ["+81312347788", "+81355501234"]


def test_a_number_that_is_nobodys_leaves_none() -> None:
    """What is not known is not known."""
    sato, _ = corrected(NumberCorrected(whom=OF_SATO, number=""))

    assert sato.facts.addresses == ()
    assert sato.former_addresses == SATO.addresses


@pytest.mark.parametrize(
    ("changes", "in_force", "former"),
    [
        ((), [("queue", "support"), ("purpose", "quality"), ("tag", "Gold")], []),
        (
            (QueueCorrected(queue="sales"),),
            [("purpose", "quality"), ("tag", "Gold"), ("queue", "sales")],
            [("queue", "support")],
        ),
        (
            (QueueCorrected(queue=""), ControllerCorrected(controller="acme")),
            [("purpose", "quality"), ("tag", "Gold"), ("controller", "acme")],
            [("queue", "support")],
        ),
        (
            (PurposeCorrected(purposes=("training", "quality")),),
            [
                ("queue", "support"), ("tag", "Gold"), ("purpose", "training"),
                ("purpose", "quality"),
            ],
            [],
        ),
        (
            (TagRemoved(tag="gold"), TagAdded(tag="vip"), TagAdded(tag="VIP")),
            [("queue", "support"), ("purpose", "quality"), ("tag", "VIP")],
            [("tag", "Gold")],
        ),
        (
            (TagRemoved(tag="gold"), TagAdded(tag="gold")),
            [("queue", "support"), ("purpose", "quality"), ("tag", "gold")],
            [],
        ),
    ],
)  # fmt: skip
def test_marks_in_force_and_former_ones_are_told_apart(
    changes: tuple[Change, ...], in_force: list[Mark], former: list[Mark]
) -> None:
    """Access follows the first alone; a search finds both."""
    assert marks(*changes) == (tuple(in_force), tuple(former))
