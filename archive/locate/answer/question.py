"""The next question: of a closed list the one whose answer says most about which call is meant.

Pure. A question is a word of the list: nothing of any call is in it.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.locate.answer.candidates import Candidates
from archive.locate.clues import Clue, DeniedClue, HappenedClue, NumberClue, WhenClue
from archive.locate.numbers import Form
from archive.locate.ranking.ratios import Floats


class Question(StrEnum):
    """The closed list of questions; of equally good ones the first is asked."""

    LAST_DIGITS = "last_digits"
    MONTH = "month"
    WEEKDAY = "weekday"
    HALF_DAY = "half_day"
    DIRECTION = "direction"
    SURNAME = "surname"
    QUEUE = "queue"
    TEAM = "team"
    LENGTH = "length"
    TRANSFERRED = "transferred"
    CUSTOMER = "customer"
    ORDER = "order"


# How many can say it: guesses, until a site's own requests tell.
_KNOWN: Final = {
    Question.LAST_DIGITS: 0.8,
    Question.MONTH: 0.8,
    Question.WEEKDAY: 0.5,
    Question.HALF_DAY: 0.8,
    Question.DIRECTION: 0.95,
    Question.SURNAME: 0.5,
    Question.QUEUE: 0.5,
    Question.TEAM: 0.3,
    Question.LENGTH: 0.6,
    Question.TRANSFERRED: 0.7,
    Question.CUSTOMER: 0.95,
    Question.ORDER: 0.3,
}
# Of those so many say it wrongly, as if at random.
_WRONG: Final = 0.05
# Below this, in bits, a question is a bother.
MIN_BITS: Final = 0.1
_NOON: Final = 12
_DECIMALS: Final = 6
# What has been told already, by the kind of clue.
_TOLD: Final = {
    "agent": (Question.SURNAME,),
    "extension": (Question.SURNAME,),
    "team": (Question.TEAM,),
    "queue": (Question.QUEUE,),
    "direction": (Question.DIRECTION,),
    "length": (Question.LENGTH,),
    "customer": (Question.CUSTOMER,),
    "id": (Question.ORDER,),
}
_DAY_QUESTIONS: Final = (Question.MONTH, Question.WEEKDAY)


Codes = NDArray[np.int64]  # of the answer for each candidate, below 0 where nobody knows


def next_question(
    candidates: Candidates, clues: Sequence[Clue], asked: Sequence[Question] = ()
) -> Question | None:
    """The best one of those whose answer is not told; None where none says enough.

    `asked`: what has been asked already, and was not known.
    """
    told = {*asked, *(each for clue in clues for each in _told(clue))}
    best, most = None, MIN_BITS
    for question, codes in _answers(candidates):
        if question in told:
            continue
        bits = round(_KNOWN[question] * _bits(codes, candidates.chances), _DECIMALS)
        if bits > most:
            best, most = question, bits
    return best


def _told(clue: Clue) -> Iterator[Question]:
    if isinstance(clue.value, DeniedClue):
        return
    yield from _TOLD.get(clue.kind, ())
    match clue.value:
        case WhenClue(_, days, clock):
            yield from _DAY_QUESTIONS if days else ()
            yield from (Question.HALF_DAY,) if clock else ()
        case NumberClue(number):
            is_short = number.form in (Form.FIRST, Form.WITHIN) and not number.ending
            yield from () if is_short or number.form is Form.NONE else (Question.LAST_DIGITS,)
        case HappenedClue("transferred"):
            yield Question.TRANSFERRED
        case _:
            return


def _answers(candidates: Candidates) -> Iterator[tuple[Question, Codes]]:
    """In the order of the list; of what is handed in, and of when they began."""
    months = candidates.local_us.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    times = {
        Question.MONTH: months - months.min(initial=0),
        Question.WEEKDAY: candidates.weekdays,
        Question.HALF_DAY: (candidates.hours >= _NOON).astype(np.int64),
    }
    for question in Question:
        if question in times:
            yield question, times[question]
        elif question.value in candidates.values:
            yield question, candidates.values[question.value].codes


def _bits(codes: Codes, chances: Floats) -> float:
    """The mutual information of an answer and the candidates.

    Of a candidate whose answer nobody knows any answer is as likely, so that it says nothing.
    """
    known = codes >= 0
    total = float(chances.sum())
    if not known.any() or total <= 0:
        return 0.0
    # Sorted: the sum is the same however codes were given out.
    weights = np.sort(np.bincount(codes[known], weights=chances[known]))
    share = float(weights.sum()) / total
    values = weights[weights > 0] / weights.sum()
    if len(values) < len("ab"):
        return 0.0
    right = 1 - _WRONG + _WRONG * values
    wrong = _WRONG * values
    others = float((wrong * np.log2(wrong)).sum()) - wrong * np.log2(wrong)
    noise = -(right * np.log2(right) + others)
    return share * float((-values * np.log2(values)).sum() - (values * noise).sum())
