"""How well the numbers of calls fit one that is remembered: a whole table of them at once.

Pure. The rates are guesses (`docs/locate-who.md`, Number); knows nothing of how one is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from archive.call.numbers import MAX_CLUE_DIGITS
from archive.locate.numbers import Form, RememberedNumber

FLOOR: Final = -9.0
_ONE_WRONG: Final = -3.5
_TWO_SWAPPED: Final = -3.9
_ELSEWHERE: Final = -4.2
_NO_DIGIT: Final = 255
_WIDTH: Final = MAX_CLUE_DIGITS


class NumberKind(IntEnum):
    """In what a remembered number is like a stored one, the surest first."""

    SAME = 0
    SUFFIX = 1
    PREFIX = 2
    STRETCH = 3
    ONE_WRONG = 4
    TWO_SWAPPED = 5
    OTHER = 6


@dataclass(frozen=True, slots=True)
class NumberTable:
    """Distinct stored numbers side by side, their last digit first: a column each."""

    codes: npt.NDArray[np.uint8]
    lengths: npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class NumberSimilarities:
    """An answer for each number of a table: its kind and its natural log rate (0 is the same)."""

    kinds: npt.NDArray[np.int8]
    log_rates: npt.NDArray[np.float32]


def number_table(reversed_digits: Sequence[str]) -> NumberTable:
    """Stored numbers, their digits from the end; what is none fits nothing."""
    plain = [each[:_WIDTH].encode("ascii", "replace") for each in reversed_digits]
    lengths = np.fromiter(map(len, plain), dtype=np.intp, count=len(plain))
    codes = np.full((_WIDTH, len(plain)), _NO_DIGIT, dtype=np.uint8)
    for at, each in enumerate(plain):
        codes[: len(each), at] = np.frombuffer(each, dtype=np.uint8)
    return NumberTable(codes, lengths)


def number_similarities(remembered: RememberedNumber, table: NumberTable) -> NumberSimilarities:
    """How well a remembered number fits each of a table; one that says nothing fits none."""
    count = len(table.lengths)
    answer = NumberSimilarities(
        np.full(count, NumberKind.OTHER, dtype=np.int8), np.full(count, FLOOR, dtype=np.float32)
    )
    wanted = np.frombuffer(remembered.digits[::-1].encode("ascii", "replace"), dtype=np.uint8)
    if not 0 < len(wanted) <= _WIDTH:
        return answer
    match remembered.form:
        case Form.WHOLE | Form.EXTENSION:
            long_enough = table.lengths == len(wanted)
            _compare(answer, table.codes[: len(wanted)], wanted, long_enough, NumberKind.SAME)
        case Form.LAST:
            long_enough = table.lengths >= len(wanted)
            _compare(answer, table.codes[: len(wanted)], wanted, long_enough, NumberKind.SUFFIX)
            _find_within(answer, table, wanted, _ELSEWHERE)
        case Form.FIRST:
            long_enough = table.lengths >= len(wanted)
            _compare(
                answer, _beginnings(table, len(wanted)), wanted, long_enough, NumberKind.PREFIX
            )
            _add_ending(answer, remembered.ending, table)
        case Form.WITHIN:
            _find_within(answer, table, wanted, 0.0)
    return answer


def _compare(
    answer: NumberSimilarities,
    codes: npt.NDArray[np.uint8],
    wanted: npt.NDArray[np.uint8],
    long_enough: npt.NDArray[np.bool_],
    kind: NumberKind,
) -> None:
    differs = codes != wanted[:, None]
    count = differs.sum(axis=0)
    swapped = np.zeros(codes.shape[1], dtype=np.bool_)
    for at in range(len(wanted) - 1):
        swapped |= (codes[at] == wanted[at + 1]) & (codes[at + 1] == wanted[at]) & differs[at]
    _take(answer, long_enough & (count == 0), kind, 0.0)
    _take(answer, long_enough & (count == 1), NumberKind.ONE_WRONG, _ONE_WRONG)
    _take(
        answer, long_enough & (count == len("ab")) & swapped, NumberKind.TWO_SWAPPED, _TWO_SWAPPED
    )


def _take(
    answer: NumberSimilarities, fits: npt.NDArray[np.bool_], kind: NumberKind, log_rate: float
) -> None:
    wins = fits & (answer.log_rates < log_rate)
    answer.kinds[wins] = kind
    answer.log_rates[wins] = log_rate


def _beginnings(table: NumberTable, length: int) -> npt.NDArray[np.uint8]:
    """The first digits of each number, the last of them first."""
    places = np.maximum(table.lengths - length, 0) + np.arange(length)[:, None]
    found: npt.NDArray[np.uint8] = np.take_along_axis(
        table.codes, np.minimum(places, _WIDTH - 1), axis=0
    )
    return found


def _find_within(
    answer: NumberSimilarities,
    table: NumberTable,
    wanted: npt.NDArray[np.uint8],
    log_rate: float,
) -> None:
    for at in range(_WIDTH - len(wanted) + 1):
        fits = (table.codes[at : at + len(wanted)] == wanted[:, None]).all(axis=0)
        _take(answer, fits, NumberKind.STRETCH, log_rate)


def _add_ending(answer: NumberSimilarities, ending: str, table: NumberTable) -> None:
    if not ending:
        return
    other = number_similarities(RememberedNumber(form=Form.LAST, digits=ending), table)
    weaker = other.log_rates < answer.log_rates
    answer.kinds[weaker] = other.kinds[weaker]
    answer.log_rates[:] = np.maximum(answer.log_rates + other.log_rates, np.float32(FLOOR))
