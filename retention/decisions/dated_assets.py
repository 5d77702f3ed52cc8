"""What is judged by its day alone: texts of the journal, calls of the ledger. When these must go.

Pure. Both are judged as a recording is, by rules about them, which are about all of their kind;
a period begins when an entry was written, when a call began. Calls go by pages, whole, with the
youngest of each. Knows nothing of entries or calls.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from retention.decisions.bounds import Bounds, bounds
from retention.decisions.uniform_stretches import Stretch
from retention.policies.policy import RetentionPolicy
from retention.policies.revision import Revision, judging
from retention.policies.shipped_policy import SHIPPED
from retention.rules.conditions import CALL_END, AttributeKind, Facts
from retention.rules.rule import Asset

_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
# No controller's zone: an entry is the installation's, and so is a call that had no controller.
_VALUES: Final = {AttributeKind.CONTROLLER: frozenset[str]()}


def due_times(revisions: Sequence[Revision], now: datetime, asset: Asset) -> tuple[Stretch, ...]:
    """From when that is which must be gone at `now` (aware), oldest first."""
    return tuple(_due(revisions, now, asset))


def dated_bounds(policy: RetentionPolicy, dated_at: datetime, asset: Asset) -> Bounds:
    facts = Facts(values=_VALUES, happened={CALL_END: dated_at})
    return bounds(policy, facts, asset)


def dated_due_at(policy: RetentionPolicy, dated_at: datetime, asset: Asset) -> datetime:
    """When what is of a moment must go by a policy; `FOREVER`: never."""
    return dated_bounds(policy, dated_at, asset).due_at


def _due(revisions: Sequence[Revision], now: datetime, asset: Asset) -> Iterator[Stretch]:
    """Between two revisions one judges, and what is earlier goes no later."""
    moments = {max(_FIRST, min(each.in_force_at, now)) for each in revisions}
    for begin, end in pairwise(sorted({_FIRST, *moments, now})):
        revision = judging(revisions, begin, now)
        over = _over(revision.policy, Stretch(begin, end), now, asset) if revision else begin
        if over > begin:
            yield Stretch(begin, over)


def _over(policy: RetentionPolicy, within: Stretch, now: datetime, asset: Asset) -> datetime:
    """Until before which moment all must go; its beginning: nothing."""
    begin = within.begin
    if dated_due_at(policy, begin, asset) > now:
        return begin
    low, high = 0, (within.end - begin) // _MICROSECOND
    while high - low > 1:
        middle = (low + high) // 2
        is_due = dated_due_at(policy, begin + middle * _MICROSECOND, asset) <= now
        low, high = (middle, high) if is_due else (low, middle)
    return begin + high * _MICROSECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBounds:
    revision: Revision
    bounds: Bounds


def page_bounds(
    revisions: Sequence[Revision], oldest_at: datetime, youngest_at: datetime, now: datetime
) -> PageBounds:
    """Judge a page whose calls began between these moments (aware).

    Where several revisions are for them, the one counts that keeps the page longest: none of its
    calls goes before its time.
    """
    between = (
        each.in_force_at for each in revisions if oldest_at < each.in_force_at <= youngest_at
    )
    judges = {
        each.number: each
        for at in (oldest_at, *between, youngest_at)
        for each in [judging(revisions, at, now) or SHIPPED]
    }
    judged = [
        PageBounds(revision=each, bounds=dated_bounds(each.policy, youngest_at, Asset.LEDGER))
        for _, each in sorted(judges.items(), reverse=True)
    ]
    return max(judged, key=lambda each: each.bounds.due_at)
