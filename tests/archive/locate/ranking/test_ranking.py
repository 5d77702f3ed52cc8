"""Clues together: order, chances, reach."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from archive.agent_table import ALWAYS_US, FOREVER_US, AgentPeriod
from archive.locate.clues import (
    AgentClue,
    DirectionClue,
    LengthClue,
    NumberClue,
    QueueClue,
    TeamClue,
    Value,
)
from archive.locate.numbers import Form, RememberedNumber
from archive.locate.ranking.asked import CodedNumbers, Unrecorded
from archive.locate.ranking.explained import explain
from archive.locate.ranking.ranked_calls import rank
from tests.support.archive.ranked_calls import (
    INBOUND,
    OUTBOUND,
    TOKYO,
    TRANSFERRED,
    WITHHELD,
    Call,
    asked,
    between,
    months_of,
    places,
    ranked,
    score,
    us,
)
from tests.support.archive.seated import seated

AFTERNOON = datetime(2026, 10, 20, 14, tzinfo=TOKYO)
WHEN = between(AFTERNOON, AFTERNOON + timedelta(hours=1))
ENDS_7788 = NumberClue(RememberedNumber(form=Form.LAST, digits="7788"))
SURNAMES = (
    ("東海林", "しょうじ"),
    ("東海林", "とうかいりん"),
    ("中田", "なかだ"),
    ("田中", "たなか"),
)
PEOPLE = {
    at: AgentPeriod(
        agent_id=str(at),
        name=name,
        kana=kana,
        romaji="",
        aliases=(),
        extension=str(2_600 + at),
        valid_from_us=ALWAYS_US,
        valid_to_us=FOREVER_US,
        team=f"team {at % 3}",
    )
    for at, (name, kana) in enumerate(SURNAMES, 1)
}


def _drawn(count: int, seed: int) -> list[Call]:
    dice = np.random.default_rng(seed)
    begin = datetime(2026, 8, 28, tzinfo=TOKYO)
    return [
        Call(
            row=row,
            at=begin + timedelta(seconds=int(dice.integers(60 * 86_400))),
            number=str(819_000_000_000 + int(dice.integers(20_000))) if dice.random() < 0.9 else "",
            agent={"p": int(dice.integers(1, 5))} if dice.random() < 0.9 else {},
            queue=str(dice.choice(["", "sales", "billing", "support"])),
            team=str(dice.choice(["A", "B"])),
            length_s=int(dice.integers(5, 4_000)),
            flags=int(dice.choice([INBOUND, OUTBOUND, INBOUND | TRANSFERRED])),
            conversation=row - int(dice.random() < 0.1),
        )
        for row in range(1, count + 1)
    ]


CLUES: tuple[Value, ...] = (
    WHEN,
    AgentClue(("しょうじ", "たなか")),
    TeamClue(("team 1",)),
    QueueClue(("sales",)),
    NumberClue(RememberedNumber(form=Form.FIRST, digits="8190", ending="88")),
    LengthClue(min_ms=500_000, max_ms=700_000),
    DirectionClue("outbound"),
)


@pytest.mark.parametrize("seed", range(8))
def test_who_may_see_half_gets_what_a_catalog_of_that_half_gives(seed: int) -> None:
    """To the last digit: no count, no name and no reading of others comes in."""
    calls = _drawn(600, seed)
    if seed % 2:  # those who read 東海林 the other way are of the other half
        calls = [each for each in calls if each.team == "B" or each.agent.get("p") != 2]
    half = [each for each in calls if each.team == "A"]
    more = {"people": seated(PEOPLE), "destroyed_us": np.array([us(AFTERNOON)])}

    within = rank(months_of(calls, lambda told: told["t"] == ["A"]), asked(*CLUES, **more), 50)
    alone = rank(months_of(half), asked(*CLUES, **more), 50)

    assert within.candidates == alone.candidates
    assert within.chances == alone.chances
    assert within.destroyed.tolist() == alone.destroyed.tolist()
    told = explain(within.weighed, within.candidates)
    assert told == explain(alone.weighed, alone.candidates)
    assert all(told)


def test_nobody_beyond_reach_says_how_a_name_is_read() -> None:
    """Of the two who are written so one is read as a third is; whose calls may not be seen."""
    people = PEOPLE | {5: replace(PEOPLE[2], agent_id="K-5", name="遠海林")}
    calls = [Call(row=row, agent={"p": row}, team="B" if row == 2 else "A") for row in (1, 2, 5)]
    clue = asked(AgentClue(("東海林",)), people=seated(people))

    within = rank(months_of(calls, lambda told: told["t"] == ["A"]), clue, 9)
    alone = rank(months_of([calls[0], calls[2]]), clue, 9)

    assert within.candidates == alone.candidates
    assert score(within, 5) < score(rank(months_of(calls), clue, 9), 5) - 1


def test_rows_that_only_some_recordings_admit_are_as_if_there_were_no_others() -> None:
    calls = _drawn(300, 1)
    allowed = np.array([row % 3 == 0 for row in range(302)])
    allowed[-1] = False
    own = [each for each in calls if each.row % 3 == 0]

    months = [type(each)(each.month, each.rows, each.reached, allowed) for each in months_of(calls)]
    within = rank(months, asked(*CLUES, people=seated(PEOPLE)), 50)
    alone = rank(months_of(own), asked(*CLUES, people=seated(PEOPLE)), 50)

    assert within.candidates == alone.candidates
    assert within.chances == alone.chances


def test_a_conversation_stands_once_by_its_best_row() -> None:
    calls = [
        Call(row=1, at=AFTERNOON, number="819011117788", conversation=5),
        Call(row=2, at=AFTERNOON, number="819011110000", conversation=5),
        Call(row=3, at=AFTERNOON, number="819011111111"),
    ]

    ranking = ranked(calls, ENDS_7788)

    assert places(ranking) == [5, 3]
    assert ranking.candidates[0].recording == 1


def test_of_equals_the_newest_is_first_and_then_the_last_that_came() -> None:
    calls = [
        Call(row=1, at=AFTERNOON),
        Call(row=3, at=AFTERNOON),
        Call(row=2, at=AFTERNOON + timedelta(minutes=1)),
    ]

    assert places(ranked(calls, WHEN)) == [2, 3, 1]
    assert places(ranked(calls[::-1], WHEN)) == [2, 3, 1]


def test_what_each_clue_says_adds_up_to_the_score() -> None:
    calls = _drawn(200, 3)
    clues = (*CLUES, NumberClue(RememberedNumber(form=Form.WITHHELD)))

    ranking = ranked(calls, *clues, people=seated(PEOPLE))

    some = ranking.candidates[:20]
    for each, told in zip(some, explain(ranking.weighed, some), strict=True):
        assert sum(told.values()) == pytest.approx(each.score, abs=1e-4)
        assert set(told) == set(range(len(clues)))


def test_chances_are_one_together() -> None:
    ranking = ranked(
        _drawn(200, 4),
        *CLUES,
        people=seated(PEOPLE),
        unrecorded=Unrecorded(
            start_us=np.array([us(AFTERNOON)]),
            numbers=CodedNumbers.of(np.array([b"887700001918"])),
            flags=np.zeros(1, np.uint8),
        ),
        destroyed_us=np.array([us(AFTERNOON)]),
    )
    told = ranking.chances

    together = told.recorded + told.not_recorded + told.destroyed + told.never
    assert together == pytest.approx(1, abs=1e-5)
    assert min(told.recorded, told.not_recorded, told.destroyed, told.never) > 0


def test_the_chance_of_each_is_its_share_of_all_that_are_kept() -> None:
    """Also where the likeliest come last: files are scored from the newest on."""
    calls = [
        Call(row=row, at=AFTERNOON - timedelta(days=7 * row), number=f"81901111{7796 - row:04}")
        for row in range(1, 9)
    ]
    told = between(AFTERNOON - timedelta(days=50), AFTERNOON - timedelta(days=30))

    ranking = ranked(calls, told, ENDS_7788)

    together = sum(each.chance for each in ranking.candidates)
    assert together == pytest.approx(ranking.chances.recorded, abs=1e-5)
    assert ranking.chances.recorded > 0.9


def test_of_a_recording_with_two_agents_the_one_who_fits_is_told_of() -> None:
    calls = [Call(row=1, agent={"p": 4}), Call(row=1, agent={"p": 3}), Call(row=2, agent={"p": 1})]
    for own in (calls, [calls[1], calls[0], calls[2]]):
        ranking = ranked(own, AgentClue(("田中",)), people=seated(PEOPLE))

        told = explain(ranking.weighed, ranking.candidates)[0]
        assert told[0] == pytest.approx(ranking.candidates[0].score, abs=1e-4)
        assert ranking.candidates[0].conversation == 1


def test_a_number_that_no_call_has_speaks_for_no_call() -> None:
    """And one that a call has at that hour for it."""
    calls = [Call(row=row, at=AFTERNOON, number=f"81901111{row:04}") for row in range(1, 40)]

    elsewhere = ranked(calls, ENDS_7788)
    here = ranked([*calls, Call(row=50, at=AFTERNOON, number="819011117788")], ENDS_7788, WHEN)

    assert elsewhere.chances.never > 0.2
    assert here.chances.never < 0.01
    assert here.candidates[0].chance > 0.9


def test_a_call_not_recorded_and_one_destroyed_are_told_by_time_and_number() -> None:
    calls = [Call(row=row, at=AFTERNOON - timedelta(days=row)) for row in range(1, 50)]
    lost = Unrecorded(
        start_us=np.array([us(AFTERNOON + timedelta(minutes=30)), us(AFTERNOON)]),
        numbers=CodedNumbers.of(np.array([b"887700001918", b""])),
        flags=np.array([0, WITHHELD], np.uint8),
    )
    gone = np.array([us(AFTERNOON), us(AFTERNOON - timedelta(days=60))])

    by_number = ranked(calls, WHEN, ENDS_7788, unrecorded=lost, destroyed_us=gone)
    by_time = ranked(calls, WHEN, destroyed_us=gone)
    certain = ranked(calls, WHEN, certain=True, unrecorded=lost, destroyed_us=gone)

    assert by_number.chances.not_recorded > 0.95
    assert by_number.unrecorded[0] > 100 * by_number.unrecorded[1]
    assert by_time.destroyed[0] > 20 * by_time.destroyed[1]
    assert certain.destroyed[1] == 0


def test_of_a_destroyed_call_the_whole_hour_counts_and_of_one_withheld_that_it_was() -> None:
    late = between(AFTERNOON + timedelta(minutes=40), AFTERNOON + timedelta(hours=1))
    hours = np.array([us(AFTERNOON), us(AFTERNOON - timedelta(hours=4))])
    lost = Unrecorded(
        start_us=np.array([us(AFTERNOON)] * 2),
        numbers=CodedNumbers.of(np.array([b"", b""])),
        flags=np.array([WITHHELD, 0], np.uint8),
    )
    calls = [Call(row=row, at=AFTERNOON - timedelta(days=row)) for row in range(1, 50)]

    by_time = ranked(calls, late, destroyed_us=hours)
    by_number = ranked(calls, ENDS_7788, unrecorded=lost)

    assert by_time.destroyed[0] > 2 * by_time.destroyed[1]
    assert by_number.unrecorded[0] == pytest.approx(0.3 * by_number.unrecorded[1], rel=0.01)


def test_what_was_told_wrongly_costs_its_place_but_is_found() -> None:
    """Another agent, and the wrong day: the number alone brings it among the first."""
    calls = _drawn(2_000, 5)
    calls.append(
        Call(row=3_000, at=AFTERNOON - timedelta(days=5), number="819011117788", agent={"p": 4})
    )

    ranking = ranked(calls, WHEN, AgentClue(("しょうじ",)), ENDS_7788, people=seated(PEOPLE))

    assert 3_000 in places(ranking)[:10]
    assert score(ranking, 3_000) > 0
