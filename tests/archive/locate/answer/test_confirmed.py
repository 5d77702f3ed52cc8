"""When a call is said to be the one that is meant."""

import pytest

from archive.locate.answer.confirmed import MIN_CHANCE, MIN_GAP, Standing, is_confirmed, of_another
from archive.locate.answer.facts import ConversationFacts, Outside, Times
from archive.locate.answer.verdicts import Context, verdicts
from archive.locate.clues import (
    AgentClue,
    Clue,
    CustomerClue,
    DeniedClue,
    DirectionClue,
    ExtensionClue,
    GistClue,
    IdClue,
    LengthClue,
    NumberClue,
    QueueClue,
    Value,
    WhenClue,
)
from archive.locate.numbers import read_remembered
from archive.locate.stretches import Stretch
from tests.support.archive.conversation_facts import TOKYO, call, conversation, local_us

ALONE = Standing(chance=0.9995, gap=8.0)
EVENING = WhenClue(
    (Stretch(begin_us=local_us(2026, 10, 29, 16), end_us=local_us(2026, 10, 29, 19)),)
)
TANAKA, MORISHITA = AgentClue(("田中",)), CustomerClue(("森下",))


def number(text: str) -> NumberClue:
    """As it is told."""
    return NumberClue(read_remembered(text, "JP"))


def confirmed(
    *values: Value, standing: Standing = ALONE, facts: ConversationFacts | None = None
) -> bool:
    """Of the call of Ms Morishita with Ms Tanaka."""
    clues = [Clue(value=each) for each in values]
    return is_confirmed(
        clues, verdicts(clues, facts or conversation(), Context(zone=TOKYO)), standing
    )


def test_that_it_was_another_one_confirms_nothing_and_that_it_is_the_one_speaks_against_it() -> (
    None
):
    """Everybody is somebody else."""
    other = DeniedClue(AgentClue(("加藤",)))

    assert confirmed(number("7788"), MORISHITA)
    assert not confirmed(number("7788"), other)
    assert not confirmed(MORISHITA, TANAKA, DeniedClue(number("7788")))


@pytest.mark.parametrize(
    "told",
    [
        (number("7788"), MORISHITA),
        (number("090-1234-7788"), TANAKA),
        (number("090-****-7788"), QueueClue(("契約",))),
        (MORISHITA, GistClue("契約の確認")),
        (IdClue("1-abc@pbx"), GistClue("契約の確認")),
        (GistClue("A-20458"), TANAKA),
        (GistClue("A-20458"), GistClue("契約の確認")),
    ],
)
def test_two_things_that_only_who_was_there_knows_confirm_a_call(told: tuple[Value, ...]) -> None:
    """Number, customer, an id or order number, what it was about, who was spoken with."""
    assert confirmed(EVENING, *told)


@pytest.mark.parametrize(
    "told",
    [
        (EVENING, number("7788")),
        (EVENING, TANAKA, QueueClue(("契約",)), ExtensionClue(number("内線2101").number)),
        (EVENING, MORISHITA, LengthClue(min_ms=0, max_ms=900_000), DirectionClue("inbound")),
        (number("788"), TANAKA),
        (number("090で始まる"), TANAKA),
        (number("7789"), TANAKA),
        (GistClue("契約"), GistClue("内容の確認")),
        (IdClue("1-abc@pbx"), GistClue("A-20458")),
    ],
)
def test_one_thing_told_in_several_ways_confirms_nothing(told: tuple[Value, ...]) -> None:
    """Agent, queue and extension are one; time is none; three digits are anybody's."""
    assert not confirmed(*told)


@pytest.mark.parametrize(
    "against", [number("5566"), CustomerClue(("五十嵐",)), IdClue("2-abc@pbx"), GistClue("B-77120")]
)
def test_a_call_of_which_the_person_is_another_is_never_confirmed(against: Value) -> None:
    """Two of one household have one telephone, and may have spoken with one agent."""
    right = [
        each for each in (number("7788"), MORISHITA, TANAKA) if type(each) is not type(against)
    ]

    assert confirmed(*right)
    assert not confirmed(*right, against)
    clues = [Clue(value=each) for each in (*right, against)]
    found = verdicts(clues, conversation(), Context(zone=TOKYO))
    assert of_another(clues, found) == (len(right),)


@pytest.mark.parametrize(
    "standing",
    [Standing(chance=MIN_CHANCE - 0.001, gap=9.0), Standing(chance=1.0, gap=MIN_GAP - 0.1)],
)
def test_where_another_call_fits_as_well_none_is_confirmed(standing: Standing) -> None:
    """Of a burst of calls it may be either; or the call may be none that is kept."""
    assert not confirmed(number("7788"), MORISHITA, TANAKA, standing=standing)


def test_a_call_of_which_too_little_is_kept_is_not_confirmed() -> None:
    """Of one that was not recorded time and number are known."""
    bare = call(
        times=Times(begin_us=local_us(2026, 10, 29, 17)),
        outside=Outside(numbers=("88774321",)),
        agents=(),
    )

    assert not confirmed(number("7788"), TANAKA, facts=conversation(bare, state="not_recorded"))
