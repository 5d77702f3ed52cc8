"""Finds calls: which recordings overlap a window and fit every clue, newest first.

Plain B-trees with a bounded look-back. Knows nothing of who asks beyond his grant.
"""

import sys
from dataclasses import dataclass, replace
from typing import Final, assert_never

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    SelectBase,
    and_,
    or_,
    select,
    true,
    union_all,
)

from archive.call_marks import MarkKind
from archive.catalog.calls import FoundRecording, select_recordings, with_legs
from archive.catalog.query import (
    AgentClue,
    AnyAgentClue,
    Clue,
    Cursor,
    CustomerClue,
    DirectionClue,
    DurationClue,
    IdClue,
    MarkClue,
    PhoneClue,
    SearchQuery,
    Window,
)
from archive.catalog.reach import within
from archive.catalog.tables import (
    agent_name,
    agent_period,
    call_id,
    leg,
    leg_address,
    leg_agent,
    leg_name,
    mark,
    recording,
)
from archive.catalog.tenants import tenant_row
from archive.corrected import FORMER
from archive.grants import EVERYTHING, NotGranted, SearchGrant
from archive.numbers import LAST_DIGITS
from archive.reach import WHOLE_TENANT, Within

# The longest call unless a source says otherwise. What began earlier than this before a window
# is sought apart, by its length: there is hardly any.
MAX_CALL_MS: Final = 12 * 3_600_000
_LAST_CODE_POINT: Final = chr(sys.maxunicode)
_BEFORE_ALL_US: Final = -(1 << 62)
_MAX_CALL_US: Final = MAX_CALL_MS * 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """What was found, newest first, and where the next page begins (None: there is none)."""

    found: tuple[FoundRecording, ...]
    next_cursor: Cursor | None


@dataclass(frozen=True, slots=True)
class _Span:
    """The rows worth looking at: begun after one moment and before another."""

    after_us: int
    before_us: int

    def before(self, cursor: Cursor) -> "_Span":
        """What of it lies behind a page that has been shown."""
        return _Span(self.after_us, min(self.before_us, cursor.started_us + 1))

    def holds(self, column: ColumnElement[int]) -> ColumnElement[bool]:
        return and_(column > self.after_us, column < self.before_us)


def search(connection: Connection, query: SearchQuery, grant: SearchGrant) -> SearchPage:
    """Find the calls of the grant's tenant that overlap the window and fit all clues."""
    if grant.target != EVERYTHING:
        raise NotGranted("a search needs a grant for searching")
    tenant = tenant_row(connection, grant.tenant)
    wanted = query.limit + 1
    allowed = grant.access.within
    rows = list(connection.execute(recent(tenant, query, allowed).limit(wanted)))
    if len(rows) < wanted and _is_any_overlong(connection, tenant, query):
        rows += connection.execute(overlong(tenant, query, allowed).limit(wanted - len(rows)))
    page = with_legs(connection, tenant, rows[: query.limit])
    more = len(rows) > query.limit
    return SearchPage(found=page, next_cursor=_cursor(page[-1]) if more else None)


def _is_any_overlong(connection: Connection, tenant: int, query: SearchQuery) -> bool:
    """Whether anything that long reaches into the window at all: hardly ever.

    What the clues fit is looked for from the beginning of time, and asked only then.
    """
    any_call = overlong(tenant, replace(query, clues=())).limit(1)
    return connection.execute(any_call).first() is not None


def recent(
    tenant: int, query: SearchQuery, allowed: Within = WHOLE_TENANT
) -> Select[tuple[object, ...]]:
    """Calls that began within the longest call's length before the window, or in it."""
    window = query.window
    span = _Span(window.start_us - _MAX_CALL_US, window.end_us).before(query.after)
    sought = _sought(tenant, query, span)
    # Where legs are sought they lead the way: `+ 0` keeps the recordings' own indexes out of it.
    of_tenant = recording.c.tenant + 0 if sought else recording.c.tenant
    return _fitting(query).where(
        of_tenant == tenant,
        span.holds(recording.c.started_us),
        *(recording.c.row.in_(found) for found in sought),
        *within(tenant, allowed),
    )


def overlong(
    tenant: int, query: SearchQuery, allowed: Within = WHOLE_TENANT
) -> Select[tuple[object, ...]]:
    """Calls that began even earlier and still reach into the window; all older than `recent`."""
    long_ago_us = query.window.start_us - _MAX_CALL_US + 1
    span = _Span(_BEFORE_ALL_US, long_ago_us).before(query.after)
    # Their length leads the way to the few that there are: `+ 0` keeps all else out of it.
    return _fitting(query, recording.c.started_us + 0).where(
        recording.c.tenant == tenant,
        recording.c.duration_ms >= MAX_CALL_MS,
        span.holds(recording.c.started_us + 0),
        *((recording.c.row + 0).in_(found) for found in _sought(tenant, query, span)),
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
            *(_is_so(clue) for clue in query.clues),
        )
        .order_by(started_us.desc(), recording.c.id.desc())
    )


def _sought(tenant: int, query: SearchQuery, span: _Span) -> list[SelectBase]:
    """For each clue that is about legs, ids or marks: the recordings that it fits."""
    found = (_recordings(tenant, clue, span) for clue in query.clues)
    return [each for each in found if each is not None]


def _reaches_into(window: Window) -> ColumnElement[bool]:
    """Ends after the window's beginning; a call without length counts where it lies."""
    return or_(recording.c.ended_us > window.start_us, recording.c.started_us >= window.start_us)


def _is_so(clue: Clue) -> ColumnElement[bool]:
    """What a clue says of the recording itself."""
    match clue:
        case DirectionClue(direction):
            return recording.c.direction == direction
        case DurationClue():
            return recording.c.duration_ms.between(clue.min_ms, clue.max_ms)
        case AgentClue() | AnyAgentClue() | CustomerClue() | PhoneClue() | IdClue() | MarkClue():
            return true()
        case _:
            assert_never(clue)


def _recordings(tenant: int, clue: Clue, span: _Span) -> SelectBase | None:
    """The recordings whose legs, ids or marks a clue fits; None where it says of none."""
    match clue:
        case AgentClue() | AnyAgentClue():
            each = (_of_agent(tenant, agent, span) for agent in clue.agents)
            return union_all(*(found for both in each for found in both))
        case CustomerClue():
            return _named(tenant, clue.words, span, leg_name.c.side != "agent")
        case PhoneClue():
            return _with_number(tenant, clue, span)
        case IdClue():
            return _with_id(tenant, clue, span)
        case MarkClue():
            return _marked(tenant, clue, span)
        case DirectionClue() | DurationClue():
            return None
        case _:
            assert_never(clue)


def _of_agent(tenant: int, clue: AgentClue, span: _Span) -> tuple[Select[tuple[int]], ...]:
    """By the table of agents, by what metadata calls them, and by what was corrected."""
    seated = _with_leg(tenant, span, leg.c.agent_period.in_(_seats(tenant, clue)))
    named = _named(tenant, clue.words, span, leg_name.c.side != "customer")
    return seated, named, *_put_there(tenant, clue, span)


def _put_there(tenant: int, clue: AgentClue, span: _Span) -> tuple[Select[tuple[int]], ...]:
    """Whom somebody has named by hand, and who was there before: by id, or by the table's names."""
    known = select(agent_period.c.agent_id).where(
        agent_period.c.tenant == tenant, _is_called(tenant, clue)
    )
    one_of = (leg_agent.c.agent_id == clue.text.strip(), leg_agent.c.agent_id.in_(known))
    return tuple(
        select(leg_agent.c.recording).where(
            leg_agent.c.tenant == tenant, that, span.holds(leg_agent.c.started_us)
        )
        for that in one_of
    )


def _with_leg(tenant: int, span: _Span, that: ColumnElement[bool]) -> Select[tuple[int]]:
    return select(leg.c.recording).where(leg.c.tenant == tenant, span.holds(leg.c.started_us), that)


def _with_number(tenant: int, clue: PhoneClue, span: _Span) -> Select[tuple[int]]:
    return select(leg_address.c.recording).where(
        leg_address.c.tenant == tenant, span.holds(leg_address.c.started_us), _number(clue)
    )


def _with_id(tenant: int, clue: IdClue, span: _Span) -> Select[tuple[int]]:
    return select(call_id.c.recording).where(
        call_id.c.tenant == tenant,
        call_id.c.folded == clue.folded,
        span.holds(call_id.c.started_us),
    )


def _marked(tenant: int, clue: MarkClue, span: _Span) -> Select[tuple[int]]:
    return select(mark.c.recording).where(
        mark.c.tenant == tenant,
        mark.c.kind.in_((clue.kind, *_former(clue.kind))),
        mark.c.folded == clue.folded,
        span.holds(mark.c.started_us),
    )


def _former(kind: MarkKind) -> tuple[str, ...]:
    """Marks that have been corrected are found as well."""
    return (FORMER[kind],) if kind in FORMER else ()


def _seats(tenant: int, clue: AgentClue) -> Select[tuple[int]]:
    """Rows of the table of agents: that very id, or names with every word from its beginning."""
    return select(agent_period.c.row).where(
        agent_period.c.tenant == tenant,
        or_(agent_period.c.agent_id == clue.text.strip(), _is_called(tenant, clue)),
    )


def _is_called(tenant: int, clue: AgentClue) -> ColumnElement[bool]:
    return and_(*(agent_period.c.row.in_(_seats_named(tenant, word)) for word in clue.words))


def _seats_named(tenant: int, word: str) -> Select[tuple[int]]:
    return select(agent_name.c.period).where(
        agent_name.c.tenant == tenant, _begins_with(agent_name.c.folded, word)
    )


def _named(
    tenant: int, words: tuple[str, ...], span: _Span, side: ColumnElement[bool]
) -> Select[tuple[int]]:
    """Recordings with a leg of that side whose own names hold every word."""
    first, *others = [
        and_(
            leg_name.c.tenant == tenant,
            span.holds(leg_name.c.started_us),
            _begins_with(leg_name.c.folded, word),
        )
        for word in words
    ]
    return select(leg_name.c.recording).where(
        first,
        side,
        *(leg_name.c.leg.in_(select(leg_name.c.leg).where(other)) for other in others),
    )


def _number(clue: PhoneClue) -> ColumnElement[bool]:
    number = clue.number
    if not number.suffix:
        return leg_address.c.raw == number.raw
    if len(number.suffix) == LAST_DIGITS:
        return leg_address.c.last4 == number.suffix
    ends_so = _begins_with(leg_address.c.reversed_digits, number.suffix[::-1])
    return and_(ends_so, leg_address.c.e164.in_((number.e164, ""))) if number.e164 else ends_so


def _begins_with(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """A stretch of the index: from `text` up to what `text` and the last code point make."""
    return and_(column >= text, column < text + _LAST_CODE_POINT)


def _cursor(last: FoundRecording) -> Cursor:
    return Cursor(started_us=last.started_us, recording=last.recording)
