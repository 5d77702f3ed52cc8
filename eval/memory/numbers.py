"""Clues of a telephone number: whole, its last digits, its first; one wrong, two swapped.

A number is that of a country and its area, and eight digits behind; only these are told wrong.
"""

from typing import Final, TypeVar

import numpy as np

from eval.memory.clue import Clue, clue
from eval.memory.model import Model
from eval.world.arrays import Floats, Ints
from eval.world.parties import LANDS, MOBILE, MOBILES, TAIL, random_numbers

_DIGITS: Final = 8
_SWAPS: Final = _DIGITS - 1
_Tail = TypeVar("_Tail", int, Ints)
_LAST: Final = {"last4": 4, "last3": 3, "last2": 2}


class SpokenNumbers:
    """Of each of some numbers, which are different and sorted."""

    def __init__(self, model: Model, numbers: Ints) -> None:
        self._numbers = numbers
        self._kinds = model.kinds["number"]
        errors = model.errors["number"]
        self._digit, self._swapped = errors["digit"], errors["swapped"]
        self._right = 1 - self._digit - self._swapped
        self._other_phone = errors["other_phone"]
        self._weight = sum(self._kinds.values())

    def tell(self, number: int, dice: np.random.Generator) -> Clue:
        """Draw what is said of a number."""
        if dice.random() < self._other_phone:
            return self.tell_unseen(dice)
        drawn = dice.random()
        tail = number % TAIL
        if drawn < self._digit:
            tail = _with_other_digit(tail, int(dice.integers(_DIGITS)), int(dice.integers(1, 10)))
        elif drawn < self._digit + self._swapped:
            tail = _swap(tail, int(dice.integers(_SWAPS)))
        return self._said(number // TAIL * TAIL + tail, dice)

    def tell_unseen(self, dice: np.random.Generator) -> Clue:
        """Of a telephone with which no call was made."""
        return self._said(int(random_numbers(1, dice)[0]), dice)

    def _said(self, number: int, dice: np.random.Generator) -> Clue:
        names = list(self._kinds)
        weights = np.array([self._kinds[name] for name in names])
        kind = names[int(dice.choice(len(names), p=weights / weights.sum()))]
        if kind == "whole":
            return clue("number.whole", number=national(number))
        if kind == "first":
            return clue("number.first", first=_first(number // TAIL))
        count = _LAST[kind]
        return clue("number.last", last=f"{number % 10**count:0{count}}")

    def unseen(self, told: Clue) -> float:
        """The chance that it is said of a number that nobody has called with."""
        slots = dict(told.slots)
        if told.kind == "number.whole":
            prefix = _prefix_of(str(slots["number"]))
            return self._share("whole") * _prefix_share(prefix) / TAIL
        if told.kind == "number.first":
            prefixes = [each for each in (*MOBILES, *LANDS) if _first(each) == slots["first"]]
            return self._share("first") * sum(map(_prefix_share, prefixes))
        count = len(str(slots["last"]))
        return self._share(f"last{count}") / float(10**count)

    def likelihood(self, told: Clue) -> Floats:
        """The chance that it is said, by number."""
        slots = dict(told.slots)
        seen: Floats
        if told.kind == "number.whole":
            seen = self._share("whole") * self._whole(str(slots["number"]))
        elif told.kind == "number.first":
            firsts = {each for each in (*MOBILES, *LANDS) if _first(each) == slots["first"]}
            seen = self._share("first") * np.isin(self._numbers // TAIL, list(firsts)).astype(
                np.float64
            )
        else:
            seen = self._share(f"last{len(str(slots['last']))}") * self._last(str(slots["last"]))
        mixed: Floats = (1 - self._other_phone) * seen + self._other_phone * self.unseen(told)
        return mixed

    def _share(self, kind: str) -> float:
        return self._kinds[kind] / self._weight

    def _whole(self, text: str) -> Floats:
        tail, prefix = int(text[-_DIGITS:]), _prefix_of(text)
        found = np.zeros(len(self._numbers))
        said = [(tail, self._right)]
        said += [
            (_with_other_digit(tail, place, by), self._digit / _DIGITS / 9)
            for place in range(_DIGITS)
            for by in range(1, 10)
        ]
        said += [(_swap(tail, place), self._swapped / _SWAPS) for place in range(_SWAPS)]
        for other, rate in said:
            number = prefix * TAIL + other
            at = int(np.searchsorted(self._numbers, number))
            if at < len(self._numbers) and self._numbers[at] == number:
                found[at] += rate
        return found

    def _last(self, text: str) -> Floats:
        """By the last digits and the one before, which a swap brings among them."""
        span = 10 ** (len(text) + 1)
        if len(self._numbers) < span:
            return self._of_tails(self._numbers % span, text)
        of_tail = self._of_tails(np.arange(span, dtype=np.int64), text)
        by_number: Floats = of_tail[self._numbers % span]
        return by_number

    def _of_tails(self, tails: Ints, text: str) -> Floats:
        count, told = len(text), int(text)
        wrong = np.zeros(len(tails), dtype=np.int64)
        for place in range(count):
            wrong += tails // 10**place % 10 != told // 10**place % 10
        # Where it is wrong before the digits that are told, they are right.
        right = self._right + self._digit * (_DIGITS - count) / _DIGITS
        right += self._swapped * (_SWAPS - count) / _SWAPS
        likely: Floats = (wrong == 0) * right + (wrong == 1) * (self._digit / _DIGITS / 9)
        for place in range(count):
            swapped = _swap(tails, place) % 10**count == told
            likely += swapped * (self._swapped / _SWAPS)
        return likely


def national(number: int) -> str:
    """As people in Japan write it."""
    return "0" + str(number)[2:]


def _prefix_of(text: str) -> int:
    return int("81" + text[1:-_DIGITS])


def _first(prefix: int) -> str:
    """090, or 03."""
    return national(prefix)


def _prefix_share(prefix: int) -> float:
    if prefix in MOBILES:
        return MOBILE / len(MOBILES)
    return (1 - MOBILE) / len(LANDS) if prefix in LANDS else 0.0


def _with_other_digit(tail: int, place: int, by: int) -> int:
    digit = tail // 10**place % 10
    changed: int = tail + ((digit + by) % 10 - digit) * 10**place
    return changed


def _swap(tail: _Tail, place: int) -> _Tail:
    """The digit at this place, from the end, and the one before it."""
    one, other = tail // 10**place % 10, tail // 10 ** (place + 1) % 10
    swapped: _Tail = tail + (other - one) * 10**place + (one - other) * 10 ** (place + 1)
    return swapped
