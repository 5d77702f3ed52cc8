"""The calendar of a simulation, to be drawn: how many recordings go when, by both policies.

Pure. Knows nothing of how it is drawn, nor of why a recording goes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

# More months than this would be hairlines: years are drawn instead.
MOST_MONTHS: Final = 72
# A policy that keeps for thousands of years is not drawn to its end.
MOST_BARS: Final = 200
_YEAR: Final = slice(0, 4)
_NONE: Final[Mapping[str, int]] = {"recordings": 0, "bytes": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRow:
    """A month (`2027-04`) in which something goes: today, by the other policy, and those bytes."""

    month: str
    today: int
    then: int
    size_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarBar:
    """A month or a year and how many go in it, also where that is none."""

    label: str
    today: int = 0
    then: int = 0


@dataclass(frozen=True, slots=True)
class CalendarBars:
    """The rows of a calendar, in order; of so many nothing says when they go (`endless`)."""

    rows: tuple[MonthRow, ...]
    endless: int = 0

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> "CalendarBars":
        """By what came of a simulation."""
        today, then = result["months_today"], result["months"]
        return cls(
            tuple(
                MonthRow(
                    month=month,
                    today=today.get(month, _NONE)["recordings"],
                    then=then.get(month, _NONE)["recordings"],
                    size_bytes=then.get(month, _NONE)["bytes"],
                )
                for month in sorted({*today, *then})
            )
        )

    @classmethod
    def of_facts(cls, result: Mapping[str, Any]) -> "CalendarBars":
        """When facts that outlive their audio end."""
        today, then = result["facts_months_today"], result["facts_months"]
        return cls(
            tuple(
                MonthRow(month=month, today=today.get(month, 0), then=then.get(month, 0))
                for month in sorted({*today, *then})
            ),
            endless=result["facts_no_end"],
        )

    @property
    def bars(self) -> tuple[CalendarBar, ...]:
        """Without a hole between the first and the last; none where nothing ever goes."""
        if not self.rows:
            return ()
        months = list(_months(self.rows[0].month, self.rows[-1].month))
        whole = slice(None) if len(months) <= MOST_MONTHS else _YEAR
        today, then = Counter[str](), Counter[str]()
        for row in self.rows:
            today[row.month[whole]] += row.today
            then[row.month[whole]] += row.then
        labels = list(dict.fromkeys(month[whole] for month in months))[:MOST_BARS]
        return tuple(CalendarBar(label=each, today=today[each], then=then[each]) for each in labels)

    @property
    def highest(self) -> int:
        """The most that go at once, by either policy."""
        return max((max(each.today, each.then) for each in self.bars), default=0)


def _months(first: str, last: str) -> Iterator[str]:
    for count in range(_count(first), _count(last) + 1):
        year, month = divmod(count, 12)
        yield f"{year:04}-{month + 1:02}"


def _count(month: str) -> int:
    year, number = month.split("-")
    return int(year) * 12 + int(number) - 1
