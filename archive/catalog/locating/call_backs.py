"""Who was called back: the same outside number within four days.

Pure. Inferred, and never merged. Knows nothing of ids that join calls.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from archive.catalog.locating.recording_facts import Own
from archive.locate.inferred_links import CALL_BACK_US, names_a_party


@dataclass(slots=True)
class CallBacks:
    """Calls in any order; `rows` has those that were called back, and the call-backs."""

    _went: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    _came: list[tuple[str, int, int]] = field(default_factory=list)

    def add(self, own: Own, numbers: Iterable[str]) -> None:
        """A call with the outside numbers of it; one of unknown direction is passed over."""
        for number in numbers:
            if not names_a_party(number):
                continue
            if own.direction == "outbound":
                self._went.setdefault(number, []).append((own.started_us, own.row))
            elif own.direction == "inbound":
                self._came.append((number, own.started_us, own.row))

    def rows(self) -> set[int]:
        """Both calls of each pair."""
        came: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, at_us, row in self._came:
            if number in self._went:
                came[number].append((at_us, row))
        found: set[int] = set()
        for number, own in came.items():
            found |= _paired(sorted(own), sorted(self._went[number]))
        return found


def _paired(came: Sequence[tuple[int, int]], went: Sequence[tuple[int, int]]) -> set[int]:
    """Of one number, each with its beginning: who came and had a call within four days behind."""
    came_us, went_us = [at_us for at_us, _ in came], [at_us for at_us, _ in went]
    next_went = [bisect_left(went_us, at_us) for at_us in came_us]
    last_came = [bisect_right(came_us, at_us) - 1 for at_us in went_us]
    answered = {
        row
        for (at_us, row), at in zip(came, next_went, strict=True)
        if at < len(went) and went_us[at] - at_us <= CALL_BACK_US
    }
    answering = {
        row
        for (at_us, row), at in zip(went, last_came, strict=True)
        if at >= 0 and at_us - came_us[at] <= CALL_BACK_US
    }
    return answered | answering
