"""What is counted of the candidates."""

import random
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np

from archive.locate.answer.candidates import MOST_COUNTED, within_reach
from archive.locate.answer.facets import MAX_VALUES, facets, histogram
from archive.locate.answer.question import Question, next_question
from tests.support.archive.candidates import Row, candidates_of
from tests.support.archive.conversation_facts import local_us


def test_a_facet_counts_values_the_most_frequent_first() -> None:
    """And how many have none."""
    rows = [
        Row(begin_us=local_us(2026, 10, 29), has={"queue": queue} if queue else {})
        for queue in ("契約", "解約", "契約", "", "受付")
    ]

    (found,) = facets(candidates_of(rows))

    assert found.kind == "queue"
    assert found.values == (("契約", 2), ("受付", 1), ("解約", 1))
    assert (found.others, found.unknown) == (0, 1)


def test_what_a_facet_does_not_name_is_counted_too() -> None:
    """Nothing is cut off in silence."""
    rows = [
        Row(begin_us=local_us(2026, 10, 29), has={"agent": f"A{at:02}"})
        for at in range(MAX_VALUES + 7)
    ]

    (found,) = facets(candidates_of(rows))

    assert (len(found.values), found.others) == (MAX_VALUES, 7)


def test_days_and_hours_are_those_of_the_zone_of_the_answer() -> None:
    """29 October 2026 was a Thursday; in New York it was still the day before."""
    rows = [
        Row(begin_us=local_us(2026, 10, 29, 9, 30)),
        Row(begin_us=local_us(2026, 10, 29, 17, 42)),
        Row(begin_us=local_us(2026, 11, 2, 0, 0)),
    ]

    here = histogram(candidates_of(rows))
    there = histogram(candidates_of(rows, zone=ZoneInfo("America/New_York")))

    assert here.days == ((date(2026, 10, 29), 2), (date(2026, 11, 2), 1))
    assert (here.hours[3][9], here.hours[3][17], here.hours[0][0]) == (1, 1, 1)
    assert sum(map(sum, here.hours)) == 3
    assert there.days == (
        (date(2026, 10, 28), 1), (date(2026, 10, 29), 1), (date(2026, 11, 1), 1),
    )  # fmt: skip
    # Summer time ended there that morning: 15:00 UTC is 10:00.
    assert there.hours[6][10] == 1


def test_of_no_candidates_nothing_is_counted() -> None:
    """It is an answer too."""
    none = candidates_of([], kinds=("agent",))

    assert facets(none)[0].values == ()
    assert histogram(none).days == ()
    assert next_question(none, ()) is None


def test_candidates_are_what_one_false_memory_may_have_put_behind_the_best() -> None:
    """More than can be counted are said to be more."""
    assert within_reach(np.array([20.0, 11.0, 10.9])) == (2, False)
    assert within_reach(np.array([])) == (0, False)
    assert within_reach(np.zeros(MOST_COUNTED)) == (MOST_COUNTED, False)
    assert within_reach(np.zeros(MOST_COUNTED + 1)) == (MOST_COUNTED, True)


def test_who_may_see_half_is_told_what_a_catalog_of_that_half_tells() -> None:
    """Labels of calls out of reach give codes away, and no more: not the order, not a digit."""
    draw = random.Random(1)  # noqa: S311  # no secret
    rows = [
        Row(
            begin_us=local_us(2026, 10, 1) + draw.randrange(30 * 86_400_000_000),
            chance=draw.random(),
            has={
                "agent": draw.choice(["田中", "中田", "佐藤"]),
                "queue": draw.choice(["契約", "解約"]),
                "last_digits": str(draw.randrange(1_000, 9_999)),
                "surname": draw.choice(["田中", "中田", "佐藤"]),
            },
        )
        for _ in range(400)
    ]

    half = candidates_of(rows)
    of_the_whole = candidates_of(rows, strangers=("中田", "鈴木", "0000", "解約", "夜間"))

    assert facets(half) == facets(of_the_whole)
    assert histogram(half) == histogram(of_the_whole)
    for asked in ((), (Question.LAST_DIGITS,), (Question.LAST_DIGITS, Question.WEEKDAY)):
        assert next_question(half, (), asked) is next_question(of_the_whole, (), asked)
