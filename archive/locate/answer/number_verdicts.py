"""How a number that is told fits those of a call.

Pure; by the similarities of `archive/locate/number_table.py`. No reason has the digits in it.
"""

from collections.abc import Sequence
from typing import Final

from archive.locate.answer.facts import CallFacts
from archive.locate.answer.verdict import (
    Because,
    Verdict,
    best_of,
    conflicts,
    is_near,
    matches,
    not_known,
)
from archive.locate.clues import DialledClue, NumberClue
from archive.locate.number_table import FLOOR, NumberKind, number_similarities, number_table
from archive.locate.numbers import Form, RememberedNumber, Withheld

_NEAR: Final = {
    NumberKind.ONE_WRONG: Because.ONE_DIGIT,
    NumberKind.TWO_SWAPPED: Because.TWO_SWAPPED,
    NumberKind.STRETCH: Because.ELSEWHERE,
}


def number_verdict(clue: NumberClue, call: CallFacts) -> Verdict:
    """Of the outside number, or of its being withheld."""
    own = call.outside
    if clue.number.form is Form.WITHHELD:
        return _withheld(clue.number.reason, own.withheld, bool(own.numbers))
    if own.numbers:
        return digits_verdict(clue.number, own.numbers)
    return not_known(Because.NO_NUMBER if own.withheld is None else Because.NUMBER_WITHHELD)


def dialled_verdict(clue: DialledClue, call: CallFacts) -> Verdict:
    """Of the number of ours."""
    lines = call.route.lines
    return digits_verdict(clue.number, lines) if lines else not_known(Because.NO_LINE)


def digits_verdict(told: RememberedNumber, stored: Sequence[str]) -> Verdict:
    """Of the stored number, its digits from the end, that fits best."""
    found = number_similarities(told, number_table(stored))
    rates = zip(found.kinds.tolist(), found.log_rates.tolist(), strict=True)
    return best_of(_digits(told, NumberKind(kind), rate) for kind, rate in rates)


def _digits(told: RememberedNumber, kind: NumberKind, log_rate: float) -> Verdict:
    if kind is NumberKind.OTHER or log_rate <= FLOOR:
        return conflicts(Because.OTHER_NUMBER)
    if log_rate < 0:
        return is_near(_NEAR.get(kind, Because.ELSEWHERE), log_rate)
    if kind is NumberKind.SAME:
        return matches(Because.SAME_NUMBER)
    return matches(Because.DIGITS_FIT, digits=len(told.digits) + len(told.ending))


def _withheld(told: Withheld | None, stored: Withheld | None, is_shown: bool) -> Verdict:  # noqa: FBT001  # one fact of the call
    if stored is None:
        return conflicts(Because.NUMBER_SHOWN) if is_shown else not_known(Because.NO_NUMBER)
    if Withheld.UNKNOWN in (told, stored) or told in (None, stored):
        return matches(Because.WITHHELD)
    return is_near(Because.WITHHELD_OTHERWISE)
