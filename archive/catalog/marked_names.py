"""Which names recordings have of a kind (their queues, say), each once, folded.

The database steps from name to name, so many recordings with few names cost little. Knows nothing
of who asks, nor of what recordings have them.
"""

from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from archive.catalog.tables import mark

# More queues than any call centre has; who has more is told of the first.
MOST_NAMES: Final = 1_000

_OF_KIND: Final = (mark.c.tenant == bindparam("tenant"), mark.c.kind == bindparam("kind"))
_FIRST: Final = (
    select(func.min(mark.c.folded).label("name")).where(*_OF_KIND).cte("names", recursive=True)
)
_NEXT: Final = (
    select(func.min(mark.c.folded))
    .where(*_OF_KIND, mark.c.folded > _FIRST.c.name)
    .scalar_subquery()
)
_NAMES: Final = _FIRST.union_all(select(_NEXT).where(_FIRST.c.name.is_not(None)))
_ASKED: Final = select(_NAMES.c.name).where(_NAMES.c.name.is_not(None)).limit(MOST_NAMES)


def names_of_kind(connection: Connection, tenant: int, kind: str) -> tuple[str, ...]:
    """The names that this row of `tenant` has of a kind of mark, in order."""
    return tuple(connection.scalars(_ASKED, {"tenant": tenant, "kind": kind}))
