"""What retention makes of recordings now: which must go, what of them, and why the others do not.

The one way from the index to a plan, to the check before the end and to what is overdue; it comes
by the judgement that `explain` comes by. Knows nothing of plans.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Self

import msgspec
from sqlalchemy import Connection

from archive.catalog.retention.retained import all_retained, retained_behind, retained_of
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId, TenantId
from archive.lifecycle.recording_values import RetainedRecording
from retention.decisions.bounds import Bounds
from retention.decisions.due import Cause, Grounds, verdict, verdict_of_facts
from retention.decisions.recording_judgement import Judgement, judge_all
from retention.policies.policy import Limits
from retention.rules.deadline import FOREVER
from retention.runner.judgement.policy_history import PolicyHistory
from retention.runner.judgement.protections import standing_of


class Verdict(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Of one recording: whether it must go, since when it would have to, and by whose limits.

    `started_us` is when its call began; `own` are the bounds of what is still there: of its audio,
    or of what is told of it. Of a page of the ledger it says the same (`page_verdicts`).
    """

    recording: RecordingId
    started_us: int
    says: Grounds | Cause
    own: Bounds
    metadata: Bounds
    size_bytes: int
    limits: Limits

    @property
    def due_at(self) -> datetime:
        """Since when it must go."""
        return self.own.due_at

    @property
    def has_no_end(self) -> bool:
        """Whether nothing says when it goes."""
        return self.own.ceiling is None and not self.own.unknown

    @property
    def facts_until(self) -> datetime | None:
        """Until when what is told of it must be kept; None: nothing says when."""
        return None if self.metadata.due_at == FOREVER else self.metadata.due_at

    @property
    def is_ordered(self) -> bool:
        """Whether a case wants it gone, whatever its rules say."""
        return isinstance(self.says, Grounds) and self.says.is_erasure

    @classmethod
    def of(cls, judged: Judgement) -> Self:
        audio, metadata, revision = judged.audio, judged.metadata, judged.revision.number
        is_gone = judged.found.is_audio_gone
        return cls(
            recording=judged.found.recording,
            started_us=judged.found.started_us,
            says=verdict_of_facts(revision, metadata.decision)
            if is_gone
            else verdict(revision, audio.decision, metadata.decision),
            own=metadata.bounds if is_gone else audio.bounds,
            metadata=metadata.bounds,
            size_bytes=judged.found.size_bytes,
            limits=judged.revision.policy.limits,
        )


def verdicts_of(
    connection: Connection, tenant: TenantId, recordings: Sequence[RecordingId], now_us: int
) -> dict[RecordingId, Verdict]:
    found = retained_of(connection, tenant_row(connection, tenant), recordings)
    history = PolicyHistory.read(connection, tenant, now_us)
    asked = frozenset(recordings)
    judged = _judged(connection, tenant, found, history)
    return {each.recording: each for each in judged if each.recording in asked}


def all_verdicts(connection: Connection, tenant: TenantId, now_us: int) -> Iterator[Verdict]:
    history = PolicyHistory.read(connection, tenant, now_us)
    for batch in all_retained(connection, tenant_row(connection, tenant)):
        yield from _judged(connection, tenant, batch, history)


def verdicts_behind(
    connection: Connection, tenant: TenantId, now_us: int, after: int
) -> tuple[int, tuple[Verdict, ...]]:
    """Of the batch behind the place `after`; first the place behind it, 0 where there is none."""
    history = PolicyHistory.read(connection, tenant, now_us)
    last, batch = retained_behind(connection, tenant_row(connection, tenant), after)
    return last, tuple(_judged(connection, tenant, batch, history))


def _judged(
    connection: Connection,
    tenant: TenantId,
    found: Sequence[RetainedRecording],
    history: PolicyHistory,
) -> Iterator[Verdict]:
    row = tenant_row(connection, tenant)
    standing = standing_of(connection, row, [each.recording for each in found])
    for each in judge_all(found, history.revisions, history.now, standing):
        yield Verdict.of(each)
