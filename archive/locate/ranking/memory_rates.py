"""Rates of false memory of each kind: what the scores weigh clues by.

Values alone. All are guesses (`docs/locate.md`, Score) until a site's own requests tell.
"""

from dataclasses import dataclass, field
from typing import Final

from archive.locate.clues import Clue


@dataclass(frozen=True, slots=True, kw_only=True)
class DayErrors:
    """Of so many days, both ways together; a month; quite another time."""

    days: tuple[tuple[int, float], ...] = ((1, 0.20), (3, 0.12), (7, 0.03), (14, 0.05))
    month: float = 0.02
    other: float = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockErrors:
    """Of so many minutes, both ways together; morning for evening."""

    minutes: tuple[tuple[int, float], ...] = ((30, 0.15), (60, 0.12), (120, 0.06))
    half_day: float = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberErrors:
    """Told of another telephone; a digit, two neighbours; of one withheld, and the other way.

    Of one that was withheld the reason is told as another's at a rate `other_reason`.
    Of a number of a country and area only the `subscriber` digits behind are told wrong.
    """

    other_phone: float = 0.15
    digit: float = 0.04
    swapped: float = 0.02
    withheld_unknown: float = 0.3
    withheld_wrongly: float = 0.01
    other_reason: float = 0.3
    subscriber: int = 8

    @property
    def one_digit(self) -> float:
        return self.digit / self.subscriber / 9

    @property
    def one_swap(self) -> float:
        return self.swapped / (self.subscriber - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherErrors:
    """Told at random where it was otherwise; of lengths the spread of the logarithm."""

    agent: float = 0.02
    team: float = 0.05
    extension: float = 0.02
    queue: float = 0.07
    dialled: float = 0.1
    direction: float = 0.05
    happened: float = 0.08
    length: float = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class TextErrors:
    """Told of another call: what it was about, the customer's name, an id.

    `left_over`: words of a sentence that nothing was made of are what it was about so often;
    `left_by_chance`: such words that say nothing of any call stand in so many notes all the same.
    `two_readings`: of what may say two things each is meant so often.
    """

    gist: float = 0.1
    customer: float = 0.05
    id: float = 0.02
    left_over: float = 0.3
    left_by_chance: float = 0.002
    two_readings: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Of requests so many are about no call; how much sooner new calls are asked for."""

    never: float = 0.06
    recent_days: float = 45.0
    floor: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryRates:
    day: DayErrors = field(default_factory=DayErrors)
    clock: ClockErrors = field(default_factory=ClockErrors)
    number: NumberErrors = field(default_factory=NumberErrors)
    other: OtherErrors = field(default_factory=OtherErrors)
    text: TextErrors = field(default_factory=TextErrors)
    asked: Asked = field(default_factory=Asked)


GUESSED: Final = MemoryRates()


def meant(clue: Clue, wrong: float, rates: MemoryRates) -> float:
    """The rate at which a clue is told of another call; a guess is often not meant so at all."""
    return 1 - rates.text.two_readings * (1 - wrong) if clue.guessed else wrong
