"""Which names recordings have of a kind (their queues, say), each once, folded.

Stepped from name to name, each by the index, so many recordings with few names cost little. Knows
nothing of who asks, nor of what recordings have them.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from sqlalchemy import Connection, bindparam, select

from archive.catalog.tables.catalog import mark

# More queues than any call centre has; who has more is told of the first.
MOST_NAMES: Final = 1_000

_NEXT: Final = (
    select(mark.c.folded)
    .where(
        mark.c.tenant == bindparam("tenant"),
        mark.c.kind == bindparam("kind"),
        mark.c.folded > bindparam("behind"),
    )
    .order_by(mark.c.folded)
    .limit(1)
)

_HAS: Final = (
    select(mark.c.row)
    .where(
        mark.c.tenant == bindparam("tenant"),
        mark.c.kind == bindparam("kind"),
        mark.c.folded == bindparam("name"),
    )
    .limit(1)
)


def names_of_kind(connection: Connection, tenant: int, kind: str) -> tuple[str, ...]:
    """The names that this row of `tenant` has of a kind of mark, in order."""
    return tuple(islice(_names(connection, tenant, kind), MOST_NAMES))


def named_among(
    connection: Connection, tenant: int, kind: str, names: Iterable[str]
) -> frozenset[str]:
    """Those of these (folded) that any recording has, however many names of the kind there are."""
    asked = {"tenant": tenant, "kind": kind}
    return frozenset(
        each for each in names if connection.scalar(_HAS, asked | {"name": each}) is not None
    )


def _names(connection: Connection, tenant: int, kind: str) -> Iterator[str]:
    asked = {"tenant": tenant, "kind": kind}
    name = connection.scalar(_NEXT, asked | {"behind": ""})
    while name is not None:
        yield name
        name = connection.scalar(_NEXT, asked | {"behind": name})
