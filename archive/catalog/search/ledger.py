"""Every call of the known sources with its fate, page by page: recorded, or why not.

Each page is a stretch of two indexes by time. Knows the index. Knows nothing of SIP.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import merge
from typing import Final

import msgspec
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    or_,
    select,
    tuple_,
)

from archive.access.query import CustomerClue
from archive.access.reach import Within, is_everywhere
from archive.access.use import Limit
from archive.call.events import CallRefused, decode_event
from archive.call.mentions import Mention
from archive.call.numbers import user_part
from archive.call.refusal_reasons import Fate, Reason, fate_of
from archive.call.sender_events import Attempted
from archive.call.silent_sides import NO_SOUND
from archive.catalog.access.grants import EVERYTHING, LedgerGrant, NotGranted
from archive.catalog.access.reach import within
from archive.catalog.destruction.planned_recordings import is_under_way
from archive.catalog.search.clues import Span, recordings_of
from archive.catalog.search.found_legs import FoundLeg, found_legs
from archive.catalog.search.ledger_query import LedgerCursor, LedgerQuery
from archive.catalog.search.unrecorded import WhoClue, calls_of
from archive.catalog.tables.catalog import (
    FLAGS_JOINED,
    call_id,
    mark,
    recording,
    refused_call,
    told_id,
)
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId

_OK: Final = 200
# The flags of a recording that a party refused before anybody was heard in it.
_REFUSED: Final = frozenset({"refused", NO_SOUND})
_PARAMETERS: Final = re.compile(r";[^<>]*$")
_Row = Row[tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswer:
    """What a source was answered: 200 and no `Reason` where its call was recorded."""

    status: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One call. Times in µs UTC.

    One that a party refused has a `recording`, of the evidence alone. `parties` are who stayed in
    it as people would call them; where there is no recording, what From and To say. `attempts` are
    at whom it was to reach, where there is none.
    """

    at_us: int
    source: str
    call_id: str
    fate: Fate
    answer: CallAnswer
    recording: RecordingId | None
    parties: tuple[str, ...] = ()
    attempts: tuple[Attempted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRows:
    """Some rows, oldest first, and where the next begin (None: there are none).

    `limits`: which of their recordings who asks may not hear for what he stated, and why not.
    """

    rows: tuple[LedgerRow, ...]
    next_cursor: LedgerCursor | None
    limits: Mapping[RecordingId, Limit] = field(default_factory=dict)


# A row with its place; that of a recording is told when its legs are known.
_Found = tuple[LedgerCursor, LedgerRow | _Row]


def ledger_page(connection: Connection, query: LedgerQuery, granted: LedgerGrant) -> LedgerRows:
    """One page of the calls that began in the window, within the grant's reach."""
    if not isinstance(granted, LedgerGrant) or granted.target != EVERYTHING:
        raise NotGranted("the ledger needs a grant for it")
    tenant = tenant_row(connection, granted.tenant)
    allowed, limit = granted.access.within, query.limit
    recorded = connection.execute(_recorded(tenant, query, allowed).limit(limit + 1))
    found: list[_Found] = [(LedgerCursor(row.started_us, row.id, 0), row) for row in recorded]
    both = list(merge(found, _turned_away(connection, tenant, query, allowed), key=_place))
    page = both[:limit]
    return LedgerRows(
        rows=_told(connection, tenant, [row for _, row in page]),
        next_cursor=_place(page[-1]) if len(both) > limit else None,
    )


def unrecorded_calls(
    connection: Connection, tenant: int, rows: Sequence[int]
) -> Mapping[int, LedgerRow]:
    """Calls without a recording, by their row; who may see them is decided by who asks."""
    found = connection.execute(_refused_rows(tenant), {"rows": rows})
    return {row.row: _refused_row(row) for row in found}


@lru_cache
def _refused_rows(tenant: int) -> Select[tuple[object, ...]]:
    """By their row: `+ 0` keeps the tenant's indexes out of it."""
    own = refused_call.c
    rows: BindParameter[int] = bindparam("rows", expanding=True)
    is_of_them = (own.tenant + 0 == tenant, own.row.in_(rows))
    return select(refused_call).where(*is_of_them, ~is_under_way(tenant, own.page))


def _recorded(tenant: int, query: LedgerQuery, allowed: Within) -> Select[tuple[object, ...]]:
    after, began_us = query.after, recording.c.started_us
    wanted = select(recording).where(
        recording.c.tenant == tenant,
        *_begun(began_us, query),
        or_(began_us > after.at_us, recording.c.id > after.own),
        *within(tenant, allowed),
    )
    if query.source:
        wanted = wanted.where(recording.c.source == query.source)
    if query.without_recording:
        wanted = wanted.where(*_kept_nobody(tenant, query))
    for either in query.clues:
        found = (recordings_of(tenant, each, _span(query)) for each in either)
        wanted = wanted.where(
            or_(*(recording.c.row.in_(each) for each in found if each is not None))
        )
    return wanted.order_by(began_us, recording.c.id)


def _kept_nobody(tenant: int, query: LedgerQuery) -> Iterator[ColumnElement[bool]]:
    """Of a recording that a party refused before a word was kept there is the evidence alone."""
    flags = FLAGS_JOINED + recording.c.flags + FLAGS_JOINED
    of_refusal = (mark.c.tenant == tenant, mark.c.kind == "refusal")
    of_window = _span(query).holds(mark.c.started_us)
    yield recording.c.row.in_(select(mark.c.recording).where(*of_refusal, of_window))
    yield from (flags.contains(f"{FLAGS_JOINED}{each}{FLAGS_JOINED}") for each in _REFUSED)


def _span(query: LedgerQuery) -> Span:
    return Span(query.window.start_us - 1, query.window.end_us)


def _turned_away(
    connection: Connection, tenant: int, query: LedgerQuery, allowed: Within
) -> list[_Found]:
    """Nobody knows of what queue a call would have been: with less than all one sees none."""
    if not is_everywhere(allowed.reach):
        return []
    rows = connection.execute(_refused(tenant, query).limit(query.limit + 1))
    return [(LedgerCursor(row.started_us, row.page, row.serial), _refused_row(row)) for row in rows]


def _refused(tenant: int, query: LedgerQuery) -> Select[tuple[object, ...]]:
    after, began_us = query.after, refused_call.c.started_us
    page, serial = refused_call.c.page, refused_call.c.serial
    wanted = select(refused_call).where(
        refused_call.c.tenant == tenant,
        *_begun(began_us, query),
        ~is_under_way(tenant, page),
        or_(
            began_us > after.at_us,
            page > after.own,
            and_(page == after.own, serial > after.serial),
        ),
    )
    if query.source:
        wanted = wanted.where(refused_call.c.source == query.source)
    for clue in _who(query):
        wanted = wanted.where(tuple_(page, serial).in_(calls_of(tenant, clue, query.window)))
    return wanted.order_by(began_us, page, serial)


def _who(query: LedgerQuery) -> Iterator[WhoClue]:
    """What calls without a recording are searched by."""
    if query.number is not None:
        yield query.number
    if query.name:
        yield CustomerClue(query.name)


def _begun(
    began_us: ColumnElement[int], query: LedgerQuery
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The stretch of the index: of the window what is not behind us yet."""
    window = query.window
    return began_us >= max(window.start_us, query.after.at_us), began_us < window.end_us


def _place(found: _Found) -> LedgerCursor:
    return found[0]


def _told(
    connection: Connection, tenant: int, found: list[LedgerRow | _Row]
) -> tuple[LedgerRow, ...]:
    """The page, with who was in its recordings: all legs are asked for at once."""
    recorded = [each.row for each in found if not isinstance(each, LedgerRow)]
    legs = found_legs(connection, tenant, recorded)
    ids = _call_ids(connection, tenant, recorded)
    return tuple(
        each
        if isinstance(each, LedgerRow)
        else _recorded_row(each, legs[each.row], ids.get(each.row, ""))
        for each in found
    )


def _call_ids(connection: Connection, tenant: int, rows: list[int]) -> dict[int, str]:
    """By recording: the Call-ID with which its session came to us."""
    found = connection.execute(
        select(call_id.c.recording, told_id.label("value")).where(
            call_id.c.tenant == tenant,
            call_id.c.recording.in_(rows),
            call_id.c.kind == "recording_session",
        )
    )
    return {row.recording: row.value for row in found}


def _recorded_row(row: _Row, legs: tuple[FoundLeg, ...], own_id: str) -> LedgerRow:
    fate, reason = _fate_of(row)
    return LedgerRow(
        at_us=row.started_us,
        source=row.source,
        call_id=own_id,
        fate=fate,
        answer=CallAnswer(status=_OK, reason=reason, detail=row.flags),
        recording=RecordingId(row.id),
        parties=tuple(dict.fromkeys(filter(None, map(_party, legs)))),
    )


def _fate_of(row: _Row) -> tuple[Fate, Reason]:
    if set(row.flags.split(FLAGS_JOINED)) >= _REFUSED:
        return Fate.CONNECTED_UNRECORDED, Reason.PARTY_REFUSED
    return (Fate.RECORDED, Reason.NONE) if row.packets else (Fate.WITHOUT_AUDIO, Reason.NO_PACKET)


def _refused_row(row: _Row) -> LedgerRow:
    told = _event_of(row)
    return LedgerRow(
        at_us=row.started_us,
        source=row.source,
        call_id=row.call_id,
        fate=fate_of(row.status, row.reason),
        answer=CallAnswer(status=row.status, reason=row.reason, detail=row.detail),
        recording=None,
        parties=_parties(row, () if told is None else told.mentions),
        attempts=() if told is None else told.attempts,
    )


def _parties(row: _Row, mentions: tuple[Mention, ...]) -> tuple[str, ...]:
    """What From and To say, then who else is told of, each once."""
    said = [_address(value) for value in (row.from_value, row.to_value) if value]
    for each in mentions:
        parts = [part for part in (each.name, user_part(each.address) or each.address) if part]
        if not all(part in " ".join(said) for part in parts):
            said.append(" ".join(parts))
    return tuple(dict.fromkeys(said))


def _event_of(row: _Row) -> CallRefused | None:
    """The event of a row; None where it cannot be read."""
    try:
        told = decode_event(row.body)
    except msgspec.DecodeError:
        return None
    return told if isinstance(told, CallRefused) else None


def _party(leg: FoundLeg) -> str:
    """Name and number, as far as they are known."""
    return " ".join(dict.fromkeys(filter(None, (leg.label, leg.number.shown))))


def _address(value: str) -> str:
    """What From or To says without its parameters."""
    return _PARAMETERS.sub("", value)
