"""Kinds of recordings judged once for each piece of time within which the same is so of them.

Knows nothing of how many recordings there are, nor of where they are kept.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Generic, TypeVar

from api.simulations.archive_kinds import ArchiveKinds
from api.simulations.simulation import Supposition
from archive.catalog.retention.retained_counts import NEVER_US, UNKNOWN_KIND
from archive.lifecycle.recording_values import RetainedRecording
from archive.moments import microseconds
from retention.decisions.uniform_stretches import Stretch, blocks, pieces, stretches, zones_of

_Judged = TypeVar("_Judged")
Judge = Callable[[Supposition, RetainedRecording], _Judged]


@dataclass(frozen=True, slots=True)
class Span(Generic[_Judged]):
    """What is so of everything that ended from a moment on until before another one."""

    from_us: int
    until_us: int
    found: _Judged


@dataclass(frozen=True, slots=True)
class EndTimes:
    """The time in which calls ended, in stretches, where these begin, and stretches in blocks."""

    stretches: tuple[Stretch, ...]
    begins_us: tuple[int, ...]
    blocks: tuple[range, ...]

    @property
    def end_us(self) -> int:
        """After every call."""
        return microseconds(self.stretches[-1].end)

    @classmethod
    def of(cls, what: Supposition, first: datetime, last: datetime) -> "EndTimes":
        """As the policies count it."""
        zones = zones_of(what.policies)
        begins = [each.in_force_at for each in what.revisions]
        own = tuple(stretches(zones, begins, first, last))
        own_us = tuple(microseconds(each.begin) for each in own)
        return cls(own, own_us, blocks(own, zones, begins))


@dataclass(frozen=True, slots=True)
class _Pieces(Generic[_Judged]):
    """Since when what is so."""

    begins_us: Sequence[int]
    found: Sequence[_Judged]

    def at(self, ended_us: int) -> _Judged:
        """Of what ended at a moment; of what ended before all of them, the first."""
        return self.found[max(0, bisect_right(self.begins_us, ended_us) - 1)]


@dataclass(frozen=True, slots=True)
class JudgedPieces(Generic[_Judged]):
    """What `judge` makes of kinds; pieces of which `told` is the same are one."""

    kinds: ArchiveKinds
    course: EndTimes
    judge: Judge[_Judged]
    told: Callable[[_Judged], object]
    _known: dict[tuple[int, int], _Pieces[_Judged]] = field(default_factory=dict)
    _days: dict[tuple[int, int, int], _Judged] = field(default_factory=dict)

    def of(self, kind: int, sets: int, ended_us: int) -> _Judged:
        """Of those of a kind with numbers of these sets (bits) that ended at a moment."""
        return self._pieces(kind, sets).at(ended_us)

    def on_its_day(self, kind: int, sets: int, ended_us: int) -> _Judged:
        """The same, with the days that are its own and not those of its piece."""
        day = max(0, bisect_right(self.course.begins_us, ended_us) - 1)
        key = (kind, sets, day)
        if key not in self._days:
            what, found = self.kinds.case(kind, sets)
            at_us = self.course.begins_us[day] if kind != UNKNOWN_KIND else None
            self._days[key] = self.judge(what, replace(found, ended_us=at_us))
        return self._days[key]

    def spans(self, kind: int, sets: int) -> Iterator[Span[_Judged]]:
        """Each piece of a kind with numbers of these sets, and what is so of it."""
        own = self._pieces(kind, sets)
        for place, (begin, end) in enumerate(pairwise((*own.begins_us, NEVER_US))):
            yield Span(begin, end, own.found[place])

    def begins_us(self, kind: int, sets: int) -> Sequence[int]:
        """Where pieces of a kind begin that has numbers of these sets."""
        return self._pieces(kind, sets).begins_us

    def _pieces(self, kind: int, sets: int) -> _Pieces[_Judged]:
        if (kind, sets) not in self._known:
            self._known[kind, sets] = self._asked(kind, sets)
        return self._known[kind, sets]

    def _asked(self, kind: int, sets: int) -> _Pieces[_Judged]:
        what, found = self.kinds.case(kind, sets)
        first = self.course.begins_us[0]
        if kind == UNKNOWN_KIND:
            return _Pieces([first], [self.judge(what, found)])

        def judged(stretch: Stretch) -> _Judged:
            return self.judge(what, replace(found, ended_us=microseconds(stretch.begin)))

        made = pieces(self.course.stretches, self.course.blocks, judged, self.told)
        return _Pieces([microseconds(each.begin) for each in made], [each.found for each in made])
