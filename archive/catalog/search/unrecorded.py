"""Calls without a recording that a search may mean: rows of the ledger by who is told of in them.

Knows the index. Knows nothing of pages, nor of who may see them.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    SelectBase,
    and_,
    func,
    select,
    tuple_,
    union_all,
)

from archive.access.query import (
    NEWEST,
    AgentClue,
    AnyAgentClue,
    CustomerClue,
    PhoneClue,
    SearchQuery,
    Window,
)
from archive.catalog.destruction.planned_recordings import is_under_way
from archive.catalog.search.clues import Span, has_name, has_number
from archive.catalog.tables.catalog import refused_call, refused_mention

# As many are counted; it stands for more.
MOST_UNRECORDED: Final = 1_000
WhoClue = AgentClue | AnyAgentClue | CustomerClue | PhoneClue


def count_unrecorded(connection: Connection, tenant: int, query: SearchQuery) -> int:
    """How many of a search's window fit its numbers and names, `MOST_UNRECORDED` at most.

    Told with the first page; 0 where neither is asked for. Nobody knows more of such a call: its
    direction, its length, its queue.
    """
    asked = [each for each in query.clues if isinstance(each, WhoClue)]
    if not asked or query.after != NEWEST:
        return 0
    began_us, window = refused_call.c.started_us, query.window
    page, serial = refused_call.c.page, refused_call.c.serial
    fitting = select(serial).where(
        refused_call.c.tenant == tenant,
        began_us >= window.start_us,
        began_us < window.end_us,
        ~is_under_way(tenant, page),
        *(tuple_(page, serial).in_(calls_of(tenant, each, window)) for each in asked),
    )
    counted = fitting.limit(MOST_UNRECORDED).subquery()
    return int(connection.scalar(select(func.count()).select_from(counted)) or 0)


def calls_of(tenant: int, clue: WhoClue, window: Window) -> SelectBase:
    """Page and serial of the calls of which this number, or one of these names, is told."""
    span = Span(window.start_us - 1, window.end_us)
    within = and_(refused_mention.c.tenant == tenant, span.holds(refused_mention.c.started_us))
    return union_all(*_told(clue, within))


def _told(clue: WhoClue, within: ColumnElement[bool]) -> Iterator[Select[tuple[bytes, int]]]:
    told = refused_mention
    own = (told.c.page, told.c.serial)
    match clue:
        case PhoneClue():
            yield select(*own).where(within, has_number(told, clue))
        case AnyAgentClue(agents):
            for agent in agents:
                yield from _told(agent, within)
        case AgentClue() | CustomerClue():
            yield select(*own).where(has_name(told, (*own, told.c.nth), clue.words, within))
