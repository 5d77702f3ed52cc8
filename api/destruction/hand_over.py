"""Hands an approved plan to the key daemon: all of it, then nothing is added any more.

May be repeated from any point. Knows nothing of who approved it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil
from threading import Lock
from typing import Final, Protocol

import structlog
from sqlalchemy import Connection, Engine

from api.permissions.errors import PlanAltered, PlanOver
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.planned_recordings import (
    StoredLine,
    drop_rest,
    lines_by_digest,
    part_keys,
)
from archive.catalog.destruction.plans import (
    StoredPlan,
    end_plan,
    note_handed,
    plan_numbered,
    target_of,
)
from archive.catalog.journal.entries import Entry, append
from archive.catalog.retention.retained_pages import page_keys
from archive.catalog.tables.tenants import tenant_row
from archive.errors import KeyRefused
from archive.ids import PlanId, RecordingId, TenantId
from archive.keys.errors import Refusal
from archive.keys.guard.plans import PlanTerms
from archive.lifecycle.intention import Scope
from archive.lifecycle.plan_text import TextLine, head_of, line_of
from retention.decisions.due import Cause
from retention.decisions.run_stages import ACTOR, Ended
from retention.runner.judgement.policy_history import PolicyHistory

_MILLION: Final = 1_000_000
# A person who applies and the rounds by themselves: the daemon reads one text at a time.
_ONE_AT_A_TIME: Final = Lock()

log = structlog.get_logger("rokuon.retention")


class PlanClient(Protocol):
    """What the API asks of the key daemon; see `KeyClient`."""

    def open_plan(self, plan: PlanId, terms: PlanTerms, /) -> None:
        """Begin it."""

    def plan_text(self, plan: PlanId, lines: Iterable[TextLine], /) -> None:
        """Give its text, with the ids of what is there of it and the numbers of keys."""

    def seal_plan(self, plan: PlanId, /) -> None:
        """It is approved as its text is."""

    def end_plan(self, plan: PlanId, /) -> None:
        """Nothing more of it is destroyed."""


def hand_over(
    engine: Engine, key_client: PlanClient, tenant: TenantId, plan: StoredPlan, now_us: int
) -> None:
    """Give the daemon all of a plan. Raises `KeyUnavailable`; then it is asked for again.

    Raises `PlanAltered` where its rows are not those that were approved: then it has ended;
    `PlanOver` where it was stopped meanwhile: then the daemon destroys nothing of it.
    """
    with _ONE_AT_A_TIME:
        try:
            _hand_over(engine, key_client, tenant, plan)
        except KeyRefused as refused:
            if str(refused) != Refusal.PLAN_ALTERED:
                raise
            _end_altered(engine, key_client, tenant, plan, now_us)
            raise PlanAltered(f"plan {plan.number} was altered") from refused
    try:
        with writing(engine) as connection:
            _require_going(connection, tenant, plan)
            note_handed(connection, plan.number, now_us)
    except PlanOver:
        key_client.end_plan(plan.content.id)
        raise


def _hand_over(engine: Engine, key_client: PlanClient, tenant: TenantId, plan: StoredPlan) -> None:
    with reading(engine) as connection:
        terms = _terms(connection, tenant, plan)
    key_client.open_plan(plan.content.id, terms)
    try:
        key_client.plan_text(plan.content.id, _text(engine, tenant, plan))
    except KeyRefused as refused:
        # It was sealed before we were cut off, or is stopped.
        if str(refused) != Refusal.PLAN_CLOSED:
            raise
    with reading(engine) as connection:
        _require_going(connection, tenant, plan)
    key_client.seal_plan(plan.content.id)


def _require_going(connection: Connection, tenant: TenantId, plan: StoredPlan) -> None:
    if plan_numbered(connection, tenant, plan.number).course.ended_us is not None:
        raise PlanOver("it was stopped meanwhile")


def _end_altered(
    engine: Engine, key_client: PlanClient, tenant: TenantId, plan: StoredPlan, now_us: int
) -> None:
    """Nothing of it is destroyed; what is due of it is in the next plan."""
    log.error("a plan was altered after it was made", plan=plan.number)
    with writing(engine) as connection:
        drop_rest(connection, tenant_row(connection, tenant), plan.number, Cause.PLAN_ALTERED)
        end_plan(connection, plan.number, now_us, Ended.ALTERED)
        entry = Entry(
            tenant=tenant,
            at_us=now_us,
            actor=ACTOR,
            action="plan_stopped",
            target=target_of(plan.number),
            detail={"because": str(Ended.ALTERED)},
        )
        append(connection, entry)
    key_client.end_plan(plan.content.id)


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


def _text(engine: Engine, tenant: TenantId, plan: StoredPlan) -> Iterator[TextLine]:
    """Its text as the rows have it, some hundred lines at a time."""
    yield from map(TextLine, head_of(plan.content.decided_us))
    behind = b""
    while True:
        with reading(engine) as connection:
            row = tenant_row(connection, tenant)
            page = lines_by_digest(connection, row, plan.number, behind)
            counts = _keys(connection, row, page)
        if not page:
            return
        yield from (_text_line(each, counts) for each in page)
        behind = page[-1].digest


def _text_line(line: StoredLine, counts: Mapping[RecordingId, int]) -> TextLine:
    """One that left the catalog has no keys, and is in no plan of keys."""
    text = line_of(line.digest, line.grounds, line.size_bytes)
    keyed = line.keyed if line.recording else None
    keys = counts.get(keyed, 0) if keyed else 0
    return TextLine(text, keyed, keys) if keys else TextLine(text)


def _keys(
    connection: Connection, tenant: int, lines: Sequence[StoredLine]
) -> dict[RecordingId, int]:
    """How many keys each has that is there; facts that outlived their audio have one."""
    left = [each for each in lines if each.recording]
    facts = dict.fromkeys(_of_scope(left, "facts"), 1)
    pages = page_keys(connection, tenant, _of_scope(left, "ledger"))
    return {**facts, **pages, **part_keys(connection, tenant, [each.keyed for each in left])}


def _of_scope(lines: Sequence[StoredLine], scope: Scope) -> list[RecordingId]:
    return [each.keyed for each in lines if each.grounds[2] == scope]
