"""How much likelier a remembered number is told of each stored one than of one never seen.

Pure. Stored numbers lie in order of their digits from the end, so what ends alike lies together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from archive.locate.columns.layout import NUMBER_BYTES
from archive.locate.numbers import Form, RememberedNumber
from archive.locate.ranking.memory_rates import NumberErrors
from archive.locate.ranking.ratios import OUTSIDE, Floats, log_rates

Numbers = NDArray[Any]  # of digits from the end, sorted; empty: withheld or not known
# So many digits are random, whatever stands before them.
_SUBSCRIBER: Final = 8
_DIGITS: Final = "0123456789"
# Numbers begin so inside a country; that of one that is none of its plan is not known.
_TRUNK: Final = "0"
# A stretch may stand at so many places of a number.
_PLACES: Final = 11


@dataclass(frozen=True, slots=True)
class RememberedDigits:
    """What is told of a number, and how likely by who never called; certain or not."""

    number: RememberedNumber
    by_chance: float
    errors: NumberErrors
    certain: bool

    @property
    def withheld(self) -> float:
        """The log rate of a call whose number was withheld."""
        if self.certain:
            return OUTSIDE
        return float(log_rates(np.array([self.errors.withheld_unknown]))[0])

    def of(self, numbers: Numbers) -> Floats:
        """The log rate of each; 0 of none."""
        shares = fitting(self.number, numbers, self.errors)
        if self.certain:
            found = np.where(shares >= _right(self.number, self.errors), 0.0, OUTSIDE)
            found[found == 0] = float(log_rates(np.array([1 / self.by_chance]))[0])
            return found
        other = self.errors.other_phone
        found = log_rates((1 - other) * shares / self.by_chance + other)
        return np.where(numbers == b"", 0.0, found)


def fitting(number: RememberedNumber, numbers: Numbers, errors: NumberErrors) -> Floats:
    """How likely what is told is told of each, where it is that telephone's."""
    shares = np.zeros(len(numbers))
    match number.form:
        case Form.WHOLE | Form.LAST | Form.EXTENSION:
            for digits, share in _ways(number, errors):
                begin, end = _lying(numbers, digits, number.form)
                shares[begin:end] += share
        case Form.FIRST:
            shares[_beginning(numbers, number.digits)] = 1.0
            if number.ending:
                last = RememberedNumber(form=Form.LAST, digits=number.ending)
                shares *= fitting(last, numbers, errors)
        case Form.WITHIN:
            shares[_containing(numbers, number.digits)] = 1.0
    return shares


def chance_of(number: RememberedNumber, begins: float) -> float:
    """How likely it is told by who never called; `begins`: how many numbers begin so."""
    length = len(number.digits)
    match number.form:
        case Form.WHOLE | Form.EXTENSION:
            return float(10.0 ** -min(length, _SUBSCRIBER))
        case Form.WITHIN:
            return float(min(1.0, max(_PLACES - length, 1) * 10.0**-length))
        case Form.FIRST:
            return float(max(begins, 10.0**-length) * 10.0 ** -len(number.ending))
        case _:
            return float(10.0**-length)


def _ways(number: RememberedNumber, errors: NumberErrors) -> Iterator[tuple[str, float]]:
    """The endings of which it may be told, and how likely of each."""
    digits = number.digits
    yield digits, _right(number, errors)
    first = max(0, len(digits) - errors.subscriber)
    for at in range(first, len(digits)):
        for other in _DIGITS:
            if other != digits[at]:
                other_digits = digits[:at] + other + digits[at + 1 :]
                yield other_digits, errors.one_digit
    for at in range(first, len(digits) - 1):
        one, other = digits[at], digits[at + 1]
        if one != other:
            swapped = digits[:at] + other + one + digits[at + 2 :]
            yield swapped, errors.one_swap


def _right(number: RememberedNumber, errors: NumberErrors) -> float:
    """What is wrong before the digits that are told does no harm."""
    if number.form in (Form.FIRST, Form.WITHIN) and not number.ending:
        return 1.0
    told = min(len(number.ending or number.digits), errors.subscriber) / errors.subscriber
    return 1 - (errors.digit + errors.swapped) * told


def _lying(numbers: Numbers, digits: str, form: Form) -> tuple[int, int]:
    """Where those that end so lie, or that are so."""
    if form is Form.LAST:
        return _ending(numbers, digits, whole=False)
    found = _ending(numbers, digits, whole=True)
    if found[0] == found[1] and digits.startswith(_TRUNK) and len(digits) > _SUBSCRIBER:
        return _ending(numbers, digits.removeprefix(_TRUNK), whole=False)
    return found


def _ending(numbers: Numbers, digits: str, *, whole: bool) -> tuple[int, int]:
    wanted = digits[::-1].encode("ascii", "replace")
    if not 0 < len(wanted) <= NUMBER_BYTES:
        return 0, 0
    behind = wanted if whole else wanted + b"\xff"
    side = ("left", "right") if whole else ("left", "left")
    kind = f"S{NUMBER_BYTES + 1}"
    begin = np.searchsorted(numbers, np.array(wanted, kind), side=side[0])  # type: ignore[call-overload]
    end = np.searchsorted(numbers, np.array(behind, kind), side=side[1])  # type: ignore[call-overload]
    return int(begin), int(end)


def _beginning(numbers: Numbers, digits: str) -> NDArray[np.bool_]:
    """Which begin so: their digits lie from the end, so it is looked for at each length."""
    wanted = np.frombuffer(digits[::-1].encode("ascii", "replace"), np.uint8)
    codes = _bytes(numbers)
    lengths = np.char.str_len(numbers)
    found = np.zeros(len(numbers), np.bool_)
    for length in range(len(wanted), NUMBER_BYTES + 1):
        own = np.flatnonzero(lengths == length)
        found[own] = (codes[own, length - len(wanted) : length] == wanted).all(axis=1)
    return found


def _containing(numbers: Numbers, digits: str) -> NDArray[np.bool_]:
    codes = _bytes(numbers)
    wanted = np.frombuffer(digits[::-1].encode("ascii", "replace"), np.uint8)
    found = np.zeros(len(numbers), np.bool_)
    for at in range(NUMBER_BYTES - len(wanted) + 1):
        found |= (codes[:, at : at + len(wanted)] == wanted).all(axis=1)
    return found


def _bytes(numbers: Numbers) -> NDArray[np.uint8]:
    plain = np.ascontiguousarray(numbers.astype(f"S{NUMBER_BYTES}"))
    found: NDArray[np.uint8] = plain.view(np.uint8).reshape(-1, NUMBER_BYTES)
    return found


def sharing(number: RememberedNumber, numbers: Sequence[Numbers], counts: Sequence[Any]) -> float:
    """Of the rows with a number, how many have one that begins as it does."""
    if number.form is not Form.FIRST:
        return 0.0
    fits = sum(
        int(own[_beginning(each, number.digits)].sum())
        for each, own in zip(numbers, counts, strict=True)
    )
    known = sum(int(own[each != b""].sum()) for each, own in zip(numbers, counts, strict=True))
    return fits / known if known else 0.0
