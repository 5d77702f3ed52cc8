"""How many recordings and keys there are and were, counted as they come and go.

Knows nothing of what they are. Counting ten million rows would hold up everybody else for a second.
"""

from dataclasses import dataclass

from archive.ids import TenantId
from archive.keys.store import statements
from archive.keys.store.database import Database


@dataclass(frozen=True, slots=True)
class KeyCounts:
    """Keys of all tenants: those that there are, those that were destroyed."""

    keys: int
    destroyed: int


def count_adopted(database: Database, tenant: TenantId, recordings: int) -> None:
    """Count one more key; `recordings` is 1 with the first of a recording, else 0."""
    database.execute(statements.COUNT_ADOPTED, {"tenant": tenant.raw, "recordings": recordings})


def count_destroyed(database: Database, tenant: TenantId, recordings: int, keys: int) -> None:
    """Move them from those that are there to those that were."""
    database.execute(
        statements.COUNT_DESTROYED,
        {"tenant": tenant.raw, "recordings": recordings, "keys": keys},
    )


def counted(database: Database) -> KeyCounts:
    """Return the sums over all tenants."""
    keys, destroyed = database.execute(statements.COUNTED).fetchone()
    return KeyCounts(int(keys), int(destroyed))
