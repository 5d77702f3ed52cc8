"""What another policy would make of an archive: what falls due sooner or later, and when it goes.

Adds up what the evaluator says of each recording, as `explain` does. Knows nothing of where
recordings come from or of who asks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Self, TypeVar

from api.retention.judgement import Judgement, judge_all
from archive.catalog.retained import RetainedRecording
from archive.ids import RecordingId
from retention.deadline import FOREVER
from retention.decision import Outcome, Standing
from retention.policy import RetentionPolicy
from retention.revision import Revision
from retention.rule import Asset

_AUDIO: Final = (Asset.AUDIO,)
_Key = TypeVar("_Key", bound=str)


class Change(StrEnum):
    """What becomes of the day on which a recording goes."""

    NEWLY_DUE = "newly_due"  # it would go now, and does not today
    EARLIER = "earlier"
    LATER = "later"
    SAME = "same"


class Then(StrEnum):
    """How a recording would stand under the new policy."""

    DUE = "due"
    DATED = "dated"  # it has a day on which it goes
    PROTECTED = "protected"  # past its maximum, and kept by a minimum, or by a hold or case
    UNKNOWN = "unknown"  # a rule asks what is not known
    NO_END = "no_end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """One recording: the moments at which its audio goes, today and then (`FOREVER`: none)."""

    recording: RecordingId
    size_bytes: int
    today: datetime
    then: datetime
    month: str
    change: Change
    stands: Then

    @classmethod
    def of(cls, old: Judgement, new: Judgement, now: datetime) -> Self:
        """By the judgements of both policies at `now`."""
        today, then = old.audio.goes_at, new.audio.goes_at
        last_day = new.last_day(then)
        return cls(
            recording=new.found.recording,
            size_bytes=new.found.size_bytes,
            today=today,
            then=then,
            month=f"{last_day:%Y-%m}" if last_day else "",
            change=_change(today, then, now),
            stands=_stands(new),
        )


def _change(today: datetime, then: datetime, now: datetime) -> Change:
    if then <= now < today:
        return Change.NEWLY_DUE
    if then == today:
        return Change.SAME
    return Change.EARLIER if then < today else Change.LATER


def _stands(new: Judgement) -> Then:
    if new.audio.bounds.unknown:
        return Then.UNKNOWN
    if new.audio.is_protected:
        return Then.PROTECTED
    match new.audio.decision.outcome:
        case Outcome.DESTROY:
            return Then.DUE
        case Outcome.RESTRICT:
            return Then.PROTECTED
        case Outcome.KEEP:
            return Then.NO_END if new.audio.bounds.due_at == FOREVER else Then.DATED


@dataclass(frozen=True, slots=True)
class Sum:
    """So many recordings, and the bytes of their files."""

    recordings: int = 0
    size_bytes: int = 0

    def with_one(self, size_bytes: int) -> Self:
        """One more."""
        return type(self)(self.recordings + 1, self.size_bytes + size_bytes)

    def content(self) -> dict[str, int]:
        """As JSON."""
        return {"recordings": self.recordings, "bytes": self.size_bytes}


NOTHING: Final = Sum()


@dataclass(slots=True)
class Simulation:
    """The sums of an archive; `months` are those whose days are the last ones, as `2027-04`."""

    whole: Sum = NOTHING
    changes: dict[Change, Sum] = field(default_factory=lambda: dict.fromkeys(Change, NOTHING))
    stands: dict[Then, Sum] = field(default_factory=lambda: dict.fromkeys(Then, NOTHING))
    months: dict[str, Sum] = field(default_factory=dict)

    def add_all(self, simulated: Iterable[Simulated]) -> None:
        """Count recordings."""
        for each in simulated:
            self._add(each)

    def content(self) -> dict[str, object]:
        """As JSON."""
        return {
            "whole": self.whole.content(),
            "changes": _contents(self.changes),
            "stands": _contents(self.stands),
            "months": _contents(dict(sorted(self.months.items()))),
        }

    def _add(self, each: Simulated) -> None:
        size = each.size_bytes
        self.whole = self.whole.with_one(size)
        self.changes[each.change] = self.changes[each.change].with_one(size)
        self.stands[each.stands] = self.stands[each.stands].with_one(size)
        if each.month:
            self.months[each.month] = self.months.get(each.month, NOTHING).with_one(size)


def _contents(sums: Mapping[_Key, Sum]) -> dict[_Key, dict[str, int]]:
    return {key: own.content() for key, own in sums.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposition:
    """A policy that is supposed to be the latest revision, for every recording that is there."""

    policy: RetentionPolicy
    revisions: Sequence[Revision]
    now: datetime

    def of(
        self, found: Sequence[RetainedRecording], standing: Mapping[RecordingId, Standing]
    ) -> Iterator[Simulated]:
        """Each of these recordings, among which all of their conversations are."""
        today = judge_all(found, self.revisions, self.now, standing, _AUDIO)
        then = judge_all(found, [self._supposed], self.now, standing, _AUDIO)
        for old, new in zip(today, then, strict=True):
            yield Simulated.of(old, new, self.now)

    @property
    def _supposed(self) -> Revision:
        number = max((each.number for each in self.revisions), default=0) + 1
        return Revision(
            number=number, policy=self.policy, in_force_at=self.now, is_retroactive=True
        )
