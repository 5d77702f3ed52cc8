"""What each clue fits: conditions on a recording, or the recordings that the indexes lead to.

Knows nothing of windows, pages or reaches; each key leads with the tenant.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, assert_never

from sqlalchemy import ColumnElement, Select, SelectBase, and_, or_, select, true, union_all

from archive.access.query import (
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
)  # fmt: skip
from archive.call.corrected import FORMER
from archive.call.marks import MarkKind
from archive.call.numbers import LAST_DIGITS
from archive.catalog.tables.catalog import (
    agent_name,
    agent_period,
    call_id,
    conversation,
    leg,
    leg_address,
    leg_agent,
    leg_name,
    mark,
    recording,
)  # fmt: skip

_LAST_CODE_POINT: Final = chr(sys.maxunicode)
# Each stretch of a span is so many times as long as the last one.
_LONGER: Final = 8


@dataclass(frozen=True, slots=True)
class Span:
    """The rows worth looking at: begun after one moment and before another."""

    after_us: int
    before_us: int

    def before(self, cursor: Cursor) -> "Span":
        """What of it lies behind a page that has been shown."""
        return Span(self.after_us, min(self.before_us, cursor.started_us + 1))

    def since(self, first_us: int) -> "Span":
        """What of it begins at a moment or later."""
        return replace(self, after_us=max(self.after_us, first_us - 1))

    def until(self, end_us: int, length_us: int) -> Iterator["Span"]:
        """What of it lies before a moment, newest first, in stretches that grow."""
        while end_us > self.after_us + 1:
            length_us *= _LONGER
            after_us = max(self.after_us, end_us - 1 - length_us)
            yield Span(after_us, end_us)
            end_us = after_us + 1

    def holds(self, column: ColumnElement[int]) -> ColumnElement[bool]:
        """Whether a recording that began then is in it."""
        return and_(column > self.after_us, column < self.before_us)


def sought(tenant: int, query: SearchQuery, span: Span) -> list[SelectBase]:
    """For each clue that is about legs, ids or marks: the recordings that it fits."""
    found = (_recordings(tenant, clue, span) for clue in query.clues)
    return [each for each in found if each is not None]


def is_so(clue: Clue) -> ColumnElement[bool]:
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


def _recordings(tenant: int, clue: Clue, span: Span) -> SelectBase | None:
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


def _of_agent(tenant: int, clue: AgentClue, span: Span) -> tuple[Select[tuple[int]], ...]:
    """By the table of agents, by what metadata calls them, and by what was corrected."""
    seated = _with_leg(tenant, span, leg.c.agent_period.in_(_seats(tenant, clue)))
    named = _named(tenant, clue.words, span, leg_name.c.side != "customer")
    return seated, named, *_put_there(tenant, clue, span)


def _put_there(tenant: int, clue: AgentClue, span: Span) -> tuple[Select[tuple[int]], ...]:
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


def _with_leg(tenant: int, span: Span, that: ColumnElement[bool]) -> Select[tuple[int]]:
    return select(leg.c.recording).where(leg.c.tenant == tenant, span.holds(leg.c.started_us), that)


def _with_number(tenant: int, clue: PhoneClue, span: Span) -> Select[tuple[int]]:
    return select(leg_address.c.recording).where(
        leg_address.c.tenant == tenant, span.holds(leg_address.c.started_us), _number(clue)
    )


def _with_id(tenant: int, clue: IdClue, span: Span) -> SelectBase:
    """By what others know it by, and by ours."""
    known = select(call_id.c.recording).where(
        call_id.c.tenant == tenant,
        call_id.c.folded == clue.folded,
        span.holds(call_id.c.started_us),
    )
    own = clue.own
    return known if own is None else union_all(known, *_ours(tenant, own, span))


def _ours(tenant: int, own: bytes, span: Span) -> tuple[Select[tuple[int]], ...]:
    """A recording's, and a call's."""
    within = and_(recording.c.tenant == tenant, span.holds(recording.c.started_us))
    of_call = select(conversation.c.row).where(
        conversation.c.tenant == tenant, conversation.c.id == own
    )
    return tuple(
        select(recording.c.row).where(within, that)
        for that in (recording.c.id == own, recording.c.conversation.in_(of_call))
    )


def _marked(tenant: int, clue: MarkClue, span: Span) -> Select[tuple[int]]:
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
    tenant: int, words: tuple[str, ...], span: Span, side: ColumnElement[bool]
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
