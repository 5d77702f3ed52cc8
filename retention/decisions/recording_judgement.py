"""What the retention policy makes of a recording: which revision judges it, and how.

The one way from the index to the evaluator: `explain` and a simulation both come by here. Knows
nothing of who asks.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from archive.ids import ConversationId, RecordingId
from archive.lifecycle.recording_values import RetainedRecording
from retention.decisions.bounds import Bounds, bounds
from retention.decisions.decision import NOTHING_STANDS, Decision, Frozen, Hold, Standing, decide
from retention.decisions.recording_attributes import facts_of
from retention.policies.revision import Revision, judging
from retention.policies.shipped_policy import SHIPPED
from retention.rules.conditions import Facts
from retention.rules.deadline import FOREVER, Calendar
from retention.rules.rule import Asset

# What `explain` tells of.
ASSETS: Final = (Asset.AUDIO, Asset.METADATA)
_MOMENT: Final = timedelta(microseconds=1)
# A problem of a recording that an erasure would let go before all of it is here.
PARTS_MISSING: Final = "parts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One kind of thing of a recording: its bounds, and what is decided now."""

    asset: Asset
    bounds: Bounds
    decision: Decision

    @property
    def is_protected(self) -> bool:
        """Whether a hold or a case keeps it, whatever rules say."""
        return any(isinstance(each, Hold | Frozen) for each in self.decision.because)

    @property
    def goes_at(self) -> datetime:
        """When it goes if nothing changes; `FOREVER` where nothing says when."""
        return FOREVER if self.is_protected else self.bounds.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A recording, the revision that judges it, the calendar it is counted by, and what is so."""

    found: RetainedRecording
    revision: Revision
    calendar: Calendar
    judged: Mapping[Asset, Judged]

    @property
    def audio(self) -> Judged:
        return self.judged[Asset.AUDIO]

    @property
    def metadata(self) -> Judged:
        return self.judged[Asset.METADATA]

    def last_day(self, at: datetime) -> date | None:
        """The last day before a moment, where the recording's days begin; None: it has no end."""
        return None if at == FOREVER else (at - _MOMENT).astimezone(self.calendar.zone).date()


def judge_all(
    found: Sequence[RetainedRecording],
    revisions: Sequence[Revision],
    now: datetime,
    standing: Mapping[RecordingId, Standing],
    assets: Sequence[Asset] = ASSETS,
) -> Iterator[Judgement]:
    """Judge these things of recordings, among which all of their conversations are.

    Above those that `standing` lacks nothing stands.
    """
    facts = [facts_of(each) for each in found]
    calls: defaultdict[ConversationId, list[int]] = defaultdict(list)
    for at, each in enumerate(found):
        calls[each.call].append(at)
    for at, each in enumerate(found):
        others = [facts[other] for other in calls[each.call] if other != at]
        revision = judging(revisions, facts[at].ended_at, now) or SHIPPED
        policy = revision.policy
        above = _above(standing.get(each.recording, NOTHING_STANDS), facts[at])
        made = {asset: bounds(policy, facts[at], asset, others) for asset in assets}
        yield Judgement(
            found=each,
            revision=revision,
            calendar=policy.calendars.of(facts[at].controller),
            judged={
                asset: Judged(asset=asset, bounds=own, decision=decide(own, above, now))
                for asset, own in made.items()
            },
        )


def _above(standing: Standing, own: Facts) -> Standing:
    """What stands over it; an erasure waits until all of it is here, whatever rules ask (P0)."""
    if own.ended_at is not None or not standing.erasures:
        return standing
    return replace(standing, problems=(*standing.problems, PARTS_MISSING))
