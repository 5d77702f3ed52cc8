"""How many recordings go earlier by what is told, and whether these are many.

A recording that had no end because something had not happened is not one of them, unless it would
go at once. Knows nothing of who tells, nor of what a rule means.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Self

from sqlalchemy import Connection

from archive.catalog.access.grants import Access
from archive.catalog.database.portions import portions
from archive.catalog.destruction.keyed_recordings import recordings_keyed
from archive.catalog.retention.retained import retained_of
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId
from archive.lifecycle.recording_values import RetainedRecording
from archive.lifecycle.retention_events import EventKey, ToldEvent
from retention.decisions.decision import Standing
from retention.decisions.recording_judgement import judge_all
from retention.rules.deadline import FOREVER
from retention.rules.rule import Asset
from retention.runner.judgement.policy_history import PolicyHistory

_Days = Mapping[EventKey, date | None]
_HOUR_US: Final = 3_600_000_000
_AUDIO: Final = (Asset.AUDIO,)
# By the rules alone: what stands above them may be lifted tomorrow.
_NOTHING_STANDS: Final[Mapping[RecordingId, Standing]] = {}


@dataclass(frozen=True, slots=True)
class Shortening:
    """So many recordings are counted, no more than `bulk`: from then on they are many.

    What was told since `since_us` counts with it: many small ones are not less than a large one.
    """

    recordings: int
    bulk: int
    since_us: int = 0

    def is_bulk(self, before: int = 0) -> bool:
        """Whether it takes two persons, where `before` recordings were shortened by one's word."""
        return self.recordings > 0 and self.recordings + before >= self.bulk

    @classmethod
    def by_events(cls, connection: Connection, access: Access, events: Sequence[ToldEvent]) -> Self:
        """What telling these would do; only as many recordings are judged as it takes to say."""
        history = PolicyHistory.read(connection, access.tenant, access.at_us)
        tenant, limits = tenant_row(connection, access.tenant), history.in_force.policy.limits
        bulk, since_us = limits.bulk, access.at_us - limits.cooling_off_h * _HOUR_US
        days = {each.about: each.day for each in events}
        keyed = recordings_keyed(connection, tenant, days.keys())
        seen: set[RecordingId] = set()
        for some in portions(sorted(keyed, key=lambda each: each.raw)):
            found = retained_of(connection, tenant, some)
            seen.update(_shortened(found, days, history))
            if len(seen) >= bulk:
                break
        return cls(min(len(seen), bulk), bulk, since_us)


def _shortened(
    found: Sequence[RetainedRecording], days: _Days, history: PolicyHistory
) -> Iterator[RecordingId]:
    """Those that go earlier than on the day that they have today, or at once."""
    supposed = [_told(each, days) for each in found]
    today = judge_all(found, history.revisions, history.now, _NOTHING_STANDS, _AUDIO)
    then = judge_all(supposed, history.revisions, history.now, _NOTHING_STANDS, _AUDIO)
    for old, new in zip(today, then, strict=True):
        before, after = old.audio.bounds.due_at, new.audio.bounds.due_at
        if after < before and (before != FOREVER or after <= history.now):
            yield new.found.recording


def _told(found: RetainedRecording, days: _Days) -> RetainedRecording:
    told = {key: days.get(key, found.told.get(key)) for key in found.event_keys}
    return replace(found, told={key: day for key, day in told.items() if day is not None})
