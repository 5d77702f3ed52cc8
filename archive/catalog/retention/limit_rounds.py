"""How far the round is that judges what is restricted; and whether anything is.

Knows nothing of how is judged, nor of when a round begins.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from archive.catalog.tables.catalog import limit_round, tenant, use_limit
from archive.ids import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRound:
    """By which revisions it judges, behind which place it is, how many of how many it has.

    Times in µs since 1970 UTC; `ended_us` is None while it goes.
    """

    revisions: str
    begun_us: int
    total: int
    after: int = 0
    done: int = 0
    ended_us: int | None = None


def every_tenant(connection: Connection) -> tuple[TenantId, ...]:
    """Whose recordings are judged."""
    return tuple(TenantId(raw) for raw in connection.scalars(select(tenant.c.id)))


def is_any_limited(connection: Connection, owner: int) -> bool:
    """Whether a restriction of the tenant is stored at all."""
    one = select(use_limit.c.row).where(use_limit.c.tenant == owner).limit(1)
    return connection.scalar(one) is not None


def last_round(connection: Connection, owner: int) -> LimitRound | None:
    """The one that goes, or went last; None before the first."""
    row = connection.execute(select(limit_round).where(limit_round.c.tenant == owner)).first()
    if row is None:
        return None
    return LimitRound(
        revisions=row.revisions,
        begun_us=row.begun_us,
        total=row.total,
        after=row.after,
        done=row.done,
        ended_us=row.ended_us,
    )


def write_round(connection: Connection, owner: int, now: LimitRound) -> None:
    values = {
        "revisions": now.revisions,
        "begun_us": now.begun_us,
        "total": now.total,
        "after": now.after,
        "done": now.done,
        "ended_us": now.ended_us,
    }
    changed = connection.execute(
        update(limit_round).where(limit_round.c.tenant == owner).values(values)
    )
    if not changed.rowcount:
        connection.execute(insert(limit_round).values({**values, "tenant": owner}))
