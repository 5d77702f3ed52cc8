"""Which entries of the journal have texts that must go by now: stretches of the times of writing.

Pure. An entry is judged as a recording is, by its rules about texts of the journal, which are about
all entries; its period begins when it was written. Knows nothing of entries.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from retention.attributes import CALL_END, Facts, Kind
from retention.bounds import bounds
from retention.policy import RetentionPolicy
from retention.revision import Revision, judging
from retention.rule import Asset
from retention.stretches import Stretch

_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
# No controller's zone: an entry is the installation's.
_VALUES: Final = {Kind.CONTROLLER: frozenset[str]()}


def due_texts(revisions: Sequence[Revision], now: datetime) -> tuple[Stretch, ...]:
    """When entries were written whose texts must be gone at `now` (aware), oldest first."""
    return tuple(_due(revisions, now))


def text_due_at(policy: RetentionPolicy, written_at: datetime) -> datetime:
    """When the texts of an entry must go by a policy; `FOREVER`: never."""
    facts = Facts(values=_VALUES, happened={CALL_END: written_at})
    return bounds(policy, facts, Asset.JOURNAL).due_at


def _due(revisions: Sequence[Revision], now: datetime) -> Iterator[Stretch]:
    """Between two revisions one judges, and what was written earlier goes no later."""
    moments = {max(_FIRST, min(each.in_force_at, now)) for each in revisions}
    for begin, end in pairwise(sorted({_FIRST, *moments, now})):
        revision = judging(revisions, begin, now)
        over = _over(revision.policy, begin, end, now) if revision else begin
        if over > begin:
            yield Stretch(begin, over)


def _over(policy: RetentionPolicy, begin: datetime, end: datetime, now: datetime) -> datetime:
    """Until before which moment all must go; `begin`: nothing."""
    if text_due_at(policy, begin) > now:
        return begin
    low, high = 0, (end - begin) // _MICROSECOND
    while high - low > 1:
        middle = (low + high) // 2
        is_due = text_due_at(policy, begin + middle * _MICROSECOND) <= now
        low, high = (middle, high) if is_due else (low, middle)
    return begin + high * _MICROSECOND
