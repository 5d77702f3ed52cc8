"""Verdicts of numbers that are told, by those of a call.

Pure; in the ways by which the ranking compares. No reason has the digits in it.
"""

from collections.abc import Sequence

from archive.locate.answer.facts import CallFacts
from archive.locate.answer.verdict import Because, Verdict, conflicts, is_near, matches, not_known
from archive.locate.clues import DialledClue, NumberClue
from archive.locate.numbers import Form, RememberedNumber
from archive.locate.ranking.memory_rates import GUESSED
from archive.locate.ranking.remembered_number import Told, ways_told
from archive.locate.withheld_numbers import Withheld


def number_verdict(clue: NumberClue, call: CallFacts) -> Verdict:
    """Of the outside number, or of its being withheld."""
    own = call.outside
    if clue.number.form is Form.WITHHELD:
        return _withheld(clue.number.reason, own.withheld, bool(own.numbers))
    if own.numbers:
        return digits_verdict(clue.number, own.numbers)
    return not_known(Because.NO_NUMBER if own.withheld is None else Because.NUMBER_WITHHELD)


def dialled_verdict(clue: DialledClue, call: CallFacts) -> Verdict:
    lines = call.route.lines
    return digits_verdict(clue.number, lines) if lines else not_known(Because.NO_LINE)


def digits_verdict(told: RememberedNumber, stored: Sequence[str]) -> Verdict:
    """Of the stored number, its digits from the end, that fits best."""
    match Told(ways_told(told, stored, GUESSED.number).min()):
        case Told.RIGHT if told.form in {Form.WHOLE, Form.EXTENSION}:
            return matches(Because.SAME_NUMBER)
        case Told.RIGHT if told.form is Form.FIRST:
            return matches(Because.BOTH_ENDS if told.ending else Because.BEGINS_SO)
        case Told.RIGHT:
            return matches(Because.DIGITS_FIT, digits=len(told.digits))
        case Told.ONE_DIGIT:
            return is_near(Because.ONE_DIGIT)
        case Told.TWO_SWAPPED:
            return is_near(Because.TWO_SWAPPED)
        case Told.OTHERWISE:
            return conflicts(Because.OTHER_NUMBER)


def _withheld(told: Withheld | None, stored: Withheld | None, is_shown: bool) -> Verdict:  # noqa: FBT001  # one fact of the call
    if stored is None:
        return conflicts(Because.NUMBER_SHOWN) if is_shown else not_known(Because.NO_NUMBER)
    if stored.fits(told):
        is_pay_phone = stored is Withheld.PAY_PHONE
        return matches(Because.PAY_PHONE if is_pay_phone else Because.WITHHELD)
    return is_near(Because.WITHHELD_OTHERWISE)
