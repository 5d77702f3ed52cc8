"""Destroying under the guard: all keys of a recording or none, in one transaction a batch.

Knows nothing of why a recording is to go, or of anything that lies outside the keystore.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from archive.ids import PlanId, RecordingId, TenantId
from archive.keys.guard import brake
from archive.keys.guard.plans import PlanRow, PlanState, find_plan, planned_keys
from archive.keys.store import statements
from archive.keys.store.census import count_destroyed
from archive.keys.store.database import Database
from archive.keys.store.legal_holds import lock_fence
from archive.keys.store.schema import savepoint, transaction
from archive.lifecycle.tombstone import digest_of


class Why(StrEnum):
    """Why a recording was kept; in the order in which it is asked."""

    CLOCK = "clock_unsure"
    PLACING = "placing"
    RECHECK = "recheck"
    NOT_PLANNED = "not_planned"
    COOLING_OFF = "cooling_off"
    UNKNOWN = "unknown"
    NOT_ARCHIVED = "not_archived"
    BRAKE = "brake"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class DestroyedRecording:
    """A recording none of whose keys is there any more; since when, in µs since 1970 UTC."""

    recording: RecordingId
    at_us: int


@dataclass(frozen=True, slots=True)
class KeptRecording:
    """A recording all of whose keys are still there."""

    recording: RecordingId
    why: Why


Outcome = DestroyedRecording | KeptRecording


@dataclass(frozen=True, slots=True)
class DestructionOrder:
    """What is to be destroyed: for which plan, judged at which generation of the fence."""

    plan: PlanId
    generation: int
    recordings: Sequence[RecordingId]


@dataclass(frozen=True, slots=True)
class _Key:
    raw: bytes
    is_archived: bool
    tenant: TenantId


def destroy(
    database: Database, order: DestructionOrder, now_us: int, stop: Why | None = None
) -> tuple[Outcome, ...]:
    """Destroy what may be, and say of each recording what became of it, in the order asked.

    `stop`: what keeps every recording, whatever the plan is.
    """
    with transaction(database):
        plan = find_plan(database, order.plan)
        batch = _Batch(database, order.plan, now_us)
        if plan is None:
            return tuple(batch.keep(each, Why.NOT_PLANNED) for each in order.recordings)
        stop = stop or _what_stops(database, plan, order.generation, now_us)
        if stop is not None:
            return tuple(batch.keep(each, stop) for each in order.recordings)
        return batch.destroy_all(order.recordings, plan)


def _what_stops(database: Database, plan: PlanRow, generation: int, now_us: int) -> Why | None:
    """Return what keeps every recording of the plan now."""
    fence = lock_fence(database, plan.terms.tenant)
    if fence.placing:
        return Why.PLACING
    if fence.generation != generation:
        return Why.RECHECK
    if plan.state is not PlanState.APPROVED:
        return Why.NOT_PLANNED
    return Why.COOLING_OFF if now_us < plan.due_us else None


@dataclass(slots=True)
class _Batch:
    """One transaction of destroying; what it has destroyed so far."""

    database: Database
    plan: PlanId
    now_us: int
    recordings: int = 0
    keys: int = 0

    def destroy_all(self, recordings: Sequence[RecordingId], plan: PlanRow) -> tuple[Outcome, ...]:
        tenant = plan.terms.tenant
        latest_us = brake.see_time(self.database, self.now_us)
        left = brake.recordings_left(self.database, tenant, plan.terms.share_ppm, latest_us)
        outcomes = tuple(self._destroy(each, tenant, left) for each in recordings)
        if self.recordings:
            brake.spend(self.database, tenant, self.recordings, latest_us)
            count_destroyed(self.database, tenant, self.recordings, self.keys)
        return outcomes

    def keep(self, recording: RecordingId, why: Why) -> Outcome:
        """Keep it for this reason, unless it is gone already."""
        if self._keys_of(recording):
            return KeptRecording(recording, why)
        return self._destroyed_before(recording) or KeptRecording(recording, why)

    def _destroy(self, recording: RecordingId, tenant: TenantId, left: int) -> Outcome:
        keys = self._keys_of(recording)
        if not keys and (before := self._destroyed_before(recording)):
            return before
        why = self._why_kept(recording, keys, tenant)
        if why is None and self.recordings >= left:
            why = Why.BRAKE
        return KeptRecording(recording, why) if why else self._delete(recording, keys)

    def _why_kept(
        self, recording: RecordingId, keys: Sequence[_Key], tenant: TenantId
    ) -> Why | None:
        planned = planned_keys(self.database, self.plan, recording)
        if planned is None:
            return Why.NOT_PLANNED
        if not keys or any(key.tenant != tenant for key in keys):
            return Why.UNKNOWN
        if not all(key.is_archived for key in keys):
            return Why.NOT_ARCHIVED
        return None if planned == len(keys) else Why.NOT_PLANNED

    def _delete(self, recording: RecordingId, keys: Sequence[_Key]) -> Outcome:
        try:
            with savepoint(self.database):
                self.database.execute(statements.DELETE_KEYS, {"recording": recording.raw})
        except sqlite3.IntegrityError:
            return KeptRecording(recording, Why.HELD)
        digest = digest_of(recording)
        for key in keys:
            self.database.execute(
                statements.NOTE_DESTROYED,
                {"key": key.raw, "digest": digest, "at_us": self.now_us, "run": self.plan.raw},
            )
        self.recordings += 1
        self.keys += len(keys)
        return DestroyedRecording(recording, self.now_us)

    def _keys_of(self, recording: RecordingId) -> list[_Key]:
        rows = self.database.execute(
            statements.KEYS_OF_RECORDING, {"recording": recording.raw}
        ).fetchall()
        return [_Key(row[0], row[1] is not None, TenantId(row[2])) for row in rows]

    def _destroyed_before(self, recording: RecordingId) -> DestroyedRecording | None:
        (at_us,) = self.database.execute(
            statements.WHEN_DESTROYED, {"digest": digest_of(recording)}
        ).fetchone()
        return None if at_us is None else DestroyedRecording(recording, at_us)
