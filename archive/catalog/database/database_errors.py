"""Which errors are one call's, and which say that the database is not there for anybody.

Knows nothing of what is written. The words that are told never hold a value.
"""

from typing import Final

from sqlalchemy.exc import (
    DBAPIError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError as PoolTimeout,
)

from archive.catalog.database.schema_revision import CatalogOutdated
from archive.errors import ArchiveError, KeyUnavailable

# What one odd call can raise on its way into the catalog, mistakes of ours among them: the others
# go on, and it is told of by name.
OF_ONE_CALL: Final = (
    ArchiveError,
    SQLAlchemyError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
# Classes of SQLSTATE of a server that cannot do anything now, whatever it is asked: no connection,
# one that has ended in between, nothing may be written, no room, somebody at work on it.
_AWAY: Final = frozenset({"08", "25", "53", "55", "57", "58"})
# Two transactions in each other's way, and two that wrote the same.
_COLLISIONS: Final = frozenset({"40001", "40P01", "23505"})


def is_away(failed: Exception) -> bool:
    """Whether another call would fare no better: nobody is there, or nobody can write."""
    if isinstance(failed, KeyUnavailable | CatalogOutdated):
        return True
    if not isinstance(failed, DBAPIError):
        return isinstance(failed, PoolTimeout)
    state = _state(failed.orig)
    # Without a code it is the driver that speaks: of the way there, or of a value.
    is_so = state[:2] in _AWAY if state else isinstance(failed, OperationalError)
    return failed.connection_invalidated or is_so


def is_collision(failed: DBAPIError) -> bool:
    """Whether the same once more, at once, may well succeed."""
    return _state(failed.orig) in _COLLISIONS


def words(failed: Exception) -> str:
    """One line for logs and alarms: what the database says first, else what kind of error it is."""
    if isinstance(failed, DBAPIError):
        # The first line is the database's own; those behind it may have the values of a row.
        return str(failed.orig).partition("\n")[0]
    is_told = isinstance(failed, ArchiveError | PoolTimeout)
    return str(failed).partition("\n")[0] if is_told else type(failed).__name__


def _state(original: object) -> str:
    return str(getattr(original, "sqlstate", None) or "")
