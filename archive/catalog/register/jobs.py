"""The queue of jobs, in the register: one transaction for each word that is said of one.

Knows nothing of what a job does, nor of who may start one.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import append
from archive.catalog.tables.catalog import job, tenant as tenant_table
from archive.catalog.tables.tenants import ensure_tenant, tenant_row
from archive.ids import TenantId
from archive.job_queue import (
    KEPT,
    MAX_RESULT_BYTES,
    MAX_WAITING,
    Claim,
    JobKind,
    KnownJob,
    Order,
    QueueAway,
    TooManyJobs,
    UnknownJob,
)
from archive.jobs import (
    Attempt,
    Beaten,
    CancelWished,
    Claimed,
    Content,
    Event,
    Failed,
    Job,
    Lease,
    LeaseRunOut,
    Progress,
    PutBack,
    State,
    StoppedShort,
    Succeeded,
    step,
)

_Row = Row[tuple[object, ...]]
_OVER: Final = tuple(state.value for state in State if state.is_over)
_HOLDER_BYTES: Final = 16
_KINDS: Final = "kinds"
# Asked all the time: to put it together takes as long as to ask it.
_SOME_OPEN: Final = (
    select(job.c.row)
    .where(
        job.c.kind.in_(bindparam(_KINDS, expanding=True)),
        job.c.state.in_([State.QUEUED.value, State.RUNNING.value]),
    )
    .limit(1)
)


def order_job(connection: Connection, author: Author, order: Order) -> int:
    """Queue a job, with its entry, in the caller's transaction; its number.

    Raises `TooManyJobs`. Of those of its kind that ended long ago the oldest go.
    """
    tenant, at_us = ensure_tenant(connection, author.access.tenant), author.access.at_us
    of_kind = (job.c.tenant == tenant, job.c.kind == order.kind.value)
    waiting = select(func.count()).where(*of_kind, job.c.state == State.QUEUED.value)
    if connection.execute(waiting).scalar_one() >= MAX_WAITING:
        raise TooManyJobs(f"{MAX_WAITING} jobs wait")
    _let_go(connection, tenant, order.kind)
    new = insert(job).values(
        tenant=tenant,
        kind=order.kind.value,
        arguments=_json(order.arguments),
        author=author.access.actor,
        ordered_us=at_us,
        **_columns(Job(due_us=at_us)),
    )
    number = int(connection.execute(new.returning(job.c.row)).scalar_one())
    append(connection, author.entry("job_started", _target(number), {"kind": order.kind.value}))
    return number


def cancel_job(connection: Connection, author: Author, number: int) -> KnownJob:
    """Want a job to stop, with an entry; raises `UnknownJob`, `JobOver`."""
    tenant = tenant_row(connection, author.access.tenant)
    before = _locked(connection, job.c.tenant == tenant, number)
    kind = before.kind
    _store(connection, number, step(_job(before), CancelWished(author.access.at_us)))
    append(connection, author.entry("job_cancelled", _target(number), {"kind": kind}))
    return job_numbered(connection, author.access.tenant, number)


def jobs_of(connection: Connection, tenant: TenantId) -> tuple[KnownJob, ...]:
    """Every job that is kept, the newest first, without results: their number has a limit."""
    columns = [each for each in job.c if each.name not in {"result", "arguments"}]
    rows = connection.execute(
        select(*columns)
        .where(
            job.c.tenant == tenant_row(connection, tenant),
            job.c.kind.in_([each.value for each in JobKind]),
        )
        .order_by(job.c.row.desc())
    )
    return tuple(_known(row) for row in rows)


def job_numbered(connection: Connection, tenant: TenantId, number: int) -> KnownJob:
    """One job with what is asked of it and what came of it; raises `UnknownJob`."""
    of_it = (job.c.row == number, job.c.tenant == tenant_row(connection, tenant))
    found = connection.execute(select(job).where(*of_it)).one_or_none()
    if found is None:
        raise UnknownJob(f"no job {number}")
    return _known(found)


@dataclass(frozen=True, slots=True)
class CatalogQueue:
    """The queue as workers have it (`JobQueue`); `clock_us` tells µs since 1970 UTC."""

    engine: Engine
    clock_us: Callable[[], int]

    def claim(self, kinds: Sequence[JobKind]) -> Claim | None:
        """Take the oldest that is due; what lost its worker is queued again before."""
        now_us, names = self.clock_us(), [each.value for each in kinds]
        if not self._may_be_due(names):
            return None
        with _changing(self.engine) as connection:
            for lost in connection.execute(_lost(names, now_us)).all():
                _store(connection, lost.row, step(_job(lost), LeaseRunOut(now_us)))
            found = connection.execute(_next(names, now_us)).first()
            if found is None:
                return None
            holder = secrets.token_hex(_HOLDER_BYTES)
            _store(connection, found.row, step(_job(found), Claimed(holder, now_us)))
            return Claim(
                number=found.row,
                tenant=_tenant(connection, found.tenant),
                order=_order(found),
                holder=holder,
            )

    def _may_be_due(self, kinds: Sequence[str]) -> bool:
        """Asked without the lock of who writes: who has nothing to do leaves it to others."""
        with _answering(), reading(self.engine) as connection:
            return connection.scalar(_SOME_OPEN, {_KINDS: list(kinds)}) is not None

    def beat(self, claim: Claim, progress: Progress) -> bool:
        """Whether nobody has wanted it to stop."""
        return self._say(claim, Beaten(claim.holder, self.clock_us(), progress)).cancel_us is None

    def succeed(self, claim: Claim, result: Content) -> None:
        assert len(_json(result)) <= MAX_RESULT_BYTES, "a result has a limit"
        self._say(claim, Succeeded(claim.holder, self.clock_us(), result))

    def fail(self, claim: Claim, why: str) -> None:
        """It came to nothing, this time."""
        self._say(claim, Failed(claim.holder, self.clock_us(), why))

    def stop_short(self, claim: Claim) -> None:
        """As somebody wanted."""
        self._say(claim, StoppedShort(claim.holder, self.clock_us()))

    def put_back(self, claim: Claim) -> None:
        """For another worker."""
        self._say(claim, PutBack(claim.holder, self.clock_us()))

    def _say(self, claim: Claim, event: Event) -> Job:
        with _changing(self.engine) as connection:
            tenant = tenant_row(connection, claim.tenant)
            now = step(_job(_locked(connection, job.c.tenant == tenant, claim.number)), event)
            _store(connection, claim.number, now)
        return now


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as away:
        raise QueueAway("the catalog does not answer") from away


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    with _answering(), writing(engine) as connection:
        yield connection


def _let_go(connection: Connection, tenant: int, kind: JobKind) -> None:
    over = (job.c.tenant == tenant, job.c.kind == kind.value, job.c.state.in_(_OVER))
    kept = select(job.c.row).where(*over).order_by(job.c.row.desc()).limit(KEPT)
    connection.execute(delete(job).where(*over, job.c.row.not_in(kept)))


def _lost(kinds: Sequence[str], now_us: int) -> Select[Any]:
    return (
        select(job)
        .where(job.c.kind.in_(kinds), job.c.state == State.RUNNING.value)
        .where(job.c.until_us <= now_us)
        .with_for_update()
    )


def _next(kinds: Sequence[str], now_us: int) -> Select[Any]:
    """The oldest that is due of a kind of which its tenant has none that is running."""
    other = job.alias()
    is_busy = (
        select(other.c.row)
        .where(
            other.c.tenant == job.c.tenant,
            other.c.kind == job.c.kind,
            other.c.state == State.RUNNING.value,
        )
        .exists()
    )
    return (
        select(job)
        .where(job.c.kind.in_(kinds), job.c.state == State.QUEUED.value)
        .where(job.c.due_us <= now_us, ~is_busy)
        .order_by(job.c.due_us, job.c.row)
        .limit(1)
        .with_for_update()
    )


def _locked(connection: Connection, of_tenant: Any, number: int) -> _Row:
    found = connection.execute(
        select(job).where(job.c.row == number, of_tenant).with_for_update()
    ).one_or_none()
    if found is None:
        raise UnknownJob(f"no job {number}")
    return found


def _store(connection: Connection, number: int, now: Job) -> None:
    connection.execute(update(job).where(job.c.row == number).values(_columns(now)))


def _columns(now: Job) -> dict[str, object]:
    lease = now.lease
    return {
        "state": now.state.value,
        "due_us": now.due_us,
        "holder": lease.holder if lease else None,
        "begun_us": lease.begun_us if lease else None,
        "until_us": lease.until_us if lease else None,
        "beaten_us": lease.beaten_us if lease else None,
        "done": now.progress.done,
        "total": now.progress.total,
        "history": _json([asdict(each) for each in now.history]),
        "cancel_us": now.cancel_us,
        "result": None if now.result is None else _json(now.result),
    }


def _job(row: _Row) -> Job:
    told = row._mapping
    result = told.get("result")
    return Job(
        state=State(row.state),
        due_us=row.due_us,
        lease=_lease(row),
        progress=Progress(row.done, row.total),
        history=tuple(Attempt(**each) for each in json.loads(row.history)),
        cancel_us=row.cancel_us,
        result=None if result is None else json.loads(str(result)),
    )


def _lease(row: _Row) -> Lease | None:
    if row.holder is None:
        return None
    return Lease(
        holder=row.holder, begun_us=row.begun_us, until_us=row.until_us, beaten_us=row.beaten_us
    )


def _known(row: _Row) -> KnownJob:
    return KnownJob(
        number=row.row,
        order=_order(row),
        author=row.author,
        ordered_us=row.ordered_us,
        job=_job(row),
    )


def _order(row: _Row) -> Order:
    arguments = row._mapping.get("arguments")
    return Order(
        kind=JobKind(row.kind), arguments={} if arguments is None else json.loads(str(arguments))
    )


def _tenant(connection: Connection, row: int) -> TenantId:
    wanted = select(tenant_table.c.id).where(tenant_table.c.row == row)
    return TenantId(connection.execute(wanted).scalar_one())


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def _target(number: int) -> str:
    return f"job:{number}"
