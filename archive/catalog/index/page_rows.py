"""The rows of a ledger page: its parts, and the calls without a recording that it tells of.

A page is sealed and adopted as a recording is, and is none. Knows nothing of who asks.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, insert, select, update

from archive.call.adoption import Adoption
from archive.call.events import CallOpened, CallRefused, Event, encode_event
from archive.call.mentions import told_of_refused
from archive.call.refusal_reasons import began_us, told_of
from archive.catalog.index.details import mention_rows
from archive.catalog.index.part_values import Value, part_values
from archive.catalog.index.removal import remove_recording
from archive.catalog.tables.catalog import (
    ledger_page,
    part,
    recording,
    refused_call,
    refused_mention,
)
from archive.catalog.tables.derived_forms import FORM
from archive.catalog.tables.stored_events import EventsUnread, event_of
from archive.catalog.tables.stored_text import TEXT_CHANGED, is_changed
from archive.ids import RecordingId

Row = dict[str, Value]
_OF_A_PART = tuple(
    column.name for column in ledger_page.columns if column.name not in {"row", "id", "derived"}
)


def is_of_page(connection: Connection, tenant: int, adoption: Adoption) -> bool:
    """Whether a part is one of a ledger page: it says so itself, or an earlier one has."""
    kinds = {type(told) for _, told in adoption.events}
    if CallRefused in kinds or CallOpened in kinds:
        return CallOpened not in kinds
    known = select(ledger_page.c.row).where(_is(tenant, adoption.part_name.recording))
    return connection.scalar(known.limit(1)) is not None


def index_page_part(connection: Connection, tenant: int, adoption: Adoption) -> None:
    """Add one part of a page that is not there yet, and the calls that are new in it."""
    own = adoption.part_name.recording
    _take_over(connection, tenant, own)
    connection.execute(insert(ledger_page).values(**_part(tenant, adoption), derived=FORM))
    known = set(connection.scalars(_serials(tenant, own)))
    new = [each for each in _refused(dict(adoption.events).items()) if each[0] not in known]
    of_page: Row = {"tenant": tenant, "page": own.raw}
    calls = [of_page | {"serial": serial} | _call(told) for serial, told in new]
    if calls:
        connection.execute(insert(refused_call), calls)
    _insert_mentions(connection, of_page, new)


def _insert_mentions(
    connection: Connection, of_page: Row, calls: Iterable[tuple[int, CallRefused]]
) -> None:
    rows = [
        {**of_page, "serial": serial, "started_us": began_us(told), **each}
        for serial, told in calls
        for each in mention_rows(told_of_refused(told, told.from_value, told.to_value))
    ]
    if rows:
        connection.execute(insert(refused_mention), rows)


def derive_page(connection: Connection, tenant: int, page: bytes) -> None:
    """Write the rows of a page's calls anew from their events; raises `EventsUnread`."""
    of_page = (refused_call.c.tenant == tenant, refused_call.c.page == page)
    kept = select(refused_call.c.serial, refused_call.c.body).where(*of_page)
    calls: list[tuple[int, CallRefused]] = []
    for row in connection.execute(kept).all():
        told = event_of(row.serial, row.body)
        if not isinstance(told, CallRefused):
            raise EventsUnread(f"event {row.serial} of the ledger page is none of a refused call")
        connection.execute(
            update(refused_call)
            .where(*of_page, refused_call.c.serial == row.serial)
            .values(**_call(told))
        )
        calls.append((row.serial, told))
    _delete_mentions(connection, tenant, page)
    _insert_mentions(connection, {"tenant": tenant, "page": page}, calls)
    mark_derived(connection, tenant, page, FORM)


def mark_derived(connection: Connection, tenant: int, page: bytes, form: int) -> None:
    """Note by which form a page's rows were made, or that they wait or are put aside."""
    derived = update(ledger_page).where(_is(tenant, RecordingId(page)))
    connection.execute(derived.values(derived=form))


def _delete_mentions(connection: Connection, tenant: int, page: bytes) -> None:
    of_page = (refused_mention.c.tenant == tenant, refused_mention.c.page == page)
    connection.execute(delete(refused_mention).where(*of_page))


def remove_page(connection: Connection, tenant: int, own: RecordingId) -> None:
    """Delete the rows of a page and of its calls: it goes whole."""
    _delete_mentions(connection, tenant, own.raw)
    connection.execute(
        delete(refused_call).where(refused_call.c.tenant == tenant, refused_call.c.page == own.raw)
    )
    connection.execute(delete(ledger_page).where(_is(tenant, own)))


def _is(tenant: int, own: RecordingId) -> ColumnElement[bool]:
    return and_(ledger_page.c.tenant == tenant, ledger_page.c.id == own.raw)


def _serials(tenant: int, own: RecordingId) -> Select[int]:
    return select(refused_call.c.serial).where(
        refused_call.c.tenant == tenant, refused_call.c.page == own.raw
    )


def _refused(events: Iterable[tuple[int, Event]]) -> list[tuple[int, CallRefused]]:
    return [(serial, told) for serial, told in events if isinstance(told, CallRefused)]


def _take_over(connection: Connection, tenant: int, own: RecordingId) -> None:
    """Make a page of what was a recording: a part cut off so early that it says nothing."""
    row = connection.scalar(
        select(recording.c.row).where(recording.c.tenant == tenant, recording.c.id == own.raw)
    )
    if row is None:
        return
    columns = [part.c[name] for name in _OF_A_PART]
    known = select(*columns).where(part.c.tenant == tenant, part.c.recording == row)
    parts = [dict(found._mapping) for found in connection.execute(known)]
    connection.execute(
        insert(ledger_page), [{**each, "id": own.raw, "derived": FORM} for each in parts]
    )
    remove_recording(connection, tenant, int(row))


def _part(tenant: int, adoption: Adoption) -> Row:
    told = {"tenant": tenant, **part_values(adoption)}
    return {"id": adoption.part_name.recording.raw, **{name: told[name] for name in _OF_A_PART}}


def _call(told: CallRefused) -> Row:
    return {
        "started_us": began_us(told),
        "source": told.source,
        "peer": told.peer,
        "call_id": told.call_id,
        "from_value": told.from_value,
        "to_value": told.to_value,
        "status": told.status,
        "reason": told.reason,
        "detail": _detail(told),
        "body": encode_event(told),
    }


def _detail(told: CallRefused) -> str:
    """Where some text of it is not here as it came, that too, as with the flags of a recording."""
    return f"{TEXT_CHANGED} {told_of(told)}".strip() if is_changed(told) else told_of(told)
