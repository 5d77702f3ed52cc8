"""Hands an approved plan to the key daemon: all of it, then nothing is added any more.

May be repeated from any point. Knows nothing of who approved it.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from typing import Final, Protocol

from sqlalchemy import Connection, Engine, func, select

from api.retention.history import PolicyHistory
from archive.catalog.destruction_plans import StoredPlan, note_handed
from archive.catalog.engine import reading, writing
from archive.catalog.planned_recordings import StoredLine, lines_of
from archive.catalog.retained_pages import page_keys
from archive.catalog.tables import part, recording
from archive.catalog.tenants import tenant_row
from archive.destruction.intention import Scope
from archive.errors import KeyRefused, KeyUnavailable
from archive.ids import PlanId, RecordingId, TenantId
from archive.keys.errors import Refusal
from archive.keys.plans import PlanTerms

_MILLION: Final = 1_000_000
_NOBODY: Final = "there is no key daemon here"


class PlanDesk(Protocol):
    """What the API asks of the key daemon; see `KeyClient`."""

    def open_plan(self, plan: PlanId, terms: PlanTerms, /) -> None:
        """Begin it."""

    def plan_recordings(
        self, plan: PlanId, recordings: Sequence[tuple[RecordingId, int]], /
    ) -> None:
        """Add recordings with the numbers of their keys."""

    def seal_plan(self, plan: PlanId, /) -> None:
        """It is approved as it is."""

    def end_plan(self, plan: PlanId, /) -> None:
        """Nothing more of it is destroyed."""


class NoPlanDesk:
    """Where there is no key daemon: everything raises `KeyUnavailable`."""

    def open_plan(self, _plan: PlanId, _terms: PlanTerms, /) -> None:
        """Nobody is there."""
        raise KeyUnavailable(_NOBODY)

    def plan_recordings(
        self, _plan: PlanId, _recordings: Sequence[tuple[RecordingId, int]], /
    ) -> None:
        """Nobody is there."""
        raise KeyUnavailable(_NOBODY)

    def seal_plan(self, _plan: PlanId, /) -> None:
        """Nobody is there."""
        raise KeyUnavailable(_NOBODY)

    def end_plan(self, _plan: PlanId, /) -> None:
        """Nobody is there."""
        raise KeyUnavailable(_NOBODY)


def hand_over(
    engine: Engine, desk: PlanDesk, tenant: TenantId, plan: StoredPlan, now_us: int
) -> None:
    """Give the daemon all of a plan. Raises `KeyUnavailable`; then it is asked for again."""
    with reading(engine) as connection:
        terms = _terms(connection, tenant, plan)
    desk.open_plan(plan.content.id, terms)
    try:
        _add_all(engine, desk, tenant, plan)
    except KeyRefused as refused:
        # It was sealed before we were cut off.
        if str(refused) != Refusal.PLAN_CLOSED:
            raise
    desk.seal_plan(plan.content.id)
    with writing(engine) as connection:
        note_handed(connection, plan.number, now_us)


def _terms(connection: Connection, tenant: TenantId, plan: StoredPlan) -> PlanTerms:
    """The share is that of the policy in force when it was approved: the same when asked again."""
    approved_us, due_us = plan.approval.approved_us, plan.approval.due_us
    assert approved_us is not None
    assert due_us is not None
    deciding = PolicyHistory.read(connection, tenant, approved_us).deciding_policy
    return PlanTerms(
        tenant=tenant,
        digest=plan.content.sha256,
        due_us=due_us,
        share_ppm=share_ppm(deciding.limits.share_per_day),
    )


def share_ppm(share: Fraction) -> int:
    """A share in millionths, rounded up as the brake rounds."""
    return min(_MILLION, ceil(share * _MILLION))


def _add_all(engine: Engine, desk: PlanDesk, tenant: TenantId, plan: StoredPlan) -> None:
    behind = 0
    while True:
        with reading(engine) as connection:
            row = tenant_row(connection, tenant)
            page = lines_of(connection, row, plan.number, behind=behind)
            counts = _keys(connection, row, page)
        if not page:
            return
        desk.plan_recordings(plan.content.id, list(counts.items()))
        behind = page[-1].row


def _keys(
    connection: Connection, tenant: int, lines: Sequence[StoredLine]
) -> dict[RecordingId, int]:
    """How many keys each has; one that left the catalog has none, and is in no plan of keys.

    Facts that outlived their audio have one.
    """
    left = [each for each in lines if each.recording]
    facts = dict.fromkeys(_of_scope(left, "facts"), 1)
    pages = page_keys(connection, tenant, _of_scope(left, "ledger"))
    return {**facts, **pages, **_of_parts(connection, tenant, [each.keyed for each in left])}


def _of_scope(lines: Sequence[StoredLine], scope: Scope) -> list[RecordingId]:
    return [each.keyed for each in lines if each.grounds[2] == scope]


def _of_parts(
    connection: Connection, tenant: int, recordings: Sequence[RecordingId]
) -> dict[RecordingId, int]:
    rows = connection.execute(
        select(recording.c.id, func.count(part.c.key_id.distinct()))
        .join_from(recording, part, part.c.recording == recording.c.row)
        .where(
            recording.c.tenant == tenant,
            part.c.tenant == tenant,
            recording.c.id.in_([each.raw for each in recordings]),
        )
        .group_by(recording.c.id)
    )
    return {RecordingId(row[0]): int(row[1]) for row in rows}
