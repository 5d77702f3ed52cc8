"""The events of a recording as the index keeps them, in their order.

Knows nothing of what they say, nor of who may ask.
"""

from sqlalchemy import Connection, select

from archive.catalog.tables import event
from archive.events import Event, decode_event


def events_of(connection: Connection, tenant: int, row: int) -> list[tuple[int, Event]]:
    """The (serial, event) pairs of this row of `recording`."""
    rows = connection.execute(
        select(event.c.serial, event.c.body)
        .where(event.c.tenant == tenant, event.c.recording == row)
        .order_by(event.c.serial)
    )
    return [(serial, decode_event(body)) for serial, body in rows]
