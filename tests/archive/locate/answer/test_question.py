"""Which question is asked next."""

import pytest

from archive.locate.answer.question import Question, next_question
from archive.locate.clues import (
    AgentClue,
    Clue,
    CustomerClue,
    DeniedClue,
    DirectionClue,
    HappenedClue,
    LengthClue,
    NumberClue,
    QueueClue,
    TeamClue,
    Value,
    WhenClue,
)
from archive.locate.numbers import read_remembered
from tests.support.archive.candidates import Row, candidates_of
from tests.support.archive.conversation_facts import local_us

AT = local_us(2026, 10, 29, 17)
DAY = 86_400_000_000


def same_time(kind: str, *values: str, chance: float = 1.0) -> list[Row]:
    """Calls of one moment that differ in one thing."""
    return [Row(begin_us=AT, chance=chance, has={kind: each} if each else {}) for each in values]


@pytest.mark.parametrize(
    "question", [each for each in Question if each not in ("month", "weekday", "half_day")]
)
def test_what_tells_the_candidates_apart_is_asked(question: Question) -> None:
    """All else is the same of both."""
    assert next_question(candidates_of(same_time(question.value, "a", "b")), ()) is question


@pytest.mark.parametrize(
    ("begins", "question"),
    [
        ((AT, AT - 14 * DAY, AT - 28 * DAY), None),
        ((AT, AT - 28 * DAY, AT - 56 * DAY), Question.MONTH),
        ((AT, AT - DAY, AT - 2 * DAY), Question.WEEKDAY),
        ((AT, AT - DAY // 4), Question.HALF_DAY),
    ],
)
def test_months_weekdays_and_halves_of_the_day_are_those_of_the_zone(
    begins: tuple[int, ...], question: Question | None
) -> None:
    """Thursdays of one month at one hour are told apart by none of them."""
    assert next_question(candidates_of([Row(begin_us=each) for each in begins]), ()) is question


def test_who_it_was_not_is_no_answer_to_who_it_was() -> None:
    clues = [Clue(value=DeniedClue(AgentClue(("田中",))))]
    candidates = candidates_of(same_time("surname", "田中", "中田"))

    assert next_question(candidates, clues) is Question.SURNAME


def test_the_question_that_says_most_comes_first() -> None:
    """Four kinds of digits say more than two queues."""
    rows = [
        Row(begin_us=AT, has={"last_digits": str(at), "queue": "ab"[at % 2]}) for at in range(4)
    ]

    assert next_question(candidates_of(rows), ()) is Question.LAST_DIGITS
    assert next_question(candidates_of(rows), (), [Question.LAST_DIGITS]) is Question.QUEUE


def test_it_is_weighed_by_how_likely_each_candidate_is() -> None:
    """What tells the two likeliest apart, not what tells many that are hardly meant."""
    likely = [
        Row(begin_us=AT, chance=0.45, has={"queue": each, "last_digits": "1"}) for each in "ab"
    ]
    hardly = [
        Row(begin_us=AT, chance=0.001, has={"queue": "c", "last_digits": str(each)})
        for each in range(2, 9)
    ]

    assert next_question(candidates_of([*likely, *hardly]), ()) is Question.QUEUE


def test_what_is_known_of_few_candidates_is_asked_last() -> None:
    """Digits that two calls of ten have tell those two apart, and no others."""
    rows = [
        Row(
            begin_us=AT,
            has={"transferred": "yn"[at % 2]} | ({"last_digits": str(at)} if at < 2 else {}),
        )
        for at in range(10)
    ]

    assert next_question(candidates_of(rows), ()) is Question.TRANSFERRED


def test_where_one_candidate_is_left_nothing_is_asked() -> None:
    """Nor where none of the answers would tell."""
    assert next_question(candidates_of(same_time("queue", "a")), ()) is None
    assert next_question(candidates_of(same_time("queue", "a", "a", "")), ()) is None


TOLD: list[tuple[Value, str]] = [
    (NumberClue(read_remembered("7788", "JP")), "last_digits"),
    (NumberClue(read_remembered("非通知", "JP")), "last_digits"),
    (AgentClue(("田中",)), "surname"),
    (QueueClue(("契約",)), "queue"),
    (TeamClue(("契約",)), "team"),
    (DirectionClue("inbound"), "direction"),
    (LengthClue(min_ms=0, max_ms=1), "length"),
    (CustomerClue(("森下",)), "customer"),
    (HappenedClue("transferred", was=False), "transferred"),
]


@pytest.mark.parametrize(("clue", "kind"), TOLD)
def test_nobody_is_asked_for_what_he_has_told(clue: Value, kind: str) -> None:
    """He would think that nobody listens."""
    rows = candidates_of(same_time(kind, "a", "b"))

    assert next_question(rows, [Clue(value=clue)]) is None


def test_what_is_told_in_part_may_be_asked_in_full() -> None:
    """The first digits of a number are not the last, a day is not a time of day."""
    digits = candidates_of(same_time("last_digits", "a", "b"))
    noon = candidates_of([Row(begin_us=AT), Row(begin_us=AT - DAY // 4)])
    first = NumberClue(read_remembered("090で始まる", "JP"))

    assert next_question(digits, [Clue(value=first)]) is Question.LAST_DIGITS
    assert next_question(noon, [Clue(value=WhenClue((), clock=False))]) is Question.HALF_DAY
    assert next_question(noon, [Clue(value=WhenClue((), days=False))]) is None
