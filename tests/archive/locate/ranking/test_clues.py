"""What each clue says of calls, one at a time."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from archive.agent_table import ALWAYS_US, FOREVER_US, AgentPeriod
from archive.ids import ConversationId
from archive.locate.answer.facts import CallFacts, Outside, Times
from archive.locate.answer.number_verdicts import number_verdict
from archive.locate.clues import (
    AgentClue,
    BesideClue,
    CustomerClue,
    DialledClue,
    DirectionClue,
    ExtensionClue,
    GistClue,
    HappenedClue,
    LengthClue,
    NotClue,
    NumberClue,
    QueueClue,
    TeamClue,
    Value,
)
from archive.locate.columns.flags import WHY
from archive.locate.numbers import Form, RememberedNumber, read_remembered
from archive.locate.ranking.asked import Anchor, Found
from archive.locate.ranking.memory_rates import GUESSED, MemoryRates, OtherErrors
from archive.locate.ranking.ranked_calls import rank
from archive.locate.ranking.remembered_number import Told, fitting, sharing
from archive.locate.withheld_numbers import Withheld
from tests.support.archive.ranked_calls import (
    CALLED_BACK,
    HELD,
    INBOUND,
    NOW,
    OUTBOUND,
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

THAT_ONE = ConversationId(bytes(16))


def _agent(name: str, kana: str = "", *, extension: str = "", team: str = "") -> AgentPeriod:
    return AgentPeriod(
        agent_id=f"id of {name}",
        name=name,
        kana=kana,
        romaji="",
        aliases=(),
        extension=extension,
        valid_from_us=ALWAYS_US,
        valid_to_us=FOREVER_US,
        team=team,
    )


PEOPLE = {
    1: _agent("田中 真由", "たなか まゆ", extension="2601", team="Sales 1"),
    2: _agent("中田 守", "なかた まもる", extension="2602", team="Sales 2"),
    3: _agent("高橋 恵", "たかはし めぐみ", extension="3105", team="Billing"),
}
SPOKEN = [Call(row=row, at=NOW, agent={"p": row}) for row in PEOPLE] + [Call(row=4, at=NOW)]


def test_names_are_likely_as_they_sound_and_nobody_known_is_neither() -> None:
    ranking = ranked(SPOKEN, AgentClue(("たなか",)), people=seated(PEOPLE))

    assert places(ranking) == [1, 4, 2, 3]
    assert score(ranking, 4) == 0


def test_of_two_names_either_is_as_likely() -> None:
    ranking = ranked(SPOKEN, AgentClue(("田中", "中田")), people=seated(PEOPLE))

    assert score(ranking, 1) == pytest.approx(score(ranking, 2), abs=0.1)
    assert score(ranking, 2) > score(ranking, 3) + 3


def test_an_agent_is_known_by_id_and_by_what_the_call_tells() -> None:
    """Of whom a correction replaced the id alone is told, and stands for all names of it."""
    calls = [
        *SPOKEN,
        Call(row=5, agent={"i": "K-7", "n": "佐藤", "x": "sip:999@pbx.example"}),
        Call(row=6, agent={"i": "id of 高橋 恵"}),
    ]
    nine = ExtensionClue(RememberedNumber(form=Form.EXTENSION, digits="999"))

    assert places(ranked(calls, AgentClue(("k-7",)), people=seated(PEOPLE)))[0] == 5
    assert places(ranked(calls, AgentClue(("さとう",)), people=seated(PEOPLE)))[0] == 5
    assert places(ranked(calls, nine, people=seated(PEOPLE)))[0] == 5
    nameless = Call(row=7, agent={"x": "998"})
    assert score(ranked([*calls, nameless], AgentClue(("高橋",)), people=seated(PEOPLE)), 7) == 0
    assert set(places(ranked(calls, AgentClue(("高橋",)), people=seated(PEOPLE)))[:2]) == {3, 6}


def test_a_team_and_an_extension_are_the_agents() -> None:
    team = ranked(SPOKEN, TeamClue(("sales",)), people=seated(PEOPLE))
    extension = ranked(
        SPOKEN,
        ExtensionClue(RememberedNumber(form=Form.EXTENSION, digits="2601")),
        people=seated(PEOPLE),
    )

    assert set(places(team)[:2]) == {1, 2}
    assert places(extension) == [1, 4, 2, 3]


def test_a_rare_name_weighs_more_than_a_common_one() -> None:
    calls = [Call(row=row, agent={"p": 1}) for row in range(10, 30)] + SPOKEN

    common = ranked(calls, AgentClue(("田中",)), people=seated(PEOPLE))
    rare = ranked(calls, AgentClue(("高橋",)), people=seated(PEOPLE))

    assert score(rare, 3) > score(common, 1) + 2


def test_a_queue_says_little_more_where_the_agent_is_of_it() -> None:
    """Who is told first has already said so."""
    calls = [
        *(Call(row=row, agent={"p": 1}, queue="sales") for row in range(1, 11)),
        *(Call(row=row, agent={"p": 3}, queue="billing") for row in range(11, 101)),
    ]

    alone = ranked(calls, QueueClue(("Sales",)))
    beside = ranked(calls, AgentClue(("田中",)), QueueClue(("Sales",)), people=seated(PEOPLE))
    name = ranked(calls, AgentClue(("田中",)), people=seated(PEOPLE))

    assert score(alone, 1) > 2
    assert score(beside, 1) == pytest.approx(score(name, 1), abs=0.1)


def test_of_a_call_without_a_queue_one_is_told_at_random() -> None:
    """As of none at all: that the agent is of it makes it no likelier."""
    calls = [
        *(Call(row=row, agent={"p": 1}, queue="sales") for row in range(1, 11)),
        *(Call(row=row, agent={"p": 3}, queue="billing") for row in range(11, 101)),
        Call(row=200, agent={"p": 1}),
    ]

    alone = ranked(calls, AgentClue(("田中",)), people=seated(PEOPLE))
    both = ranked(calls, AgentClue(("田中",)), QueueClue(("sales",)), people=seated(PEOPLE))

    assert score(both, 1) > score(both, 200) + 2
    assert both.chances.never < alone.chances.never / 2


def test_of_a_transferred_call_either_agent_may_be_told() -> None:
    calls = [
        Call(row=1, agent={"p": 1}, flags=INBOUND | TRANSFERRED, conversation=9),
        Call(row=2, agent={"p": 3}, flags=INBOUND | TRANSFERRED, conversation=9),
        Call(row=3, agent={"p": 1}),
    ]

    ranking = ranked(calls, AgentClue(("田中",)), people=seated(PEOPLE))

    assert places(ranking) == [3, 9]
    assert score(ranking, 3) - score(ranking, 9) == pytest.approx(np.log(2), abs=1e-5)


NUMBERS = [
    Call(row=1, number="819012347788"),
    Call(row=2, number="819012347787"),
    Call(row=3, number="819012347878"),
    Call(row=4, number="813912340000"),
    Call(row=5, flags=INBOUND | WITHHELD),
    Call(row=6),
]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("下4桁7788", [1, 3, 2, 6, 5, 4]),
        ("090-1234-7788", [1, 3, 2, 6, 5, 4]),
        ("090で始まる", [3, 2, 1, 6, 5, 4]),
        ("090-****-7787", [2, 1, 6, 5, 4, 3]),
        ("途中に2340", [4, 6, 5, 3, 2, 1]),
        ("非通知", [5, 6, 4, 3, 2, 1]),
    ],
)
def test_a_number_is_told_right_nearly_or_of_another_telephone(
    told: str, expected: list[int]
) -> None:
    """Of what is not known a number says nothing."""
    ranking = ranked(NUMBERS, NumberClue(read_remembered(told, "JP")))

    assert places(ranking) == expected
    assert score(ranking, 6) == 0


@pytest.mark.parametrize(("digits", "only"), [("7788", 1), ("7787", 2), ("7878", 3)])
def test_of_a_certain_number_no_digit_is_wrong(digits: str, only: int) -> None:
    told = RememberedNumber(form=Form.LAST, digits=digits)

    assert places(ranked(NUMBERS, NumberClue(told), certain=True)) == [only]


def test_how_much_a_number_weighs_is_how_seldom_it_is_told_at_random() -> None:
    """Four digits: one of 10,000; and of 100 requests 15 tell another telephone's."""
    ranking = ranked(NUMBERS, NumberClue(RememberedNumber(form=Form.LAST, digits="7788")))

    of_wrong = 0.85 * 0.04 / 8 / 9 * 10_000 + 0.15
    assert score(ranking, 1) == pytest.approx(np.log(0.85 * 0.97 * 10_000 + 0.15), abs=1e-4)
    assert score(ranking, 2) == pytest.approx(np.log(of_wrong), abs=1e-4)
    assert score(ranking, 4) == pytest.approx(np.log(0.15), abs=1e-4)
    assert score(ranking, 5) == pytest.approx(np.log(0.3), abs=1e-4)


def test_a_number_that_is_none_of_its_country_is_found_by_its_end() -> None:
    told = RememberedNumber(form=Form.WHOLE, digits="0601234567")
    calls = [Call(row=1, number="81601234567"), Call(row=2, number="81601234568")]

    assert places(ranked(calls, NumberClue(told))) == [1, 2]
    assert score(ranked(calls, NumberClue(told)), 1) > 15


def way(told: str, stored: str) -> Told:
    """By comparing digit with digit."""
    wrong = [at for at, (one, other) in enumerate(zip(told, stored, strict=True)) if one != other]
    if not wrong:
        return Told.RIGHT
    if len(wrong) == 1:
        return Told.ONE_DIGIT
    first, last = wrong[0], wrong[-1]
    turned = told[:first] + told[first : last + 1][::-1] + told[last + 1 :]
    swapped = len(wrong) == 2 and last == first + 1 and turned == stored
    return Told.TWO_SWAPPED if swapped else Told.OTHERWISE


def test_what_ends_alike_is_found_by_the_order_as_by_comparing_all() -> None:
    dice = np.random.default_rng(7)
    numbers = np.unique(dice.integers(10**3, 10**7, 3_000).astype("S16"))
    for digits in ("121", "907", "550"):
        told = RememberedNumber(form=Form.LAST, digits=digits)
        found = np.full(len(numbers), Told.OTHERWISE)
        places, ways = fitting(told, numbers, GUESSED.number)
        found[places] = ways

        assert found.tolist() == [way(digits, each.decode()[2::-1]) for each in numbers]
        assert len(set(found.tolist())) >= 3


@pytest.mark.parametrize("form", [Form.FIRST, Form.WITHIN])
def test_what_begins_so_or_contains_it_is_found_as_by_comparing_all(form: Form) -> None:
    dice = np.random.default_rng(8)
    numbers = np.unique(dice.integers(1, 10**6, 3_000).astype("S16"))
    for digits in ("12", "907"):
        told = RememberedNumber(form=form, digits=digits)
        plain = [each.decode()[::-1] for each in numbers]
        right = [
            each.startswith(digits) if form is Form.FIRST else digits in each for each in plain
        ]
        places, ways = fitting(told, numbers, GUESSED.number)

        assert places.tolist() == np.flatnonzero(right).tolist()
        assert set(ways.tolist()) == {Told.RIGHT}


def test_of_many_rows_a_tenth_tells_how_many_begin_so() -> None:
    """The same ones whatever else a file has."""
    told = RememberedNumber(form=Form.FIRST, digits="81")
    numbers = np.array([b"", b"5518", b"7718", b"7799"])

    few = sharing(told, [numbers], [np.array([9, 1, 1, 2])])
    many = sharing(told, [numbers], [np.array([9, 10**6, 10, 30])])

    assert few == 0.5
    assert many == 0.25


def test_no_clue_takes_away_more_than_nine() -> None:
    """Not even where an error is thought never to happen."""
    calls = [Call(row=row, agent={"p": 1}) for row in range(10, 2_000)] + SPOKEN
    clue = LengthClue(min_ms=7_000_000, max_ms=7_200_000, about_ms=7_100_000)
    long = [*calls, Call(row=5, length_s=7_100)]

    surely = MemoryRates(other=OtherErrors(agent=0.0))
    of_agent = asked(AgentClue(("高橋",)), people=seated(PEOPLE))

    assert score(ranked(long, clue), 5) > 5
    assert score(rank(months_of(SPOKEN), of_agent, 9, surely), 1) == -9


def test_the_number_that_was_dialled_is_held_against_those_of_ours() -> None:
    calls = [
        Call(row=1, line="81120123000"),
        Call(row=2, line="81120123001"),
        Call(row=3, line="81120999999"),
        Call(row=4),
    ]

    ranking = ranked(calls, DialledClue(read_remembered("0120-123-000", "JP")))

    assert places(ranking) == [1, 4, 2, 3]


def test_a_number_begins_with_any_of_the_first_digits_that_are_told() -> None:
    told = read_remembered("0120か0800で始まる", "JP")
    lines = ("81120123000", "81570123001", "81800123000")
    numbers = ("819012347788", "811201234567", "818001234567")
    calls = [
        Call(row=row, line=line, number=number)
        for row, (line, number) in enumerate(zip(lines, numbers, strict=True), 1)
    ]

    assert sorted(places(ranked(calls, DialledClue(told), certain=True))) == [1, 3]
    assert sorted(places(ranked(calls, NumberClue(told), certain=True))) == [2, 3]


def test_lengths_are_off_by_a_factor() -> None:
    calls = [Call(row=row, length_s=length) for row, length in enumerate((600, 480, 250, 60), 1)]
    about = LengthClue(min_ms=500_000, max_ms=720_000, about_ms=600_000)

    ranking = ranked(calls, about)

    assert places(ranking) == [1, 2, 3, 4]
    assert score(ranking, 1) - score(ranking, 2) < 1 < score(ranking, 2) - score(ranking, 3)


@pytest.mark.parametrize(
    ("clue", "first"),
    [
        (DirectionClue("outbound"), 2),
        (HappenedClue("transferred"), 3),
        (HappenedClue("held"), 4),
        (HappenedClue("called_back"), 5),
    ],
)
def test_direction_and_what_happened_are_flags(clue: Value, first: int) -> None:
    flags = (INBOUND, OUTBOUND, INBOUND | TRANSFERRED, INBOUND | HELD, INBOUND | CALLED_BACK)
    calls = [Call(row=row, flags=own) for row, own in enumerate(flags, 1)]

    assert places(ranked(calls, clue))[0] == first


def test_of_a_call_of_unknown_direction_it_says_nothing() -> None:
    calls = [Call(row=1), Call(row=2, flags=0), Call(row=3, flags=OUTBOUND)]

    assert places(ranked(calls, DirectionClue("inbound"))) == [1, 2, 3]
    assert score(ranked(calls, DirectionClue("inbound")), 2) == 0


def test_that_something_did_not_happen_is_a_clue_too() -> None:
    calls = [Call(row=1, flags=INBOUND), Call(row=2, flags=INBOUND | HELD)]

    assert places(ranked(calls, HappenedClue("held", was=False))) == [1, 2]


def _found(*rows: int, rates: tuple[float, ...] = (), told: int = 4, at: datetime = NOW) -> Found:
    return Found(
        start_us=np.full(len(rows), us(at)),
        recordings=np.array(rows, np.int64),
        log_rates=np.array(rates or [0.0] * len(rows)),
        told=told,
    )


def test_a_text_is_of_the_recordings_that_an_index_found() -> None:
    """The better the fit and the rarer the text the more it weighs."""
    calls = [Call(row=row, at=NOW) for row in range(1, 101)]

    ranking = ranked(calls, GistClue("解約"), found={0: _found(7, 8, rates=(0.0, -1.0), told=100)})

    assert places(ranking)[:2] == [7, 8]
    assert score(ranking, 7) > 3
    assert score(ranking, 1) < 0


def test_words_that_are_left_of_a_sentence_take_hardly_anything_from_what_they_do_not_fit() -> None:
    """They may be what it was about, or nothing: what fits wins less, the rest loses a little."""
    calls = [Call(row=row, at=NOW) for row in range(1, 101)]
    found = {0: _found(7, told=100)}

    told = ranked(calls, GistClue("解約"), found=found)
    left = ranked(calls, GistClue("解約"), guessed=True, found=found)

    assert score(told, 1) < -2
    assert -0.4 < score(left, 1) < 0
    assert 2 < score(left, 7) < score(told, 7)


def test_words_of_which_no_text_has_more_than_a_bit_say_next_to_nothing() -> None:
    """Of "I was promised something on that call" a note has "call": so it is no topic."""
    calls = [Call(row=row, at=NOW) for row in range(1, 101)]
    one_bit = {0: _found(7, 8, 9, rates=(-5.25, -5.25, -5.25), told=100)}
    half = {0: _found(7, 8, 9, rates=(-3.0, -3.0, -3.0), told=100)}
    whole = {0: _found(7, 8, 9, told=100)}

    bit, some, topic = (
        ranked(calls, GistClue("言った言わない"), guessed=True, found=found)
        for found in (one_bit, half, whole)
    )

    assert abs(score(bit, 7)) < 0.2
    assert abs(score(bit, 1)) < 0.01
    assert 1 < score(some, 7) < score(topic, 7)


def test_a_word_that_is_left_is_no_topic_because_one_note_in_thousands_has_it() -> None:
    """Else a word that says nothing would put that call before all others."""
    calls = [Call(row=row, at=NOW) for row in range(1, 3)]

    alone = ranked(calls, GistClue("約束"), guessed=True, found={0: _found(2, told=20_000)})
    many = ranked(calls, GistClue("解約"), guessed=True, found={0: _found(2, told=80)})
    told = ranked(calls, GistClue("約束"), found={0: _found(2, told=20_000)})

    assert score(alone, 2) < 5.5
    assert score(many, 2) > 2.5
    assert score(told, 2) > 8


def test_words_that_stand_together_nowhere_are_no_rare_ones() -> None:
    """A note that has one of many of them is not weighed as if it had all."""
    calls = [Call(row=row, at=NOW) for row in range(1, 101)]
    one_of_six = {0: _found(7, rates=(-5.0,), told=100)}

    assert score(ranked(calls, GistClue("解約"), found=one_of_six), 7) < 3


def test_where_few_have_a_name_at_all_the_others_lose_little() -> None:
    calls = [Call(row=row, at=NOW) for row in range(1, 101)]

    ranking = ranked(calls, CustomerClue(("鈴木",)), found={0: _found(7, told=10)})

    assert -0.2 < score(ranking, 1) < 0
    assert score(ranking, 7) > 1


def test_a_call_that_has_been_looked_at_is_left_out() -> None:
    """And those of another that ends alike are not."""
    none = _found(2, rates=(-np.inf,))

    ranking = ranked(SPOKEN, NotClue(THAT_ONE), found={0: none})

    assert sorted(places(ranking)) == [1, 3, 4]


@pytest.mark.parametrize(("side", "first"), [("before", 1), ("after", 3)])
def test_another_call_of_the_same_party_is_before_or_after(side: str, first: int) -> None:
    days = [Call(row=row, number="819012347788", at=NOW.replace(hour=row)) for row in (1, 2, 3)]
    calls = [*days, Call(row=4, number="819000000000", at=NOW.replace(hour=first))]
    anchor = Anchor(start_us=us(NOW.replace(hour=2)), number="819012347788")

    clue = BesideClue(THAT_ONE, side)  # type: ignore[arg-type]
    none = {1: _found(2, rates=(-np.inf,), at=NOW.replace(hour=2))}
    ranking = ranked(calls, clue, NotClue(THAT_ONE), anchors={0: anchor}, found=none)

    assert places(ranking)[0] == first
    assert len(places(ranking)) == 3


@pytest.mark.parametrize(
    ("clue", "left"),
    [
        (AgentClue(("田中",)), [1]),
        (TeamClue(("Sales 2",)), [2]),
        (ExtensionClue(RememberedNumber(form=Form.EXTENSION, digits="3105")), [3]),
        (NumberClue(RememberedNumber(form=Form.LAST, digits="7788")), [4]),
        (NumberClue(RememberedNumber(form=Form.WITHHELD)), [5]),
        (DialledClue(RememberedNumber(form=Form.LAST, digits="000")), [6]),
        (QueueClue(("sales",)), [7]),
        (DirectionClue("outbound"), [8]),
        (HappenedClue("held"), [9]),
        (LengthClue(min_ms=500_000, max_ms=700_000), [10]),
        (GistClue("解約"), [11]),
    ],
)
def test_what_is_certain_leaves_only_what_fits(clue: Value, left: list[int]) -> None:
    """What is not known does not fit either."""
    calls = [
        *SPOKEN[:3],
        Call(row=4, number="819012347788", agent={"p": 3}, flags=0),
        Call(row=5, flags=INBOUND | WITHHELD),
        Call(row=6, line="81120123000"),
        Call(row=7, queue="sales"),
        Call(row=8, flags=OUTBOUND),
        Call(row=9, flags=INBOUND | HELD),
        Call(row=10, length_s=600),
        Call(row=11, at=NOW),
    ]
    calls[3] = Call(row=4, number="819012347788", flags=0)

    found = {0: _found(11)} if isinstance(clue, GistClue) else {}
    ranking = ranked(calls, clue, certain=True, people=seated(PEOPLE), found=found)

    assert sorted(places(ranking)) == left
    if not isinstance(clue, NumberClue) or clue.number.form is Form.WITHHELD:
        others = 20 if isinstance(clue, GistClue) else 0  # that an index is taken to have besides
        half = 0.05 if others else 0.0
        of_all = np.log((len(calls) + others) / (1 + half))
        assert score(ranking, left[0]) == pytest.approx(of_all, abs=1e-4)
    assert ranking.chances.never < 0.1


def test_a_certain_time_weighs_as_few_calls_as_are_in_it() -> None:
    """Else every call of a day would be one that never was."""
    calls = [Call(row=row, at=NOW - timedelta(days=row)) for row in range(1, 101)]
    day = between(NOW - timedelta(days=7, hours=1), NOW - timedelta(days=7) + timedelta(hours=1))

    ranking = ranked(calls, day, certain=True)

    assert places(ranking) == [7]
    assert 3.5 < score(ranking, 7) < 4.5  # newer ones are asked for sooner
    assert ranking.chances.recorded > 0.85


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (AgentClue(("田中",)), ExtensionClue(RememberedNumber(form=Form.EXTENSION, digits="2601"))),
        (AgentClue(("田中",)), QueueClue(("sales",))),
    ],
)
def test_of_what_is_certain_one_thing_told_twice_weighs_once(first: Value, second: Value) -> None:
    calls = [
        Call(row=row, agent={"p": 1 if row < 3 else 2}, queue="sales" if row < 3 else "")
        for row in range(1, 21)
    ]

    once = ranked(calls, first, certain=True, people=seated(PEOPLE))
    twice = ranked(calls, first, second, certain=True, people=seated(PEOPLE))

    assert sorted(places(twice)) == sorted(places(once)) == [1, 2]
    assert score(twice, 1) == pytest.approx(score(once, 1), abs=1e-5)


WITHHELD_ASKED = [  # what is told, why it was; how it ranks, whether it stays where that is certain
    (Withheld.CALLER, Withheld.CALLER, "match"),
    (Withheld.CALLER, Withheld.PAY_PHONE, "near"),
    (Withheld.PAY_PHONE, Withheld.PAY_PHONE, "match"),
    (Withheld.PAY_PHONE, Withheld.CALLER, "near"),
    (Withheld.PAY_PHONE, Withheld.UNKNOWN, "match"),
    (Withheld.UNKNOWN, Withheld.OUT_OF_AREA, "match"),
    (None, Withheld.PAY_PHONE, "match"),
    (Withheld.OUT_OF_AREA, Withheld.OUT_OF_AREA, "match"),
]


@pytest.mark.parametrize(("told", "why", "verdict"), WITHHELD_ASKED)
def test_a_withheld_number_ranks_as_its_verdict_says(
    told: Withheld | None, why: Withheld, verdict: str
) -> None:
    """Score, what stays where it is certain, and verdict are one decision."""
    clue = NumberClue(RememberedNumber(form=Form.WITHHELD, reason=told))
    calls = [Call(row=1, flags=INBOUND | WHY[why]), Call(row=2, number="819012347788")]
    facts = CallFacts(times=Times(begin_us=0), outside=Outside(withheld=why))

    likely = ranked(calls, clue)
    certain = ranked(calls, clue, certain=True)

    right = np.log(0.7 / 0.01)
    expected = right if verdict == "match" else right + np.log(0.3)
    assert number_verdict(clue, facts).outcome == verdict
    assert score(likely, 1) == pytest.approx(expected, abs=1e-4)
    assert score(likely, 2) == 0
    assert places(certain) == ([1] if verdict == "match" else [])


@pytest.mark.parametrize(
    ("side", "minutes", "fits"), [("before", -2, True), ("before", 2, False), ("after", -2, False)]
)
def test_a_likely_side_is_one_to_the_millisecond_and_excludes_nothing(
    side: str, minutes: int, *, fits: bool
) -> None:
    """On the wrong side, even by two minutes, it is likelier that there was no such call."""
    that = NOW - timedelta(days=9)
    calls = [
        *(Call(row=row, number=f"8190000000{row:02}", at=NOW - timedelta(days=row % 30))
          for row in range(10, 60)),
        Call(row=1, number="819012347788", at=that),
        Call(row=2, number="819012347788", at=that + timedelta(minutes=minutes)),
    ]  # fmt: skip
    anchor, none = Anchor(start_us=us(that), number="819012347788"), _found(1, rates=(-np.inf,))
    clue = BesideClue(THAT_ONE, side)  # type: ignore[arg-type]
    found = {0: replace(none, start_us=np.array([us(that)]))}

    likely = ranked(calls, clue, anchors={0: anchor}, found=found)
    certain = ranked(calls, clue, certain=True, anchors={0: anchor}, found=found)

    assert places(likely)[0] == 2
    assert (likely.candidates[0].chance > likely.chances.never) == fits
    assert places(certain) == ([2] if fits else [])


@pytest.mark.parametrize(("side", "order"), [("after", [2, 3, 4, 5]), ("before", [5, 4, 3, 2])])
@pytest.mark.parametrize("certain", [False, True])
def test_the_nearest_call_on_the_side_that_is_told_is_the_likeliest(
    side: str, order: list[int], *, certain: bool
) -> None:
    """Though newer calls are asked for sooner; the other side comes behind, unless it is out."""
    that = NOW - timedelta(days=60)
    way = 1 if side == "after" else -1
    hours = dict(zip(order, (2, 24, 9 * 24, 50 * 24), strict=True))
    calls = [
        *(Call(row=row, number=f"8190000000{row:02}", at=NOW - timedelta(days=row))
          for row in range(10, 90)),
        *(Call(row=row, number="819012347788", at=that + way * timedelta(hours=each))
          for row, each in hours.items()),
        Call(row=6, number="819012347788", at=that - way * timedelta(hours=1)),
        Call(row=1, number="819012347788", at=that),
    ]  # fmt: skip
    anchor, none = Anchor(start_us=us(that), number="819012347788"), _found(1, rates=(-np.inf,))
    clue = BesideClue(THAT_ONE, side)  # type: ignore[arg-type]
    found = {0: replace(none, start_us=np.array([us(that)]))}

    ranking = ranked(calls, clue, certain=certain, anchors={0: anchor}, found=found)

    assert places(ranking)[:5] == ([*order, 6] if not certain else order)
