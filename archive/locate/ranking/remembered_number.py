"""Likelihood ratios of a remembered number, of each stored one against one never seen.

Pure. Stored numbers lie in order of their digits from the end, so what ends alike lies together.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from archive.locate.columns.flags import WITHHELD
from archive.locate.columns.layout import NUMBER_BYTES
from archive.locate.columns.weights import Rates
from archive.locate.numbers import Form, RememberedNumber
from archive.locate.ranking.memory_rates import NumberErrors
from archive.locate.ranking.ratios import OUTSIDE, Floats, log_rates

Numbers = NDArray[Any]  # of digits from the end, sorted; empty: withheld or not known
Ways = NDArray[np.int8]  # of `Told`
Places = NDArray[np.intp]
Fitting = tuple[Places, Ways]  # where numbers are, and how each is told
# So many digits are random, whatever stands before them.
_SUBSCRIBER: Final = 8
_DIGITS: Final = "0123456789"
# Numbers begin so inside a country; that of one that is none of its plan is not known.
_TRUNK: Final = "0"
_BEHIND_DIGITS: Final = b":"
FLAGS: Final = range(256)
_WITHHELD: Final = (np.array(FLAGS) & WITHHELD) > 0
# So many, and what is found of them, stay in the second cache.
_BLOCK: Final = 1 << 14
# Of more rows a tenth is counted.
_MANY: Final = 200_000
# A stretch may stand at so many places of a number.
_PLACES: Final = 11


class Told(IntEnum):
    """In which way a number is told, the surest first."""

    RIGHT = 0
    ONE_DIGIT = 1
    TWO_SWAPPED = 2
    OTHERWISE = 3


@dataclass(frozen=True, slots=True)
class RememberedDigits:
    """Digits of a number that are told, and their chance by who never called; certain or not."""

    number: RememberedNumber
    by_chance: float
    errors: NumberErrors
    certain: bool

    @property
    def flags(self) -> Floats:
        """The log rate by the flags of a call: of one whose number was withheld."""
        hidden = OUTSIDE if self.certain else math.log(self.errors.withheld_unknown)
        return np.where(_WITHHELD, hidden, 0.0)

    def of(self, numbers: Numbers) -> Rates:
        """The log rate of each; 0 of none."""
        places, ways = fitting(self.number, numbers, self.errors)
        other = self.errors.other_phone
        likely = (1 - other) * shares(self.number, self.errors) / self.by_chance + other
        rates, rest = log_rates(likely), math.log(other)
        if self.certain:
            places, rest = places[ways == Told.RIGHT], OUTSIDE
            ways, rates = ways[ways == Told.RIGHT], log_rates(np.array([1 / self.by_chance]))
        # Most numbers are not alike at all.
        found = np.full(len(numbers), rest, np.float32)
        found[places] = rates[ways]
        if not self.certain:
            found[: _known(numbers)] = 0.0
        return found


@dataclass(frozen=True, slots=True)
class DeniedDigits:
    """Digits that a number is said not to have: those that have them are told so by mistake."""

    number: RememberedNumber
    errors: NumberErrors
    certain: bool

    @property
    def flags(self) -> Floats:
        """Nothing of a number that was withheld."""
        return np.zeros(len(FLAGS))

    def of(self, numbers: Numbers) -> Rates:
        """The log rate of each; 0 of none."""
        places, ways = fitting(self.number, numbers, self.errors)
        found = np.zeros(len(numbers), np.float32)
        found[places[ways == Told.RIGHT]] = (
            OUTSIDE if self.certain else math.log(self.errors.other_phone)
        )
        return found


def shares(number: RememberedNumber, errors: NumberErrors) -> Floats:
    """The chance of each way to tell a number, of all that are as like it."""
    return np.array([_right(number, errors), errors.one_digit, errors.one_swap, 0.0])


def ways_told(number: RememberedNumber, stored: Sequence[str], errors: NumberErrors) -> Ways:
    """In which way it is told of each of some numbers, their digits from the end."""
    numbers = np.array([each.encode("ascii", "replace") for each in stored], f"S{NUMBER_BYTES}")
    order = np.argsort(numbers)
    places, ways = fitting(number, numbers[order], errors)
    found = np.full(len(numbers), Told.OTHERWISE, np.int8)
    found[order[places]] = ways
    return found


def fitting(number: RememberedNumber, numbers: Numbers, errors: NumberErrors) -> Fitting:
    """Places of the numbers of which it may be told, and the way of each."""
    if not number.digits:
        return np.empty(0, np.intp), np.empty(0, np.int8)
    match number.form:
        case Form.WHOLE | Form.LAST | Form.EXTENSION:
            return _ending_so(number, numbers, errors)
        case Form.FIRST if number.ending:
            last = RememberedNumber(form=Form.LAST, digits=number.ending)
            places, ways = _ending_so(last, numbers, errors)
            begin = _beginning(numbers[places], number)
            return places[begin], ways[begin]
        case Form.FIRST:
            places = np.flatnonzero(_beginning(numbers, number))
        case _:
            places = np.flatnonzero(_containing(numbers, number.digits))
    return places, np.full(len(places), Told.RIGHT, np.int8)


def _ending_so(number: RememberedNumber, numbers: Numbers, errors: NumberErrors) -> Fitting:
    """Of either of several each in the surest of the ways; of one none is told in two."""
    if not number.others:
        return _ending_in(number.digits, number.form, numbers, errors)
    found = [
        _ending_in(each, number.form, numbers, errors) for each in (number.digits, *number.others)
    ]
    places = np.concatenate([own for own, _ in found])
    ways = np.concatenate([own for _, own in found])
    order = np.lexsort((ways, places))
    kept = order[np.unique(places[order], return_index=True)[1]]
    return places[kept], ways[kept]


def _ending_in(digits: str, form: Form, numbers: Numbers, errors: NumberErrors) -> Fitting:
    ways = list(_ways(digits, errors))
    begins, ends = _lying(numbers, [each for each, _ in ways], form)
    counts, told = ends - begins, np.array([way for _, way in ways], np.int8)
    # One stretch behind the other.
    shifts = np.repeat(begins - (np.cumsum(counts) - counts), counts)
    return np.arange(len(shifts)) + shifts, np.repeat(told, counts)


def chance_of(number: RememberedNumber, begins: float) -> float:
    """The chance that it is told by who never called; `begins`: of numbers to begin so."""
    length, several = len(number.digits), 1 + len(number.others)
    match number.form:
        case Form.WHOLE | Form.EXTENSION:
            return float(min(1.0, several * 10.0 ** -min(length, _SUBSCRIBER)))
        case Form.WITHIN:
            return float(min(1.0, max(_PLACES - length, 1) * 10.0**-length))
        case Form.FIRST:
            return float(max(begins, 10.0**-length) * 10.0 ** -len(number.ending))
        case _:
            return float(min(1.0, several * 10.0**-length))


def _ways(digits: str, errors: NumberErrors) -> Iterator[tuple[str, Told]]:
    yield digits, Told.RIGHT
    first = max(0, len(digits) - errors.subscriber)
    for at in range(first, len(digits)):
        for other in _DIGITS:
            if other != digits[at]:
                other_digits = digits[:at] + other + digits[at + 1 :]
                yield other_digits, Told.ONE_DIGIT
    for at in range(first, len(digits) - 1):
        one, other = digits[at], digits[at + 1]
        if one != other:
            swapped = digits[:at] + other + one + digits[at + 2 :]
            yield swapped, Told.TWO_SWAPPED


def _right(number: RememberedNumber, errors: NumberErrors) -> float:
    """The chance of no error; one before the digits that are told does no harm."""
    if number.form in (Form.FIRST, Form.WITHIN) and not number.ending:
        return 1.0
    told = min(len(number.ending or number.digits), errors.subscriber) / errors.subscriber
    return 1 - (errors.digit + errors.swapped) * told


def _lying(numbers: Numbers, endings: Sequence[str], form: Form) -> tuple[Places, Places]:
    if form is Form.LAST:
        return _ending(numbers, endings, whole=False)
    begins, ends = _ending(numbers, endings, whole=True)
    for at, digits in enumerate(endings):
        if begins[at] == ends[at] and digits.startswith(_TRUNK) and len(digits) > _SUBSCRIBER:
            inside = [digits.removeprefix(_TRUNK)]
            (begins[at],), (ends[at],) = _ending(numbers, inside, whole=False)
    return begins, ends


def _ending(numbers: Numbers, endings: Sequence[str], *, whole: bool) -> tuple[Places, Places]:
    wanted = [each[::-1].encode("ascii", "replace") for each in endings]
    # Of the same width as the array, else all of it would be copied.
    behind = [each if whole else (each + _BEHIND_DIGITS)[:NUMBER_BYTES] for each in wanted]
    kind = f"S{NUMBER_BYTES}"
    begins = np.searchsorted(numbers, np.array(wanted, kind), side="left")
    ends = np.searchsorted(numbers, np.array(behind, kind), side="right")
    is_one = np.array([0 < len(each) <= NUMBER_BYTES for each in wanted])
    return begins, np.where(is_one, ends, begins)


def _beginning(numbers: Numbers, number: RememberedNumber) -> NDArray[np.bool_]:
    """Mark those that begin with its first digits: where their digits end, no more follow."""
    firsts = (each[::-1].encode("ascii", "replace") for each in (number.digits, *number.others))
    begin: NDArray[np.bool_] = np.any([_having(numbers, each + b"\0") for each in firsts], axis=0)
    return begin


def _containing(numbers: Numbers, digits: str) -> NDArray[np.bool_]:
    return _having(numbers, digits[::-1].encode("ascii", "replace"))


def _having(numbers: Numbers, wanted: bytes) -> NDArray[np.bool_]:
    """In which of them these bytes stand: block by block, all as one text."""
    plain = numbers.astype(f"S{NUMBER_BYTES}", copy=False)
    blocks = (plain[at : at + _BLOCK] for at in range(0, len(plain), _BLOCK))
    return np.concatenate([np.empty(0, np.bool_), *(_in_block(each, wanted) for each in blocks)])


def _in_block(numbers: Numbers, wanted: bytes) -> NDArray[np.bool_]:
    flat = np.frombuffer(numbers.tobytes() + bytes(NUMBER_BYTES), np.uint8)
    size = len(numbers) * NUMBER_BYTES
    found = flat[:size] == wanted[0]
    for at, byte in enumerate(wanted[1:], 1):
        found &= flat[at : at + size] == byte
    halves = found.view(np.uint64).reshape(-1, NUMBER_BYTES // 8)
    of_number: NDArray[np.bool_] = (halves[:, 0] | halves[:, 1]) != 0
    return of_number


def sharing(number: RememberedNumber, numbers: Sequence[Numbers], counts: Sequence[Any]) -> float:
    """Of the rows with a number, how many have one that begins as it does; of many a tenth tells.

    Those are the ones that end in 7: they lie together.
    """
    if number.form is not Form.FIRST:
        return 0.0
    every = [slice(_known(each), None) for each in numbers]
    rows = sum(int(own[part].sum()) for own, part in zip(counts, every, strict=True))
    if rows > _MANY:
        every = [slice(*map(int, chain(*_ending(each, ["7"], whole=False)))) for each in numbers]
        rows = sum(int(own[part].sum()) for own, part in zip(counts, every, strict=True))
    fits = sum(
        int(own[part][_beginning(each[part], number)].sum())
        for each, own, part in zip(numbers, counts, every, strict=True)
    )
    return fits / rows if rows else 0.0


def _known(numbers: Numbers) -> int:
    """The place of the first that is not empty."""
    return int(np.searchsorted(numbers, np.array(b"", numbers.dtype), side="right"))
