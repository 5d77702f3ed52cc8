"""Which recordings are restricted: judged by the policy, and what is stored made true.

The one way from a judgement to what the door goes by. Knows nothing of who asks, nor of when it is
called.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from archive.catalog.register.use_limits import LimitChange, Limits, UseLimit, limits_of
from archive.catalog.retention.retained import retained_of
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId, TenantId
from archive.lifecycle.recording_values import RetainedRecording
from archive.moments import microseconds
from retention.decisions.bounds import Bounds
from retention.decisions.recording_judgement import ASSETS, judge_all
from retention.decisions.restriction import may_restrict, restriction_of
from retention.rules.rule import Asset
from retention.runner.judgement.policy_history import PolicyHistory


def outdated(
    connection: Connection, tenant: TenantId, recordings: Sequence[RecordingId], now_us: int
) -> tuple[LimitChange, ...]:
    """What of these recordings, and of their conversations, is stored otherwise than it is."""
    row = tenant_row(connection, tenant)
    history = PolicyHistory.read(connection, tenant, now_us)
    stored = limits_of(connection, row, recordings)
    if not stored and not any(may_restrict(each.policy) for each in history.revisions):
        return ()
    return changes_of(retained_of(connection, row, recordings), history, connection, row)


def changes_of(
    found: Sequence[RetainedRecording], history: PolicyHistory, connection: Connection, tenant: int
) -> tuple[LimitChange, ...]:
    """The same of recordings that are read, among which all of their conversations are."""
    stored = limits_of(connection, tenant, [each.recording for each in found])
    return tuple(_changes(found, history, stored))


@dataclass(frozen=True, slots=True)
class _Made:
    """The bounds of one thing of a recording, by which revision, from which moment on."""

    bounds: Bounds
    revision: int
    since: datetime


def _changes(
    found: Sequence[RetainedRecording], history: PolicyHistory, stored: Limits
) -> Iterator[LimitChange]:
    made = _made(found, history)
    for each in found:
        for asset in ASSETS:
            was = stored.get(each.recording, {}).get(asset.value)
            now = _limit(made[each.recording, asset], was)
            if now != was:
                yield LimitChange(recording=each.recording, asset=asset.value, limit=now)


def _made(
    found: Sequence[RetainedRecording], history: PolicyHistory
) -> dict[tuple[RecordingId, Asset], list[_Made]]:
    """Of each thing its bounds now, and those by the revisions that still cool off."""
    later = {each.in_force_at for each in history.revisions if each.in_force_at > history.now}
    made: dict[tuple[RecordingId, Asset], list[_Made]] = {}
    for at in (history.now, *sorted(later)):
        for each in judge_all(found, history.revisions, at, {}):
            for asset, judged in each.judged.items():
                one = _Made(judged.bounds, each.revision.number, at)
                made.setdefault((each.found.recording, asset), []).append(one)
    return made


def _limit(made: Sequence[_Made], was: UseLimit | None) -> UseLimit | None:
    """By the revision of now, else by the next; where something is unknown, what is stored stays.

    So nothing that was restricted is shown because somebody has not looked yet.
    """
    now, *later = made
    limits = (_restricted(now, None), *(_restricted(each, each.since) for each in later))
    found = next((each for each in limits if each), None)
    if was is None or not now.bounds.unknown:
        return found
    return was if found is None else _stricter(was, found)


def _restricted(made: _Made, since: datetime | None) -> UseLimit | None:
    found = restriction_of(made.bounds)
    if found is None:
        return None
    begins = max(found.from_at, since) if since else found.from_at
    return UseLimit(from_us=microseconds(begins), purposes=found.purposes, revision=made.revision)


def _stricter(one: UseLimit, other: UseLimit) -> UseLimit:
    return UseLimit(
        from_us=min(one.from_us, other.from_us),
        purposes=one.purposes & other.purposes,
        revision=other.revision,
    )
