"""What each clue fits: conditions on a recording, or the recordings that the indexes lead to.

Knows nothing of windows, pages or reaches; each key leads with the tenant.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, assert_never

from sqlalchemy import (
    ColumnElement,
    Select,
    SelectBase,
    Table,
    and_,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from archive.access.query import (
    AgentClue,
    AnyAgentClue,
    Clue,
    Cursor,
    CustomerClue,
    DirectionClue,
    DurationClue,
    Fit,
    IdClue,
    MarkClue,
    PhoneClue,
    SearchQuery,
)  # fmt: skip
from archive.attributes import MarkKind
from archive.call.corrected import FORMER
from archive.call.events import Side
from archive.call.mentions import ToldAs
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
    leg_naming,
    mark,
    mention,
    naming_word,
    recording,
)  # fmt: skip

_LAST_CODE_POINT: Final = chr(sys.maxunicode)
# As what a name is told that may be an agent's, and a customer's.
_OURS: Final[tuple[ToldAs, ...]] = ("agent", "connected", "redirected_by")
PEOPLE: Final[tuple[ToldAs, ...]] = (
    *("caller", "called", "connected", "dialled", "redirected_by", "other"),
)
# Written out: there is an index of these alone.
_IS_UNDIRECTED: Final = recording.c.direction == literal_column("'unknown'")
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
    found = (recordings_of(tenant, clue, span, query.fit) for clue in query.clues)
    return [each for each in found if each is not None]


def is_no_more_than_guessed(tenant: int, query: SearchQuery, span: Span) -> ColumnElement[bool]:
    """Whether one of the clues of people at least fits by no side that is known."""
    if query.fit is not Fit.GUESSED:
        return true()
    known = sought(tenant, replace(query, clues=query.people, fit=Fit.KNOWN), span)
    return or_(*(recording.c.row.not_in(each) for each in known))


def is_so(clue: Clue) -> ColumnElement[bool]:
    match clue:
        case DirectionClue(direction="unknown"):
            return _IS_UNDIRECTED
        case DirectionClue(direction):
            return recording.c.direction == direction
        case DurationClue():
            return recording.c.duration_ms.between(clue.min_ms, clue.max_ms)
        case AgentClue() | AnyAgentClue() | CustomerClue() | PhoneClue() | IdClue() | MarkClue():
            return true()
        case _:
            assert_never(clue)


def recordings_of(tenant: int, clue: Clue, span: Span, fit: Fit = Fit.EITHER) -> SelectBase | None:
    """The recordings whose legs, ids or marks a clue fits; None where it says of none."""
    match clue:
        case AgentClue() | AnyAgentClue():
            each = (_of_agent(tenant, agent, span, fit) for agent in clue.agents)
            return union_all(*(found for both in each for found in both))
        case CustomerClue():
            return union_all(*_of_customer(tenant, clue, span, fit))
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


def _on_side(table: Table, side: Side, fit: Fit) -> ColumnElement[bool]:
    """Whose names these are; of a side that is not known they may be his."""
    if fit is Fit.KNOWN:
        return table.c.side == side
    return table.c.side != ("agent" if side == "customer" else "customer")


def _of_customer(
    tenant: int, clue: CustomerClue, span: Span, fit: Fit
) -> Iterator[Select[tuple[int]]]:
    yield from _named(tenant, clue.words, span, ("customer", fit))
    if fit is not Fit.KNOWN:  # who is mentioned besides may be on any side
        yield _mentioned_name(tenant, clue.words, span, PEOPLE)


def _of_agent(tenant: int, clue: AgentClue, span: Span, fit: Fit) -> tuple[Select[tuple[int]], ...]:
    """By the table of agents, by what metadata calls them, and by what was corrected."""
    seated = _with_leg(tenant, span, leg.c.agent_period.in_(_seats(tenant, clue)))
    named = _named(tenant, clue.words, span, ("agent", fit))
    told: tuple[ToldAs, ...] = ("agent",) if fit is Fit.KNOWN else _OURS
    mentioned = _mentioned_name(tenant, clue.words, span, told)
    return seated, *named, mentioned, *_put_there(tenant, clue, span)


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


def _with_number(tenant: int, clue: PhoneClue, span: Span) -> SelectBase:
    """Of a party, or told of the call; as what is asked for, where that is."""
    mentioned = select(mention.c.recording).where(
        _told_in(mention, tenant, span), has_number(mention, clue)
    )
    if clue.told_as:
        return mentioned
    of_party = select(leg_address.c.recording).where(
        leg_address.c.tenant == tenant, span.holds(leg_address.c.started_us), _number(clue)
    )
    return union_all(of_party, mentioned)


def _with_id(tenant: int, clue: IdClue, span: Span) -> SelectBase:
    known = select(call_id.c.recording).where(
        call_id.c.tenant == tenant,
        call_id.c.folded == clue.folded,
        span.holds(call_id.c.started_us),
    )
    own = clue.own
    return known if own is None else union_all(known, *_ours(tenant, own, span))


def _ours(tenant: int, own: bytes, span: Span) -> tuple[Select[tuple[int]], ...]:
    within = and_(recording.c.tenant == tenant, span.holds(recording.c.started_us))
    of_call = select(conversation.c.row).where(
        conversation.c.tenant == tenant, conversation.c.id == own
    )
    return tuple(
        select(recording.c.row).where(within, that)
        for that in (recording.c.id == own, recording.c.conversation.in_(of_call))
    )


def _marked(tenant: int, clue: MarkClue, span: Span) -> SelectBase:
    """What is said of a call, and of queues also what its source mentions."""
    said = select(mark.c.recording).where(
        mark.c.tenant == tenant,
        mark.c.kind.in_((clue.kind, *_former(clue.kind))),
        mark.c.folded == clue.folded,
        span.holds(mark.c.started_us),
    )
    if clue.kind != "queue":
        return said
    mentioned = select(mention.c.recording).where(
        mention.c.tenant == tenant,
        mention.c.kind == "queue",
        mention.c.folded == clue.folded,
        span.holds(mention.c.started_us),
    )
    return union_all(said, mentioned)


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
        agent_name.c.tenant == tenant, begins_with(agent_name.c.folded, word)
    )


def _named(
    tenant: int, words: tuple[str, ...], span: Span, whose: tuple[Side, Fit]
) -> tuple[Select[tuple[int]], ...]:
    """Recordings with a leg of that side whose own names hold every word; also those of before."""
    called = (
        leg_naming.c.naming.in_(
            select(naming_word.c.naming).where(
                naming_word.c.tenant == tenant, begins_with(naming_word.c.folded, word)
            )
        )
        for word in words
    )
    now = select(leg_naming.c.recording).where(
        leg_naming.c.tenant == tenant,
        span.holds(leg_naming.c.started_us),
        _on_side(leg_naming, *whose),
        *called,
    )
    return now, _named_before(tenant, words, span, _on_side(leg_name, *whose))


def _named_before(
    tenant: int, words: tuple[str, ...], span: Span, side: ColumnElement[bool]
) -> Select[tuple[int]]:
    first, *others = [
        and_(
            leg_name.c.tenant == tenant,
            span.holds(leg_name.c.started_us),
            begins_with(leg_name.c.folded, word),
        )
        for word in words
    ]
    return select(leg_name.c.recording).where(
        first,
        side,
        *(leg_name.c.leg.in_(select(leg_name.c.leg).where(other)) for other in others),
    )


def _mentioned_name(
    tenant: int, words: tuple[str, ...], span: Span, told_as: tuple[ToldAs, ...]
) -> Select[tuple[int]]:
    """Recordings of which the source tells a name that holds every word."""
    is_told_so = or_(*(mention.c.told_as == each for each in told_as))
    own = (mention.c.recording, mention.c.nth)
    return select(mention.c.recording).where(
        is_told_so, has_name(mention, own, words, _told_in(mention, tenant, span))
    )


def _told_in(table: Table, tenant: int, span: Span) -> ColumnElement[bool]:
    return and_(table.c.tenant == tenant, span.holds(table.c.started_us))


def has_name(
    table: Table,
    own: tuple[ColumnElement[Any], ...],
    words: tuple[str, ...],
    within: ColumnElement[bool],
) -> ColumnElement[bool]:
    """Whether a mention of this table, known by the columns of `own`, has every word of a name."""
    first, *others = [
        and_(within, table.c.kind == "name", begins_with(table.c.folded, word)) for word in words
    ]
    return and_(first, *(tuple_(*own).in_(select(*own).where(other)) for other in others))


def has_number(table: Table, clue: PhoneClue) -> ColumnElement[bool]:
    """Whether a mention of this table has a number or address, told as is asked for."""
    number = clue.number
    is_told_so = table.c.told_as == clue.told_as if clue.told_as else true()
    if not number.suffix:
        return and_(table.c.kind == "address", table.c.folded == number.raw, is_told_so)
    ends_so = begins_with(table.c.folded, number.suffix[::-1])
    is_whole = table.c.e164.in_((number.e164, "")) if number.e164 else true()
    return and_(table.c.kind == "number", ends_so, is_whole, is_told_so)


def _number(clue: PhoneClue) -> ColumnElement[bool]:
    number = clue.number
    if not number.suffix:
        return leg_address.c.raw == number.raw
    if len(number.suffix) == LAST_DIGITS:
        return leg_address.c.last4 == number.suffix
    ends_so = begins_with(leg_address.c.reversed_digits, number.suffix[::-1])
    return and_(ends_so, leg_address.c.e164.in_((number.e164, ""))) if number.e164 else ends_so


def begins_with(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """A stretch of the index: from `text` up to what `text` and the last code point make."""
    return and_(column >= text, column < text + _LAST_CODE_POINT)
