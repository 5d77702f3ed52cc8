"""The events of a recording as the index keeps them, in their order.

All in one row, packed; those from before that have a row each until theirs are made anew. Knows
nothing of what they say, nor of who may ask.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec
from sqlalchemy import Connection, Row, bindparam, delete, insert, null, select

from archive.call.events import (
    Event,
    MetadataReceived,
    SipMessage,
    StreamKeyed,
    decode_event,
    encode_event,
)
from archive.catalog.tables.catalog import event, packed_events
from archive.catalog.tables.packed_bodies import FORM, NotPacked, pack, unpack
from archive.errors import RecordingDamaged

_Row = Row[tuple[object, ...]]


class EventsUnread(RecordingDamaged):
    """A stored event is none that this version knows: of a later one, or damaged."""


_OF_RECORDING: Final = (
    select(packed_events.c.form, null().label("serial"), packed_events.c.body)
    .where(
        packed_events.c.tenant == bindparam("tenant"),
        packed_events.c.recording == bindparam("own"),
    )
    .union_all(
        select(null(), event.c.serial, event.c.body).where(
            event.c.tenant == bindparam("tenant"), event.c.recording == bindparam("own")
        )
    )
)
_REMOVALS: Final = tuple(
    delete(table).where(
        table.c.tenant == bindparam("of_tenant"), table.c.recording == bindparam("own")
    )
    for table in (packed_events, event)
)


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


def bodies_of(connection: Connection, tenant: int, row: int) -> dict[int, bytes]:
    """The events of this row of `recording` by serial, as written; raises `EventsUnread`."""
    return _bodies(_rows(connection, tenant, row))


def add_bodies(connection: Connection, tenant: int, row: int, bodies: Mapping[int, bytes]) -> None:
    """Keep the events whose serials are new, all of the recording in one row.

    What cannot be read stays as it is, beside them.
    """
    found = _rows(connection, tenant, row)
    try:
        known = _bodies(found)
    except EventsUnread:
        if bodies:
            _insert(connection, tenant, row, bodies)
        return
    told = {**bodies, **known}
    if told.keys() == known.keys() and all(each.form is not None for each in found):
        return
    if found:
        for removal in _REMOVALS:
            connection.execute(removal, {"of_tenant": tenant, "own": row})
    _insert(connection, tenant, row, dict(sorted(told.items())))


def _rows(connection: Connection, tenant: int, row: int) -> Sequence[_Row]:
    return connection.execute(_OF_RECORDING, {"tenant": tenant, "own": row}).all()


def _bodies(rows: Iterable[_Row]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for each in rows:
        if each.form is None:
            found[each.serial] = each.body
            continue
        try:
            found |= unpack(each.form, each.body)
        except NotPacked:
            raise EventsUnread("the events of the index cannot be unpacked") from None
    return dict(sorted(found.items()))


def _insert(connection: Connection, tenant: int, row: int, bodies: Mapping[int, bytes]) -> None:
    cells = {"tenant": tenant, "recording": row, "form": FORM, "body": pack(bodies)}
    connection.execute(insert(packed_events), cells)


def events_of(connection: Connection, tenant: int, row: int) -> list[tuple[int, Event]]:
    """The (serial, event) pairs of this row of `recording`; raises `EventsUnread`."""
    bodies = bodies_of(connection, tenant, row)
    return [(serial, event_of(serial, body)) for serial, body in bodies.items()]


def event_of(serial: int, body: bytes) -> Event:
    """One event; raises `EventsUnread`."""
    try:
        return decode_event(body)
    except msgspec.DecodeError:
        raise EventsUnread(f"event {serial} of the index cannot be read") from None
