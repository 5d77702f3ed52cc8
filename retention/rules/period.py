"""Periods of the calendar: years, months and days, never hours, never a month as thirty days.

Pure. Knows nothing of when a period begins.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

from retention.rules.errors import PeriodUnreadable
from retention.rules.policy_flaws import PolicyFlaw

# Nothing is kept for longer by a rule; whoever means for ever says `never`.
MAX_YEARS: Final = 200
_MONTHS_A_YEAR: Final = 12
_FORM: Final = re.compile(r"P(?:([0-9]{1,5})Y)?(?:([0-9]{1,5})M)?(?:([0-9]{1,5})D)?")
# A year and a month have so many days at the least, and at the most.
_YEAR_DAYS: Final = (365, 366)
_MONTH_DAYS: Final = (28, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Months, of which a year has twelve, and days after them (ISO 8601-1 5.5.2, Y, M and D)."""

    months: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `P10Y`, `P1Y6M` or `P90D`; raises `PeriodUnreadable`."""
        found = _FORM.fullmatch(text)
        if found is None or text == "P":
            raise PeriodUnreadable(PolicyFlaw.PERIOD)
        years, months, days = (int(each or 0) for each in found.groups())
        own = cls(months=years * _MONTHS_A_YEAR + months, days=days)
        if own._days(1) > MAX_YEARS * _YEAR_DAYS[1]:
            raise PeriodUnreadable(PolicyFlaw.PERIOD_LENGTH)
        return own

    def __str__(self) -> str:
        years, months = divmod(self.months, _MONTHS_A_YEAR)
        named = ((years, "Y"), (months, "M"), (self.days, "D"))
        return "P" + ("".join(f"{count}{unit}" for count, unit in named if count) or "0D")

    def is_never_shorter_than(self, other: "Period") -> bool:
        """Whether it ends no earlier from whichever day both begin."""
        if self.months >= other.months and self.days >= other.days:
            return True
        return self._days(0) >= other._days(1)

    def _days(self, at_most: int) -> int:
        """How many days it has at the least (0) or at the most (1)."""
        years, months = divmod(self.months, _MONTHS_A_YEAR)
        return years * _YEAR_DAYS[at_most] + months * _MONTH_DAYS[at_most] + self.days
