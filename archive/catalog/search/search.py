"""Finds calls: which recordings overlap a window and fit every clue, newest first.

Plain B-trees with a bounded look-back. Knows nothing of who asks beyond his grant.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    func,
    or_,
    select,
    union_all,
)

from archive.access.query import (
    MOST_UNREAD,
    NEWEST,
    AgentClue,
    AnyAgentClue,
    Cursor,
    CustomerClue,
    DirectionClue,
    Fit,
    PhoneClue,
    SearchQuery,
    Window,
)
from archive.access.reach import WHOLE_TENANT, Within, is_everywhere
from archive.access.use import Limit
from archive.call.direction import UNKNOWN
from archive.catalog.access.grants import EVERYTHING, NotGranted, SearchGrant
from archive.catalog.access.reach import leads, within
from archive.catalog.register.kept_facts import DESTROYED
from archive.catalog.search.calls import FoundRecording, select_recordings, with_legs
from archive.catalog.search.clues import Span, is_no_more_than_guessed, is_so, sought
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId

# The longest call unless a source says otherwise. What began earlier than this before a window
# is sought apart, by its length: there is hardly any.
MAX_CALL_MS: Final = 12 * 3_600_000
# What may stand in documents and messages alone.
_MENTIONED: Final = (AgentClue, AnyAgentClue, CustomerClue, PhoneClue)
_BEFORE_ALL_US: Final = -(1 << 62)
_MAX_CALL_US: Final = MAX_CALL_MS * 1_000
# As many are counted of those that a search for a direction leaves out; it stands for more.
MOST_UNDIRECTED: Final = 1_000
# So many of the newest are looked at one by one: who reaches one in twenty has a page of them.
WALKED: Final = 1_000
# Asked with every search: to put them together takes longer than to ask them.
_UNREAD: Final = select(recording.c.row).where(
    recording.c.tenant == bindparam("own_tenant"),
    recording.c.read_form == 0,
    recording.c.started_us.between(bindparam("from_us"), bindparam("until_us")),
    recording.c.state != DESTROYED,
)
_ANY_UNREAD: Final = _UNREAD.limit(1)
# Their length leads the way: `+ 0` keeps all else out of it.
_ANY_OVERLONG: Final = (
    select(recording.c.row)
    .where(
        recording.c.tenant == bindparam("own_tenant"),
        recording.c.duration_ms >= MAX_CALL_MS,
        recording.c.started_us + 0 < bindparam("before_us"),
        recording.c.ended_us > bindparam("window_us"),
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """What was found, newest first, and where the next page begins (None: there is none).

    Those that fit by a guess (`guessed`) come behind all others. `unknown_direction`: so many that
    fit all else were left out of a search for a direction, told with its first page.
    `destroyed`: so many recordings of the hours, and of the queue that is asked for, are gone.
    `unread`: so many that began in the window were never read for what they mention, where a number
    or a name is asked for; `MOST_UNREAD` and one stands for more. `unrecorded`: so many calls of
    the window fit numbers and names and have no recording, told with its first page to who may see
    the whole ledger.
    `limits`: which of these who asks may not hear for what he stated, and why not.
    """

    found: tuple[FoundRecording, ...]
    next_cursor: Cursor | None
    destroyed: int = 0
    unread: int = 0
    limits: Mapping[RecordingId, Limit] = field(default_factory=dict)
    guessed: frozenset[RecordingId] = frozenset()
    unknown_direction: int = 0
    unrecorded: int = 0


def search(connection: Connection, query: SearchQuery, grant: SearchGrant) -> SearchPage:
    """Find the calls of the grant's tenant that overlap the window and fit all clues."""
    if grant.target != EVERYTHING:
        raise NotGranted("a search needs a grant for searching")
    tenant = tenant_row(connection, grant.tenant)
    allowed = grant.access.within
    rows: list[Row[tuple[object, ...]]] = []
    known = 0
    for ranked in _ranked(query):
        if len(rows) <= query.limit:
            rows += _rows(connection, tenant, ranked, allowed, query.limit + 1 - len(rows))
        if ranked.fit is not Fit.GUESSED:
            known = len(rows)
    page = with_legs(connection, tenant, rows[: query.limit])
    guessed = frozenset(each.recording for each in page[known:])
    return SearchPage(
        found=page,
        next_cursor=_cursor(page[-1], guessed) if len(rows) > query.limit else None,
        guessed=guessed,
        unknown_direction=count_undirected(connection, tenant, query, allowed),
        unread=_unread(connection, tenant, query, allowed),
    )


def _ranked(query: SearchQuery) -> Iterator[SearchQuery]:
    """What is known to fit, then what fits by a guess; one search where no side is asked for."""
    if not query.people:
        yield query
        return
    if not query.after.is_guess:
        yield replace(query, fit=Fit.KNOWN)
    after = query.after if query.after.is_guess else NEWEST
    yield replace(query, fit=Fit.GUESSED, after=after)


def count_undirected(
    connection: Connection, tenant: int, query: SearchQuery, allowed: Within
) -> int:
    """How many of unknown direction fit all else, `MOST_UNDIRECTED` at most."""
    asked = [each for each in query.clues if isinstance(each, DirectionClue)]
    if query.after != NEWEST or not asked or any(each.direction == UNKNOWN for each in asked):
        return 0
    others = tuple(each for each in query.clues if each not in asked)
    wanted = replace(query, clues=(*others, DirectionClue(UNKNOWN)))
    found = recent(tenant, wanted, allowed).order_by(None).limit(MOST_UNDIRECTED)
    rows = found.with_only_columns(recording.c.row, maintain_column_froms=True).subquery()
    return connection.scalar(select(func.count()).select_from(rows)) or 0


def _rows(
    connection: Connection, tenant: int, query: SearchQuery, allowed: Within, wanted: int
) -> list[Row[tuple[object, ...]]]:
    """So many of those that fit, where there are as many."""
    rows = _recent_rows(connection, tenant, query, allowed, wanted)
    if len(rows) < wanted and _is_any_overlong(connection, tenant, query):
        rows += connection.execute(overlong(tenant, query, allowed).limit(wanted - len(rows)))
    return rows


def _unread(connection: Connection, tenant: int, query: SearchQuery, allowed: Within) -> int:
    """How many recordings of the window may have what is asked for where nobody has looked."""
    if not any(isinstance(each, _MENTIONED) for each in query.clues):
        return 0
    window = query.window
    own = {"own_tenant": tenant, "from_us": window.start_us, "until_us": window.end_us}
    if connection.scalar(_ANY_UNREAD, own) is None:
        return 0
    counted = _UNREAD.where(*within(tenant, allowed)).limit(MOST_UNREAD + 1).subquery()
    return int(connection.scalar(select(func.count()).select_from(counted), own) or 0)


def _recent_rows(
    connection: Connection, tenant: int, query: SearchQuery, allowed: Within, wanted: int
) -> list[Row[tuple[object, ...]]]:
    """So many of `recent`, where there are as many.

    The window leads the way, until it has shown that the reach is narrow; from there on the reach
    does. Else who reaches one team would wait for every call of a year to be looked at.
    """
    span = span_of(query)
    edge = _edge(connection, tenant, span) if _is_led(tenant, query, allowed) else None
    if edge is None:
        return list(connection.execute(recent(tenant, query, allowed).limit(wanted)))
    first_us, last_us = edge
    walked = recent(tenant, query, allowed, span.since(first_us))
    rows = list(connection.execute(walked.limit(wanted)))
    for stretch in span.until(first_us, last_us - first_us + 1):
        if len(rows) >= wanted:
            break
        older = led(tenant, query, allowed, stretch)
        rows += connection.execute(older.limit(wanted - len(rows)))
    return rows


def _is_led(tenant: int, query: SearchQuery, allowed: Within) -> bool:
    """Whether a reach may lead: there is one, and no clue does."""
    span = span_of(query)
    if is_everywhere(allowed.reach) or sought(tenant, query, span):
        return False
    return bool(leads(tenant, allowed.reach, span.holds))


def _edge(connection: Connection, tenant: int, span: Span) -> tuple[int, int] | None:
    """When the first and the last of the newest recordings began; None where there are few."""
    newest = (
        select(recording.c.started_us)
        .where(recording.c.tenant == tenant, span.holds(recording.c.started_us))
        .order_by(recording.c.started_us.desc())
        .limit(WALKED)
        .subquery()
    )
    began = newest.c.started_us
    count, first_us, last_us = connection.execute(
        select(func.count(), func.min(began), func.max(began)).select_from(newest)
    ).one()
    return (first_us, last_us) if count == WALKED else None


def _is_any_overlong(connection: Connection, tenant: int, query: SearchQuery) -> bool:
    """Whether anything that long reaches into the window at all: hardly ever.

    What the clues fit is looked for from the beginning of time, and asked only then.
    """
    before_us = min(query.window.start_us - _MAX_CALL_US, query.after.started_us) + 1
    own = {"own_tenant": tenant, "window_us": query.window.start_us, "before_us": before_us}
    return connection.scalar(_ANY_OVERLONG, own) is not None


def span_of(query: SearchQuery) -> Span:
    """From the longest call's length before the window to its end, behind the last page."""
    window = query.window
    return Span(window.start_us - _MAX_CALL_US, window.end_us).before(query.after)


def led(tenant: int, query: SearchQuery, allowed: Within, span: Span) -> Select[tuple[object, ...]]:
    """What `recent` finds in a span, led by the reach: as much is read as the reach holds."""
    reached = union_all(*leads(tenant, allowed.reach, span.holds))
    return _fitting(query).where(
        # As in `recent`.
        recording.c.tenant + 0 == tenant,
        span.holds(recording.c.started_us),
        recording.c.row.in_(reached),
        *within(tenant, allowed),
    )


def recent(
    tenant: int,
    query: SearchQuery,
    allowed: Within = WHOLE_TENANT,
    within_span: Span | None = None,
) -> Select[tuple[object, ...]]:
    """Calls that began within the longest call's length before the window, or in it."""
    span = within_span or span_of(query)
    found = sought(tenant, query, span)
    # Where legs are sought they lead the way: `+ 0` keeps the recordings' own indexes out of it.
    of_tenant = recording.c.tenant + 0 if found else recording.c.tenant
    return _fitting(query).where(
        of_tenant == tenant,
        span.holds(recording.c.started_us),
        *(recording.c.row.in_(each) for each in found),
        is_no_more_than_guessed(tenant, query, span),
        *within(tenant, allowed),
    )


def overlong(
    tenant: int, query: SearchQuery, allowed: Within = WHOLE_TENANT
) -> Select[tuple[object, ...]]:
    """Calls that began even earlier and still reach into the window; all older than `recent`."""
    long_ago_us = query.window.start_us - _MAX_CALL_US + 1
    span = Span(_BEFORE_ALL_US, long_ago_us).before(query.after)
    # Their length leads the way to the few that there are: `+ 0` keeps all else out of it.
    return _fitting(query, recording.c.started_us + 0).where(
        recording.c.tenant == tenant,
        recording.c.duration_ms >= MAX_CALL_MS,
        span.holds(recording.c.started_us + 0),
        *((recording.c.row + 0).in_(each) for each in sought(tenant, query, span)),
        is_no_more_than_guessed(tenant, query, span),
        *within(tenant, allowed),
    )


def _fitting(
    query: SearchQuery, started_us: ColumnElement[int] = recording.c.started_us
) -> Select[tuple[object, ...]]:
    """What reaches into the window, fits the clues and lies behind the last page, newest first."""
    after = query.after
    return (
        select_recordings()
        .where(
            _reaches_into(query.window),
            or_(started_us < after.started_us, recording.c.id < after.recording.raw),
            *(is_so(clue) for clue in query.clues),
        )
        .order_by(started_us.desc(), recording.c.id.desc())
    )


def _reaches_into(window: Window) -> ColumnElement[bool]:
    """Ends after the window's beginning; a call without length counts where it lies."""
    return or_(recording.c.ended_us > window.start_us, recording.c.started_us >= window.start_us)


def _cursor(last: FoundRecording, guessed: frozenset[RecordingId]) -> Cursor:
    own = last.recording
    return Cursor(started_us=last.started_us, recording=own, is_guess=own in guessed)
