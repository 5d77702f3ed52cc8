"""A verdict: whether what is remembered fits what is stored of a call, and why.

Values alone. Knows no words for them, nor how one is found.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """The outcome of a clue, of a call."""

    MATCH = "match"
    NEAR = "near"
    CONFLICT = "conflict"
    UNKNOWN = "unknown"


class Because(StrEnum):
    """Why; of what is not known, which fact is missing."""

    AS_TOLD = "as_told"
    # of times
    INSIDE = "inside"
    IN_THE_HOUR = "in_the_hour"
    AT_THE_EDGE = "at_the_edge"
    DAYS_EARLIER = "days_earlier"
    DAYS_LATER = "days_later"
    CLOCK_EARLIER = "clock_earlier"
    CLOCK_LATER = "clock_later"
    HALF_DAY = "half_day"
    OTHER_DAY_AND_CLOCK = "other_day_and_clock"
    # of names, of agents and customers
    SAME_NAME = "same_name"
    SAME_ID = "same_id"
    OTHER_WRITING = "other_writing"
    SAME_READING = "same_reading"
    LONG_VOWEL = "long_vowel"
    SOKUON = "sokuon"
    DAKUTEN = "dakuten"
    OTHER_SPELLING = "other_spelling"
    SHORT_FORM = "short_form"
    CUT_SHORT = "cut_short"
    SWAPPED_SOUNDS = "swapped_sounds"
    LIKE_SOUNDS = "like_sounds"
    NAME_IN_PART = "name_in_part"
    OTHER_NAME = "other_name"
    # of who and which is said not to be
    SAID_NOT = "said_not"
    SAID_NOT_NUMBER = "said_not_number"
    LIKE_SAID_NOT = "like_said_not"
    SOMEONE_ELSE = "someone_else"
    ANOTHER_ONE = "another_one"
    # of customers
    READ_SO = "read_so"
    MENTIONED = "mentioned"
    WRITTEN = "written"
    # of numbers
    SAME_NUMBER = "same_number"
    DIGITS_FIT = "digits_fit"
    BEGINS_SO = "begins_so"
    BOTH_ENDS = "both_ends"
    ONE_DIGIT = "one_digit"
    TWO_SWAPPED = "two_swapped"
    OTHER_NUMBER = "other_number"
    WITHHELD = "withheld"
    PAY_PHONE = "pay_phone"
    WITHHELD_OTHERWISE = "withheld_otherwise"
    NUMBER_SHOWN = "number_shown"
    # of queues and teams, lengths, what happened, texts
    LABEL_IN_PART = "label_in_part"
    OTHER_LABEL = "other_label"
    OTHER_DIRECTION = "other_direction"
    LONGER = "longer"
    SHORTER = "shorter"
    HAPPENED = "happened"
    NOT_HAPPENED = "not_happened"
    OTHER_IDS = "other_ids"
    WORDS_IN_PART = "words_in_part"
    NO_WORDS = "no_words"
    OTHER_CALL = "other_call"
    THIS_CALL = "this_call"
    SAME_PARTY = "same_party"
    OTHER_SIDE = "other_side"
    OTHER_PARTY = "other_party"
    # not known
    NOT_RECORDED = "not_recorded"
    DESTROYED = "destroyed"
    NO_TIME = "no_time"
    NO_AGENT = "no_agent"
    NO_TEAM = "no_team"
    NO_EXTENSION = "no_extension"
    NO_NUMBER = "no_number"
    NUMBER_WITHHELD = "number_withheld"
    NO_LINE = "no_line"
    NO_QUEUE = "no_queue"
    NO_DIRECTION = "no_direction"
    NO_LENGTH = "no_length"
    NO_COURSE = "no_course"
    NO_CUSTOMER = "no_customer"
    NO_IDS = "no_ids"
    NO_TEXTS = "no_texts"
    PERHAPS_NO_GIST = "perhaps_no_gist"
    PERHAPS_NO_NAME = "perhaps_no_name"
    PERHAPS_OTHERWISE = "perhaps_otherwise"
    NO_OTHER_CALL = "no_other_call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Of one clue; `log_rate` is how near, 0 for what is the same or where that is no matter.

    `values` are what the reason is told with: a name of the call, days, minutes, digits, ms.
    """

    outcome: Outcome
    because: Because
    values: Mapping[str, str | int] = field(default_factory=dict)
    log_rate: float = 0.0


# Of several recordings the best one tells, as in the ranking: what is not known is no conflict.
_ORDER: Final = (Outcome.MATCH, Outcome.NEAR, Outcome.UNKNOWN, Outcome.CONFLICT)


def best_of(verdicts: Iterable[Verdict]) -> Verdict:
    """That of the recording, agent or number that fits best; there is one at least."""
    return min(verdicts, key=lambda each: (_ORDER.index(each.outcome), -each.log_rate))


def matches(because: Because, **values: str | int) -> Verdict:
    return Verdict(outcome=Outcome.MATCH, because=because, values=values)


def is_near(because: Because, log_rate: float = 0.0, **values: str | int) -> Verdict:
    """It fits what is easily taken for it."""
    return Verdict(outcome=Outcome.NEAR, because=because, values=values, log_rate=log_rate)


def conflicts(because: Because, **values: str | int) -> Verdict:
    """It does not fit."""
    return Verdict(outcome=Outcome.CONFLICT, because=because, values=values)


def not_known(because: Because) -> Verdict:
    """Nothing is stored that it could be held against."""
    return Verdict(outcome=Outcome.UNKNOWN, because=because)
