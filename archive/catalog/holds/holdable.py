"""How many recordings a legal hold over a search would have now: up to a bound that is told.

Knows nothing of who asks. A hold shows nothing, so purposes and limits of use play no part.
"""

from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, Select, func, literal, select

from archive.access.query import Fit, SearchQuery
from archive.access.reach import Within
from archive.access.use import EVERY_USE
from archive.catalog.search.search import count_undirected, overlong, recent
from archive.lifecycle.hold_scope import ByQuery

# Who would hold more knows enough; a million takes seconds.
MAX_COUNTED: Final = 100_000


@dataclass(frozen=True, slots=True)
class Holdable:
    """So many recordings; where `is_all` is false there are more than that.

    `guessed` of them fit by a guess alone: nobody knows on which side who is asked for is.
    `undirected` are none of them: so many fit all else, and nobody knows their direction.
    """

    counted: int
    is_all: bool
    guessed: int = 0
    undirected: int = 0


def count_holdable(connection: Connection, tenant: int, scope: ByQuery) -> Holdable:
    """Count what a hold of this scope would be noted for, as `Noting.query` finds it."""
    query, within = scope.query, Within(reach=scope.reach, use=EVERY_USE)
    found = _found(connection, tenant, query, within)
    by_guess = replace(query, fit=Fit.GUESSED)
    guessed = _found(connection, tenant, by_guess, within) if query.people else 0
    return Holdable(
        min(found, MAX_COUNTED),
        is_all=found <= MAX_COUNTED,
        guessed=min(guessed, MAX_COUNTED),
        undirected=count_undirected(connection, tenant, query, within),
    )


def _found(connection: Connection, tenant: int, query: SearchQuery, within: Within) -> int:
    """One more than is told, where there are as many."""
    found = 0
    for wanted in (recent(tenant, query, within), overlong(tenant, query, within)):
        found += _count(connection, wanted, MAX_COUNTED + 1 - found)
    return found


def _count(connection: Connection, wanted: Select[tuple[object, ...]], most: int) -> int:
    rows = wanted.with_only_columns(literal(1), maintain_column_froms=True).order_by(None)
    counted = select(func.count()).select_from(rows.limit(most).subquery())
    return int(connection.execute(counted).scalar_one())
