"""The events of a recording as the index keeps them, in their order.

Knows nothing of what they say, nor of who may ask.
"""

import msgspec
from sqlalchemy import Connection, select

from archive.call.events import (
    Event,
    MetadataReceived,
    SipMessage,
    StreamKeyed,
    decode_event,
    encode_event,
)
from archive.catalog.tables.catalog import event
from archive.errors import RecordingDamaged


class EventsUnread(RecordingDamaged):
    """A stored event is none that this version knows: of a later one, or damaged."""


def stored_body(told: Event) -> bytes | None:
    """What the index keeps of an event: documents and keys stay in the sealed file.

    So do SIP messages, whole: of them it keeps nothing.
    """
    match told:
        case SipMessage():
            return None
        case MetadataReceived():
            return encode_event(msgspec.structs.replace(told, body=b""))
        case StreamKeyed():
            return encode_event(msgspec.structs.replace(told, crypto=""))
        case _:
            return encode_event(told)


def events_of(connection: Connection, tenant: int, row: int) -> list[tuple[int, Event]]:
    """The (serial, event) pairs of this row of `recording`; raises `EventsUnread`."""
    rows = connection.execute(
        select(event.c.serial, event.c.body)
        .where(event.c.tenant == tenant, event.c.recording == row)
        .order_by(event.c.serial)
    )
    return [(serial, event_of(serial, body)) for serial, body in rows]


def event_of(serial: int, body: bytes) -> Event:
    """One event; raises `EventsUnread`."""
    try:
        return decode_event(body)
    except msgspec.DecodeError:
        raise EventsUnread(f"event {serial} of the index cannot be read") from None
