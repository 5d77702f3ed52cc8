"""The register of standing approvals: rules, each in its revision, that two persons approved.

Knows nothing of what an approval is for.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select, update

from archive.catalog.authors import Author
from archive.catalog.tables import standing_approval
from archive.catalog.tenants import ensure_tenant
from archive.journal import append

TARGET = "standing approvals"


def standing_rules(connection: Connection, tenant: int) -> frozenset[tuple[int, str]]:
    """The rules for which an approval stands."""
    wanted = select(standing_approval.c.revision, standing_approval.c.rule).where(
        standing_approval.c.tenant == tenant, standing_approval.c.ended_us.is_(None)
    )
    return frozenset((row.revision, row.rule) for row in connection.execute(wanted))


def let_stand(
    connection: Connection, author: Author, plan: int, rules: Iterable[tuple[int, str]]
) -> None:
    """The approval of a plan stands for its rules from now on."""
    tenant = ensure_tenant(connection, author.access.tenant)
    new = sorted(set(rules) - standing_rules(connection, tenant))
    rows = [
        {
            "tenant": tenant,
            "revision": revision,
            "rule": rule,
            "plan": plan,
            "given_us": author.access.at_us,
        }
        for revision, rule in new
    ]
    if rows:
        connection.execute(insert(standing_approval), rows)


def end_standing(connection: Connection, author: Author) -> int:
    """None stands any more; how many did."""
    ended = connection.execute(
        update(standing_approval)
        .where(
            standing_approval.c.tenant == ensure_tenant(connection, author.access.tenant),
            standing_approval.c.ended_us.is_(None),
        )
        .values(ended_us=author.access.at_us)
    ).rowcount
    append(connection, author.entry("standing_ended", TARGET, {"rules": ended}))
    return int(ended)
