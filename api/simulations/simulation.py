"""What another policy would make of an archive: what falls due sooner or later, and when it goes.

Adds up what the evaluator says of each recording, as `explain` does. Knows nothing of where
recordings come from or of who asks.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Self, TypeVar

from api.simulations.circumstances import Circumstance, circumstances
from api.simulations.facts_calendar import FactsCalendar, FactsEnd
from archive.ids import RecordingId
from archive.lifecycle.recording_values import RetainedRecording
from retention.decisions.bounds import Winning
from retention.decisions.decision import Outcome, Standing
from retention.decisions.recording_judgement import Judged, Judgement, judge_all
from retention.policies.policy import RetentionPolicy
from retention.policies.revision import Revision, still_judging
from retention.rules.deadline import FOREVER
from retention.rules.rule import Asset

_AUDIO: Final = (Asset.AUDIO,)
_BOTH: Final = (Asset.AUDIO, Asset.METADATA)
_Key = TypeVar("_Key", bound=str)
_Counted = TypeVar("_Counted")
# Of a policy of a thousand rules nobody reads more.
MOST_CIRCUMSTANCES: Final = 500


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
class Goes:
    """The moment at which a thing goes (`FOREVER`: none), and the last day before (None: none).

    `by` are the bounds that make it, in the order of their moments.
    """

    at: datetime
    last_day: date | None
    by: Winning

    @classmethod
    def of(cls, judgement: Judgement, judged: Judged) -> Self:
        """By a judgement: this thing of it."""
        at = judged.goes_at
        return cls(at=at, last_day=judgement.last_day(at), by=judged.bounds.winning)

    @property
    def month(self) -> str:
        """As `2027-04`; "" where it does not go."""
        return f"{self.last_day:%Y-%m}" if self.last_day else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """One recording, or what stands for many: when its audio goes today and then, and its facts."""

    found: RetainedRecording
    today: Goes
    then: Goes
    change: Change
    stands: Then
    circumstances: tuple[Circumstance, ...]
    facts: tuple[Goes, Goes]

    @property
    def told(self) -> object:
        """All that sums have of it."""
        months = (self.today.month, self.then.month)
        return self.change, self.stands, self.circumstances, months, self.facts_end, self.facts_left

    @property
    def decided(self) -> object:
        """All that sums have of it, and which rules make it so."""
        by = tuple(each.by for each in self.facts)
        return self.told, self.today.by, self.then.by, by

    @property
    def facts_end(self) -> FactsEnd:
        """When its facts end where they outlive its audio."""
        today, then = self.facts
        return FactsEnd(
            today.month if today.at > self.today.at else None,
            then.month if then.at > self.then.at else None,
        )

    @property
    def facts_left(self) -> FactsEnd:
        """The same where its audio is gone."""
        today, then = self.facts
        return FactsEnd(today.month, then.month)

    @classmethod
    def of(cls, old: Judgement, new: Judgement, now: datetime) -> Self:
        """By the judgements of both policies at `now`."""
        today, then = Goes.of(old, old.audio), Goes.of(new, new.audio)
        return cls(
            found=new.found,
            today=today,
            then=then,
            change=_change(today.at, then.at, now),
            stands=_stands(new),
            circumstances=tuple(circumstances(new)),
            facts=(Goes.of(old, _facts(old)), Goes.of(new, _facts(new))),
        )


def _facts(judgement: Judgement) -> Judged:
    """What is told of it: where no rule speaks of that, it goes with the audio."""
    return judgement.judged.get(Asset.METADATA, judgement.audio)


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

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.recordings + other.recordings, self.size_bytes + other.size_bytes)

    def __neg__(self) -> "Sum":
        return Sum(-self.recordings, -self.size_bytes)

    def content(self) -> dict[str, int]:
        """As JSON."""
        return {"recordings": self.recordings, "bytes": self.size_bytes}


NOTHING: Final = Sum()


@dataclass(slots=True)
class Simulation:
    """The sums of an archive; months are those whose days are the last ones, as `2027-04`."""

    whole: Sum = NOTHING
    changes: dict[Change, Sum] = field(default_factory=lambda: dict.fromkeys(Change, NOTHING))
    stands: dict[Then, Sum] = field(default_factory=lambda: dict.fromkeys(Then, NOTHING))
    months: dict[str, Sum] = field(default_factory=dict)
    months_today: dict[str, Sum] = field(default_factory=dict)
    circumstances: dict[Circumstance, Sum] = field(default_factory=dict)
    facts: FactsCalendar = field(default_factory=FactsCalendar)

    def add_all(self, simulated: Iterable[Simulated]) -> None:
        """Count recordings, each as one."""
        for each in simulated:
            self.add(each, Sum(1, each.found.size_bytes))

    def add(self, each: Simulated, own: Sum) -> None:
        """Count so many recordings of which each is as this one."""
        self.whole += own
        self.changes[each.change] += own
        self.stands[each.stands] += own
        _add(self.months, each.then.month, own)
        _add(self.months_today, each.today.month, own)
        for what in each.circumstances:
            _add(self.circumstances, what, own)
        self.facts.add(each.facts_end, own.recordings)

    def content(self) -> dict[str, object]:
        """As JSON; of circumstances those that are about most recordings."""
        found = sorted(self.circumstances.items(), key=lambda one: (-one[1].recordings, one[0]))
        return {
            "whole": self.whole.content(),
            "changes": _contents(self.changes),
            "stands": _contents(self.stands),
            "months": _contents(dict(sorted(self.months.items()))),
            "months_today": _contents(dict(sorted(self.months_today.items()))),
            **self.facts.content(),
            "circumstances": [
                {**what.content(), **own.content()} for what, own in found[:MOST_CIRCUMSTANCES]
            ],
            "circumstances_left_out": max(0, len(found) - MOST_CIRCUMSTANCES),
        }


def _add(sums: dict[_Counted, Sum], key: _Counted, own: Sum) -> None:
    """Where nothing is left of what was counted, nothing is told."""
    if key:
        sums[key] = sums.get(key, NOTHING) + own
        if not sums[key].recordings:
            del sums[key]


def _contents(sums: Mapping[_Key, Sum]) -> dict[_Key, dict[str, int]]:
    return {key: own.content() for key, own in sums.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposition:
    """A policy that is supposed to be the latest revision, for every recording that is there."""

    policy: RetentionPolicy
    revisions: Sequence[Revision]
    now: datetime
    assets: Sequence[Asset] = _AUDIO

    @property
    def with_facts(self) -> "Supposition":
        """The same that judges what is told of recordings, too, where any rule speaks of that."""
        rules = (rule for policy in self.policies for rule in policy.rules)
        is_said = any(Asset.METADATA in rule.terms for rule in rules)
        return replace(self, assets=_BOTH if is_said else _AUDIO)

    def of(
        self, found: Sequence[RetainedRecording], standing: Mapping[RecordingId, Standing]
    ) -> Iterator[Simulated]:
        """Each of these recordings, among which all of their conversations are."""
        today = judge_all(found, self.revisions, self.now, standing, self.assets)
        then = judge_all(found, [self.supposed], self.now, standing, self.assets)
        for old, new in zip(today, then, strict=True):
            yield Simulated.of(old, new, self.now)

    @property
    def policies(self) -> tuple[RetentionPolicy, ...]:
        """Every policy that may judge, today's and last the one that is supposed."""
        return (*(each.policy for each in still_judging(self.revisions, self.now)), self.policy)

    def changed(self, change: Callable[[RetentionPolicy], RetentionPolicy]) -> "Supposition":
        """The same with each policy changed, without those that judge nothing any more."""
        still = still_judging(self.revisions, self.now)
        return replace(
            self,
            policy=change(self.policy),
            revisions=tuple(replace(each, policy=change(each.policy)) for each in still),
        )

    @property
    def supposed(self) -> Revision:
        """It as a revision, retroactive."""
        number = max((each.number for each in self.revisions), default=0) + 1
        return Revision(
            number=number, policy=self.policy, in_force_at=self.now, is_retroactive=True
        )
