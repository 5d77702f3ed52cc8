"""What each clue says of a call, held against what is stored of it."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import booleans, integers, sampled_from

from archive.ids import ConversationId
from archive.locate.answer.facts import CallFacts, ConversationFacts, Outside, Times
from archive.locate.answer.verdict import Because, Outcome, Verdict
from archive.locate.answer.verdicts import Context, verdicts
from archive.locate.clues import (
    AgentClue,
    BesideClue,
    Clue,
    CustomerClue,
    DialledClue,
    DirectionClue,
    ExtensionClue,
    GistClue,
    HappenedClue,
    IdClue,
    LengthClue,
    NotClue,
    NumberClue,
    QueueClue,
    TeamClue,
    Value,
    WhenClue,
)
from archive.locate.numbers import Form, RememberedNumber, read_remembered
from archive.locate.ranking.local_cells import local_cells
from archive.locate.ranking.memory_rates import GUESSED
from archive.locate.ranking.people import SpokenWith
from archive.locate.ranking.remembered_time import told_of
from archive.locate.stretches import Stretch
from archive.locate.who.name_table import NameTable
from archive.locate.who.similarity import Similarity, similarities
from archive.locate.withheld_numbers import Withheld
from tests.support.archive.conversation_facts import MAYU, TOKYO, call, conversation, local_us

HERE = Context(zone=TOKYO)
OWN, OTHER = ConversationId(b"\x01" * 16), ConversationId(b"\x02" * 16)
MATCH, NEAR, CONFLICT, UNKNOWN = Outcome
MINUTE = 60_000_000


def verdict(
    value: Value, facts: ConversationFacts | None = None, context: Context = HERE
) -> Verdict:
    """Of one clue."""
    return verdicts([Clue(value=value)], facts or conversation(), context)[0]


def number(text: str) -> RememberedNumber:
    """As somebody tells it."""
    return read_remembered(text, "JP")


def evening(*days: int, month: int = 10, ramp_us: int = 0) -> WhenClue:
    """From four to seven on these days."""
    return WhenClue(
        tuple(
            Stretch(
                begin_us=local_us(2026, month, day, 16),
                end_us=local_us(2026, month, day, 19),
                before_us=ramp_us,
                after_us=ramp_us,
            )
            for day in days
        )
    )


def began(*at: int, within_us: int = 0) -> ConversationFacts:
    """A call of then."""
    return conversation(call(times=Times(begin_us=local_us(2026, *at), within_us=within_us)))


WHEN = [
    (evening(29), (10, 29, 17, 42), MATCH, Because.INSIDE, {}),
    (evening(29), (10, 29, 16, 0), MATCH, Because.INSIDE, {}),
    (evening(21, 22, 29, 30), (10, 22, 18, 59), MATCH, Because.INSIDE, {}),
    (evening(29, ramp_us=30 * MINUTE), (10, 29, 15, 45), NEAR, Because.AT_THE_EDGE, {}),
    (evening(29), (10, 30, 17, 42), NEAR, Because.DAYS_LATER, {"days": 1}),
    (evening(29), (10, 26, 17, 42), NEAR, Because.DAYS_EARLIER, {"days": 3}),
    (evening(21, 29), (10, 24, 17, 42), NEAR, Because.DAYS_LATER, {"days": 3}),
    (evening(29), (10, 27, 17, 0), CONFLICT, Because.DAYS_EARLIER, {"days": 2}),
    (evening(29), (10, 18, 17, 0), CONFLICT, Because.DAYS_EARLIER, {"days": 11}),
    (evening(29), (10, 15, 17, 0), NEAR, Because.DAYS_EARLIER, {"days": 14}),
    (evening(29), (9, 29, 17, 0), NEAR, Because.DAYS_EARLIER, {"days": 30}),
    (evening(30, month=9), (10, 31, 17, 0), NEAR, Because.DAYS_LATER, {"days": 31}),
    (evening(29), (9, 28, 17, 0), CONFLICT, Because.DAYS_EARLIER, {"days": 31}),
    (evening(29), (10, 30, 20, 30), NEAR, Because.DAYS_LATER, {"days": 1}),
    (evening(29), (10, 30, 6, 0), NEAR, Because.CLOCK_LATER, {"minutes": 661}),
    (evening(29), (10, 29, 19, 0), NEAR, Because.CLOCK_LATER, {"minutes": 1}),
    (evening(29), (10, 29, 14, 0), NEAR, Because.CLOCK_EARLIER, {"minutes": 120}),
    (evening(29), (10, 29, 13, 0), CONFLICT, Because.CLOCK_EARLIER, {"minutes": 180}),
    (evening(29), (10, 29, 5, 30), NEAR, Because.HALF_DAY, {}),
    (
        evening(29), (10, 31, 12, 0), CONFLICT, Because.OTHER_DAY_AND_CLOCK,
        {"days": 2, "minutes": 240},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("clue", "at", "outcome", "because", "values"), WHEN)
def test_a_time_is_inside_or_off_by_days_or_by_the_clock(
    clue: WhenClue, at: tuple[int, ...], outcome: Outcome, because: Because, values: dict[str, int]
) -> None:
    """In days of the zone of the answer: one day late in the evening is still one day."""
    found = verdict(clue, began(*at))

    assert (found.outcome, found.because, dict(found.values)) == (outcome, because, values)


EVERY_EVENING = replace(evening(*range(1, 32)), days=False)
ALL_DAY = WhenClue(
    (Stretch(begin_us=local_us(2026, 10, 29), end_us=local_us(2026, 10, 30)),), clock=False
)


@pytest.mark.parametrize(
    ("clue", "at", "because"),
    [
        (EVERY_EVENING, (10, 29, 20, 0), Because.CLOCK_LATER),
        (ALL_DAY, (10, 30, 0, 20), Because.DAYS_LATER),
    ],
)
def test_what_is_not_told_is_not_off(clue: WhenClue, at: tuple[int, ...], because: Because) -> None:
    """A day is told, or an hour, and not the other."""
    found = verdict(clue, began(*at))

    assert (found.outcome, found.because) == (NEAR, because)


def test_nobody_tells_of_a_day_to_come() -> None:
    """Two days ago is taken for today as three days are: for a day that is not there yet."""
    today = Context(zone=TOKYO, today=date(2026, 10, 29))

    assert verdict(evening(29), began(10, 27, 17, 0), today).outcome is NEAR
    assert verdict(evening(28), began(10, 26, 17, 0), today).outcome is CONFLICT


@given(
    day=integers(0, 60), minute=integers(0, 1439), days=booleans(), clock=booleans(),
    told=sampled_from([(10, 29, 16, 180), (10, 31, 22, 240), (11, 1, 0, 1440), (10, 20, 12, 1)]),
)  # fmt: skip
def test_what_is_called_near_is_what_the_score_takes_for_it(
    day: int, minute: int, days: bool, clock: bool, told: tuple[int, int, int, int]
) -> None:
    """And what it does not is a conflict, whatever the day and the hour."""
    month, own, hour, minutes = told
    begin_us = local_us(2026, month, own, hour)
    stretch = Stretch(begin_us=begin_us, end_us=begin_us + minutes * MINUTE)
    clue = WhenClue((stretch,), days=days, clock=clock)
    at_us = local_us(2026, 9, 28) + (day * 1440 + minute) * MINUTE
    today = date(2026, 11, 20)
    cells = local_cells(TOKYO, local_day(9, 1), local_day(11, 30))
    scored = told_of(clue, cells, local_day(11, 20), GUESSED)[cells.of(np.array([at_us]))[0]]
    own_call = conversation(call(times=Times(begin_us=at_us)))
    found = verdict(clue, own_call, Context(zone=TOKYO, today=today))

    assert (found.outcome is not CONFLICT) == (scored > 0)


def local_day(month: int, day: int) -> int:
    """Since 1970."""
    return (date(2026, month, day) - date(1970, 1, 1)).days


def test_a_night_is_off_by_a_day_also_behind_midnight() -> None:
    """At one o'clock the date is another, the night is the one before."""
    night = WhenClue(
        (Stretch(begin_us=local_us(2026, 10, 29, 22), end_us=local_us(2026, 10, 30, 2)),)
    )

    assert verdict(night, began(10, 30, 1, 0)).because is Because.INSIDE
    assert verdict(night, began(10, 29, 1, 0)).values == {"days": 1}


def test_of_a_destroyed_call_the_hour_is_held_against_the_time() -> None:
    """No more of it is kept, and that is said."""
    hour = 60 * MINUTE

    assert verdict(evening(29), began(10, 29, 15, 0, within_us=hour)).outcome is not MATCH
    assert verdict(evening(29), began(10, 29, 15, 1, within_us=hour)).because is Because.IN_THE_HOUR


NUMBERS = [
    ("7788", MATCH, Because.DIGITS_FIT),
    ("090-1234-7788", MATCH, Because.SAME_NUMBER),
    ("090-****-7788", MATCH, Because.BOTH_ENDS),
    ("090で始まる", MATCH, Because.BEGINS_SO),
    ("7789", NEAR, Because.ONE_DIGIT),
    ("7878", NEAR, Because.TWO_SWAPPED),
    ("下4桁1234", CONFLICT, Because.OTHER_NUMBER),
    ("5566", CONFLICT, Because.OTHER_NUMBER),
    ("非通知", CONFLICT, Because.NUMBER_SHOWN),
]


@pytest.mark.parametrize(("told", "outcome", "because"), NUMBERS)
def test_a_number_fits_or_differs_in_a_way_that_is_told(
    told: str, outcome: Outcome, because: Because
) -> None:
    """In the ways that the ranking knows: what it does not know is not called near."""
    found = verdict(NumberClue(number(told)))

    assert (found.outcome, found.because) == (outcome, because)


def test_a_reason_never_has_the_number_in_it() -> None:
    """Somebody reads it aloud to the one who asks."""
    for told, _, _ in NUMBERS:
        assert all(
            len(str(value)) < 4 for value in verdict(NumberClue(number(told))).values.values()
        )


@pytest.mark.parametrize(
    ("told", "stored", "outcome", "because"),
    [
        ("非通知", Withheld.CALLER, MATCH, Because.WITHHELD),
        ("非通知", Withheld.UNKNOWN, MATCH, Because.WITHHELD),
        ("公衆電話", Withheld.PAY_PHONE, MATCH, Because.PAY_PHONE),
        ("公衆電話", Withheld.CALLER, NEAR, Because.WITHHELD_OTHERWISE),
        ("7788", Withheld.CALLER, UNKNOWN, Because.NUMBER_WITHHELD),
        ("7788", None, UNKNOWN, Because.NO_NUMBER),
        ("非通知", None, UNKNOWN, Because.NO_NUMBER),
    ],
)
def test_a_withheld_number_is_known_to_be_that_and_no_more(
    told: str, stored: Withheld | None, outcome: Outcome, because: Because
) -> None:
    """Whose it was nobody can say; that it was none that was shown can be."""
    found = verdict(NumberClue(number(told)), conversation(call(outside=Outside(withheld=stored))))

    assert (found.outcome, found.because) == (outcome, because)


NAMES = [
    ("たなか", MATCH, Because.SAME_NAME),
    ("A01", MATCH, Because.SAME_ID),
    ("まゆさん", MATCH, Because.NAME_IN_PART),
    ("田なんとか", MATCH, Because.CUT_SHORT),
    ("田中 花子", NEAR, Because.NAME_IN_PART),
    ("加藤 真由", NEAR, Because.NAME_IN_PART),
    ("田仲", NEAR, Because.SAME_READING),
    ("たなが", NEAR, Because.DAKUTEN),
    ("なかた", NEAR, Because.SWAPPED_SOUNDS),
    ("たなけ", NEAR, Because.LIKE_SOUNDS),
    ("五十嵐", CONFLICT, Because.OTHER_NAME),
]


@pytest.mark.parametrize(("told", "outcome", "because"), NAMES)
def test_an_agent_is_the_one_who_is_told_or_sounds_like_it(
    told: str, outcome: Outcome, because: Because
) -> None:
    """And whose name it is stands beside it."""
    found = verdict(AgentClue((told,)))

    assert (found.outcome, found.because) == (outcome, because)
    assert found.values == {"name": "田中 真由"}


def test_of_two_names_and_two_agents_what_fits_best_counts() -> None:
    """It was Tanaka or Nakata, and the call was handed on."""
    other = SpokenWith(("五十嵐 守",), "A09", "配送", "2130")
    both = conversation(call(agents=(other,)), call(agents=(MAYU,)))

    assert verdict(AgentClue(("中田", "田中")), both).because is Because.SAME_NAME
    assert verdict(TeamClue(("契約",)), both).outcome is MATCH
    assert verdict(ExtensionClue(number("内線2101")), both).outcome is MATCH


def test_of_two_that_are_both_near_the_nearer_one_is_told() -> None:
    """Whose name it may have been."""
    far = SpokenWith(("なかた",), "A02", "", "")
    near = SpokenWith(("たなが",), "A03", "", "")
    for agents in ((far, near), (near, far)):
        assert verdict(AgentClue(("たなか",)), conversation(call(agents=agents))).values == {
            "name": "たなが"
        }


def test_names_are_compared_as_the_ranking_compares_them() -> None:
    """With the readings of the whole table: the one of the call alone tells fewer."""
    kana = SpokenWith(("かくだ",), "A21", "", "")
    table = NameTable([("角田 恵", "かくだ めぐみ"), kana.names])

    def by_table(told: str, names: object) -> Similarity:
        return similarities(told, table).of(1 if names == kana.names else 0)

    own = conversation(call(agents=(kana,)))

    assert verdict(AgentClue(("角田",)), own).because is not Because.SAME_READING
    told = verdict(AgentClue(("角田",)), own, Context(zone=TOKYO, compare_names=by_table))
    assert told.because is Because.SAME_READING


OTHERS: list[tuple[Value, Outcome, Because]] = [
    (CustomerClue(("もりした", "森下")), MATCH, Because.SAME_NAME),
    (CustomerClue(("佐々木",)), CONFLICT, Because.OTHER_NAME),
    (DialledClue(number("0120-123-456")), MATCH, Because.SAME_NUMBER),
    (DialledClue(number("0120-999-888")), CONFLICT, Because.OTHER_NUMBER),
    (DirectionClue("inbound"), MATCH, Because.AS_TOLD),
    (DirectionClue("outbound"), CONFLICT, Because.OTHER_DIRECTION),
    (QueueClue(("契約",)), MATCH, Because.AS_TOLD),
    (QueueClue(("契約窓口",)), NEAR, Because.LABEL_IN_PART),
    (QueueClue(("配送", "夜間")), CONFLICT, Because.OTHER_LABEL),
    (TeamClue(("解約",)), CONFLICT, Because.OTHER_LABEL),
    (ExtensionClue(number("内線2102")), NEAR, Because.ONE_DIGIT),
    (LengthClue(min_ms=480_000, max_ms=720_000), MATCH, Because.AS_TOLD),
    (LengthClue(min_ms=240_000, max_ms=360_000), NEAR, Because.LONGER),
    (LengthClue(min_ms=900_000, max_ms=1_200_000), NEAR, Because.SHORTER),
    (LengthClue(min_ms=0, max_ms=60_000), CONFLICT, Because.LONGER),
    (HappenedClue("held"), MATCH, Because.AS_TOLD),
    (HappenedClue("held", was=False), CONFLICT, Because.HAPPENED),
    (HappenedClue("transferred"), CONFLICT, Because.NOT_HAPPENED),
    (HappenedClue("transferred", was=False), MATCH, Because.AS_TOLD),
    (IdClue("1-ABC@pbx "), MATCH, Because.AS_TOLD),
    (IdClue("2-abc@pbx"), CONFLICT, Because.OTHER_IDS),
    (GistClue("契約の確認"), MATCH, Because.AS_TOLD),
    (GistClue("A-20458"), MATCH, Because.AS_TOLD),
    (GistClue("A-20485"), NEAR, Because.WORDS_IN_PART),
    (GistClue("カード紛失"), CONFLICT, Because.NO_WORDS),
    (NotClue(OTHER), MATCH, Because.OTHER_CALL),
    (NotClue(OWN), CONFLICT, Because.THIS_CALL),
    (BesideClue(OWN, "after"), CONFLICT, Because.THIS_CALL),
    (BesideClue(OTHER, "after"), UNKNOWN, Because.NO_OTHER_CALL),
]


@pytest.mark.parametrize(("clue", "outcome", "because"), OTHERS)
def test_every_other_kind_of_clue_says_why_it_fits_or_not(
    clue: Value, outcome: Outcome, because: Because
) -> None:
    """Each by what is stored, and by nothing else."""
    found = verdict(clue, conversation(conversation=OWN))

    assert (found.outcome, found.because) == (outcome, because)


@pytest.mark.parametrize(
    ("text", "outcome", "because"),
    [
        ("カード紛失", UNKNOWN, Because.PERHAPS_NO_GIST),
        ("契約の確認", MATCH, Because.AS_TOLD),
        ("B-77120", CONFLICT, Because.NO_WORDS),
    ],
)
def test_words_that_are_left_of_a_sentence_are_no_conflict(
    text: str, outcome: Outcome, because: Because
) -> None:
    """Unless they are the number of an order: that is somebody else's."""
    (found,) = verdicts([Clue(value=GistClue(text), guessed=True)], conversation(), HERE)

    assert (found.outcome, found.because) == (outcome, because)


@pytest.mark.parametrize(
    ("side", "at", "numbers", "outcome", "because"),
    [
        ("before", (10, 28), ("88774321",), MATCH, Because.SAME_PARTY),
        ("after", (10, 28), ("88774321",), NEAR, Because.OTHER_SIDE),
        ("before", (10, 28), ("11112222",), CONFLICT, Because.OTHER_PARTY),
        ("before", (10, 28), (), UNKNOWN, Because.NO_NUMBER),
    ],
)
def test_a_call_beside_another_is_of_the_same_party_and_on_its_side(
    side: str, at: tuple[int, ...], numbers: tuple[str, ...], outcome: Outcome, because: Because
) -> None:
    """That other call is the one which has been found first."""
    anchor = conversation(call(outside=Outside(numbers=("88774321",))), conversation=OTHER)
    own = call(times=Times(begin_us=local_us(2026, *at)), outside=Outside(numbers=numbers))

    found = verdict(
        BesideClue(OTHER, side),  # type: ignore[arg-type]
        conversation(own, conversation=OWN),
        Context(zone=TOKYO, others={OTHER: anchor}),
    )

    assert (found.outcome, found.because) == (outcome, because)


BARE = CallFacts(times=Times(begin_us=local_us(2026, 10, 29, 17)))
ALL_BUT_TIME: list[tuple[Value, Because]] = [
    (AgentClue(("田中",)), Because.NO_AGENT),
    (TeamClue(("契約",)), Because.NO_TEAM),
    (ExtensionClue(number("内線2101")), Because.NO_EXTENSION),
    (NumberClue(number("7788")), Because.NO_NUMBER),
    (DialledClue(number("7788")), Because.NO_LINE),
    (DirectionClue("inbound"), Because.NO_DIRECTION),
    (QueueClue(("契約",)), Because.NO_QUEUE),
    (LengthClue(min_ms=0, max_ms=1), Because.NO_LENGTH),
    (HappenedClue("held"), Because.NO_COURSE),
    (CustomerClue(("森下",)), Because.NO_CUSTOMER),
    (IdClue("1-abc@pbx"), Because.NO_IDS),
    (GistClue("契約"), Because.NO_TEXTS),
]


@pytest.mark.parametrize(("clue", "because"), ALL_BUT_TIME)
def test_what_is_not_known_of_a_call_is_no_conflict(clue: Value, because: Because) -> None:
    """It says what is missing; of a call not recorded or destroyed, that it is that."""
    assert verdict(clue, conversation(BARE)) == Verdict(outcome=UNKNOWN, because=because)
    assert verdict(clue, conversation(BARE, state="not_recorded")).because is Because.NOT_RECORDED
    assert verdict(clue, conversation(BARE, state="destroyed")).because is Because.DESTROYED


def test_of_two_recordings_what_one_does_not_tell_is_not_held_against_the_call() -> None:
    """As in the ranking, where what is not known weighs nothing."""
    both = conversation(BARE, call(direction="outbound"))

    assert verdict(DirectionClue("inbound"), both).outcome is UNKNOWN


def test_a_length_is_that_of_all_recordings_together() -> None:
    """Who was put through after three minutes tells of the ten that it took."""
    begin_us = local_us(2026, 10, 29, 17, 42)
    parts = ((0, 180_000), (180, 420_000))
    both = conversation(
        *(call(times=Times(begin_us=begin_us + s * 1_000_000, length_ms=ms)) for s, ms in parts)
    )

    assert verdict(LengthClue(min_ms=570_000, max_ms=630_000), both).outcome is MATCH
    assert verdict(LengthClue(min_ms=170_000, max_ms=190_000), both).outcome is CONFLICT


def test_a_time_that_was_not_understood_is_held_against_nothing() -> None:
    """Whatever became of the call."""
    assert verdict(WhenClue(()), conversation(BARE, state="destroyed")).because is Because.NO_TIME


def test_a_number_that_says_nothing_is_no_likeness() -> None:
    """Nothing was read of it."""
    assert verdict(NumberClue(RememberedNumber(form=Form.NONE))).outcome is CONFLICT
