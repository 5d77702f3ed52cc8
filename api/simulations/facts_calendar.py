"""When facts that outlive their audio end, counted by the months of the last days.

Pure. Knows nothing of why they are kept, nor of how recordings are judged.
"""

from dataclasses import dataclass, field
from typing import Final

# In the place of a month: no rule says when they end.
NO_END: Final = ""


@dataclass(frozen=True, slots=True)
class FactsEnd:
    """The month (`2027-04`) in which facts end, today and then; None: they go with the audio."""

    today: str | None
    then: str | None


@dataclass(slots=True)
class FactsCalendar:
    """So many recordings whose facts end in a month, by both policies."""

    today: dict[str, int] = field(default_factory=dict)
    then: dict[str, int] = field(default_factory=dict)

    def add(self, end: FactsEnd, recordings: int) -> None:
        """Count so many more; fewer where that is negative."""
        _add(self.today, end.today, recordings)
        _add(self.then, end.then, recordings)

    def content(self) -> dict[str, object]:
        """As JSON."""
        return {
            "facts_months": _months(self.then),
            "facts_months_today": _months(self.today),
            "facts_no_end": self.then.get(NO_END, 0),
            "facts_no_end_today": self.today.get(NO_END, 0),
        }


def _add(counts: dict[str, int], month: str | None, recordings: int) -> None:
    """Where nothing is left of what was counted, nothing is told."""
    if month is None:
        return
    counts[month] = counts.get(month, 0) + recordings
    if not counts[month]:
        del counts[month]


def _months(counts: dict[str, int]) -> dict[str, int]:
    return {month: count for month, count in sorted(counts.items()) if month != NO_END}
