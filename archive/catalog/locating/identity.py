"""Whose numbers of rows these are: what was copied of another index is no copy of this one.

Knows nothing of copies.
"""

import secrets

from sqlalchemy import Connection, select, update

from archive.catalog.tables.catalog import index_identity
from archive.ids import ID_BYTES


def identity_of_index(connection: Connection) -> bytes:
    """The 16 bytes that were drawn for it."""
    drawn: bytes = connection.execute(select(index_identity.c.id)).scalar_one()
    return drawn


def draw_identity(connection: Connection) -> None:
    """From now on it is another index."""
    connection.execute(update(index_identity).values(id=secrets.token_bytes(ID_BYTES)))
