"""Who was called back: the same outside number within four days.

Pure. Inferred, and never merged. Knows nothing of ids that join calls.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from archive.catalog.locating.recording_facts import Own
from archive.locate.inferred_links import CALL_BACK_US, names_a_party


class _Call(NamedTuple):
    at_us: int
    row: int
    group: str


_Calls = defaultdict[str, list[_Call]]


@dataclass(slots=True)
class CallBacks:
    """Calls in any order, each with the group by which it is decided who may see it."""

    _came: _Calls = field(default_factory=lambda: defaultdict(list))
    _went: _Calls = field(default_factory=lambda: defaultdict(list))

    def add(self, own: Own, group: str, numbers: Iterable[str]) -> None:
        """A call with the outside numbers of it; one of unknown direction is passed over."""
        calls = {"inbound": self._came, "outbound": self._went}.get(own.direction)
        if calls is not None:
            for number in filter(names_a_party, numbers):
                calls[number].append(_Call(own.started_us, own.row, group))

    def others(self) -> Mapping[int, set[str]]:
        """By row of a call that was called back, or of a call-back, the groups of its others."""
        found: defaultdict[int, set[str]] = defaultdict(set)
        for number in self._came.keys() & self._went.keys():
            came, went = self._came[number], self._went[number]
            for row, group in _answers(came, went, 0):
                found[row].add(group)
            for row, group in _answers(went, came, -CALL_BACK_US):
                found[row].add(group)
        return found


def _answers(
    calls: Sequence[_Call], others: Sequence[_Call], from_us: int
) -> Iterator[tuple[int, str]]:
    """Of each call the groups of others in the four days that begin so much behind it."""
    by_group: defaultdict[str, list[int]] = defaultdict(list)
    for other in sorted(others):
        by_group[other.group].append(other.at_us)
    for call in calls:
        for group, began_us in by_group.items():
            at = bisect_left(began_us, call.at_us + from_us)
            if at < len(began_us) and began_us[at] <= call.at_us + from_us + CALL_BACK_US:
                yield call.row, group
