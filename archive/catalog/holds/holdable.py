"""How many recordings a legal hold over a search would have now: up to a bound that is told.

Knows nothing of who asks. A hold shows nothing, so purposes and limits of use play no part.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Select, func, literal, select

from archive.access.reach import Within
from archive.access.use import EVERY_USE
from archive.catalog.search.search import overlong, recent
from archive.lifecycle.hold_scope import ByQuery

# Who would hold more knows enough; a million takes seconds.
MAX_COUNTED: Final = 100_000


@dataclass(frozen=True, slots=True)
class Holdable:
    """So many recordings; where `is_all` is false there are more than that."""

    counted: int
    is_all: bool


def count_holdable(connection: Connection, tenant: int, scope: ByQuery) -> Holdable:
    """Count what a hold of this scope would be noted for, as `Noting.query` finds it."""
    within = Within(reach=scope.reach, use=EVERY_USE)
    found = 0
    for wanted in (recent(tenant, scope.query, within), overlong(tenant, scope.query, within)):
        found += _count(connection, wanted, MAX_COUNTED + 1 - found)
    return Holdable(min(found, MAX_COUNTED), found <= MAX_COUNTED)


def _count(connection: Connection, wanted: Select[tuple[object, ...]], most: int) -> int:
    rows = wanted.with_only_columns(literal(1), maintain_column_froms=True).order_by(None)
    counted = select(func.count()).select_from(rows.limit(most).subquery())
    return int(connection.execute(counted).scalar_one())
