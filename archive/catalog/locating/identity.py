"""Whose numbers of rows these are: what was copied of another index is no copy of this one.

Knows nothing of copies.
"""

import secrets
from typing import Final

from sqlalchemy import Connection, inspect, select, update

from archive.catalog.tables.catalog import index_identity
from archive.ids import ID_BYTES

_DRAWN: Final = select(index_identity.c.id)


def identity_of_index(connection: Connection) -> bytes:
    """The 16 bytes that were drawn for it."""
    drawn: bytes = connection.execute(_DRAWN).scalar_one()
    return drawn


def draw_identity(connection: Connection) -> None:
    """From now on it is another index."""
    connection.execute(update(index_identity).values(id=secrets.token_bytes(ID_BYTES)))


def draw_identity_of_restored(connection: Connection) -> None:
    """Of a catalog in any form: one of before gets its first as it is brought up to date."""
    if inspect(connection).has_table(index_identity.name):
        draw_identity(connection)
