"""Every call of the known sources with its fate: recorded, without audio, or turned away and why.

Knows the index. Knows nothing of SIP.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from typing import Final

from sqlalchemy import Connection, Row, and_, func, select

from archive.catalog.found_legs import FoundLeg, found_legs
from archive.catalog.query import Window
from archive.catalog.tables import call_id, part, recording, refused_call
from archive.catalog.tenants import tenant_row
from archive.facts import LEDGER
from archive.fates import Fate, Reason, fate_of
from archive.grants import EVERYTHING, NotGranted, SearchGrant
from archive.ids import RecordingId, TenantId

# A day of a large site; whoever wants more asks for less time at once.
MAX_ROWS: Final = 100_000
# Whose legs are asked for in one statement.
AT_ONCE: Final = 500
_PARAMETERS: Final = re.compile(r";[^<>]*$")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class LedgerRow:
    """One call; `status` is 200 and `reason` "" where it was recorded. Times in µs UTC.

    `parties` are who stayed in it as people would call them; of one that was turned away what From
    and To say.
    """

    at_us: int
    source: str
    call_id: str
    fate: Fate
    status: int
    reason: str
    detail: str
    recording: RecordingId | None
    parties: tuple[str, ...] = ()


def ledger(
    connection: Connection, window: Window, granted: SearchGrant, *, source: str = ""
) -> Iterator[LedgerRow]:
    """The calls that began in the window, oldest first, at most `MAX_ROWS`."""
    if granted.target != EVERYTHING:
        raise NotGranted("the ledger needs a grant for searching")
    tenant = tenant_row(connection, granted.tenant)
    recorded = _recorded(connection, tenant, window, source)
    refused = _refused(connection, tenant, window, source)
    for count, row in enumerate(merge(recorded, refused, key=lambda row: row.at_us)):
        if count == MAX_ROWS:
            return
        yield row


def _recorded(
    connection: Connection, tenant: int, window: Window, source: str
) -> Iterator[LedgerRow]:
    packets = (
        select(func.sum(part.c.packets))
        .where(part.c.tenant == tenant, part.c.recording == recording.c.row)
        .scalar_subquery()
    )
    own_id = and_(
        call_id.c.tenant == tenant,
        call_id.c.recording == recording.c.row,
        call_id.c.kind == "recording_session",
    )
    wanted = (
        select(
            recording,
            packets.label("packets"),
            func.coalesce(call_id.c.value, "").label("call_id"),
        )
        .join_from(recording, call_id, own_id, isouter=True)
        .where(
            recording.c.tenant == tenant,
            recording.c.mode != LEDGER,
            recording.c.started_us >= window.start_us,
            recording.c.started_us < window.end_us,
        )
        .order_by(recording.c.started_us)
        .limit(MAX_ROWS)
    )
    if source:
        wanted = wanted.where(recording.c.source == source)
    for rows in connection.execute(wanted).partitions(AT_ONCE):
        legs = found_legs(connection, tenant, [row.row for row in rows])
        yield from (_recorded_row(row, legs[row.row]) for row in rows)


def _recorded_row(row: Row[tuple[object, ...]], legs: tuple[FoundLeg, ...]) -> LedgerRow:
    return LedgerRow(
        at_us=row.started_us,
        source=row.source,
        call_id=row.call_id,
        fate=Fate.RECORDED if row.packets else Fate.WITHOUT_AUDIO,
        status=200,
        reason=Reason.NONE if row.packets else Reason.NO_PACKET,
        detail=row.flags,
        recording=RecordingId(row.id),
        parties=tuple(dict.fromkeys(filter(None, map(_party, legs)))),
    )


def _refused(
    connection: Connection, tenant: int, window: Window, source: str
) -> Iterator[LedgerRow]:
    wanted = (
        select(refused_call)
        .where(
            refused_call.c.tenant == tenant,
            refused_call.c.started_us >= window.start_us,
            refused_call.c.started_us < window.end_us,
        )
        .order_by(refused_call.c.started_us)
        .limit(MAX_ROWS)
    )
    if source:
        wanted = wanted.where(refused_call.c.source == source)
    for row in connection.execute(wanted):
        yield LedgerRow(
            at_us=row.started_us,
            source=row.source,
            call_id=row.call_id,
            fate=fate_of(row.status),
            status=row.status,
            reason=row.reason,
            detail=row.detail,
            recording=None,
            parties=tuple(_address(value) for value in (row.from_value, row.to_value) if value),
        )


def _party(leg: FoundLeg) -> str:
    """Name and number, as far as they are known."""
    return " ".join(dict.fromkeys(filter(None, (leg.label, leg.number.shown))))


def _address(value: str) -> str:
    """What From or To says without its parameters."""
    return _PARAMETERS.sub("", value)


def page_of(connection: Connection, tenant: TenantId, call_id: str) -> RecordingId | None:
    """The ledger page of the last call of that Call-ID that was turned away."""
    found = connection.scalar(
        select(recording.c.id)
        .join_from(refused_call, recording, recording.c.row == refused_call.c.recording)
        .where(
            refused_call.c.tenant == tenant_row(connection, tenant),
            refused_call.c.call_id == call_id,
        )
        .order_by(refused_call.c.started_us.desc())
        .limit(1)
    )
    return None if found is None else RecordingId(found)
