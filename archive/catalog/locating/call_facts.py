"""What is stored of conversations, as far as clues ask of it: read anew when verdicts are shown.

Knows nothing of clues, nor of columns but how their rows are made.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

from archive.access.reach import Within
from archive.catalog.locating.column_rows import agents_of, line_of, numbers_of, why_withheld
from archive.catalog.locating.recording_facts import RecordingFacts, facts_of_rows
from archive.catalog.locating.source_rows import reached_rows
from archive.catalog.locating.told_names import ToldNames, told_names
from archive.catalog.register.corrections import notes_of
from archive.catalog.search.located_calls import StoredCalls
from archive.ids import RecordingId
from archive.lifecycle.tombstone import FoundTombstone
from archive.locate.answer.facts import (
    CallFacts,
    ConversationFacts,
    Known,
    Outside,
    Route,
    State,
    Times,
)
from archive.locate.clues import Happened
from archive.locate.columns.flags import HAPPENED, why_of
from archive.locate.columns.parted import told_to
from archive.locate.ranking.agent_texts import agent_of
from archive.locate.ranking.group_reach import others_reached
from archive.locate.ranking.people import People

_HOUR_US: Final = 3_600_000_000
_GONE: Final = "destroyed"


def conversation_facts(
    connection: Connection,
    tenant: int,
    stored: StoredCalls,
    people: People,
    *,
    course_within: Within | None = None,
) -> Mapping[int, ConversationFacts]:
    """By row of the conversation; of recordings within reach alone.

    What happened in them is not known unless it is wanted: others tell of it, those within a reach.
    """
    rows = sorted(stored.found)
    facts = facts_of_rows(connection, tenant, rows)
    flags: Mapping[int, int] = {}
    if course_within is not None:
        flags = _flags(connection, tenant, rows, course_within)
    notes = notes_of(connection, tenant, (stored.found[row].recording for row in rows))
    names = told_names(connection, tenant, rows)
    return {
        conversation: ConversationFacts(
            calls=tuple(
                _call(facts[row], (stored, notes, names), flags.get(row), people) for row in own
            ),
            conversation=stored.found[own[0]].conversation,
            state=_state(stored, own),
        )
        for conversation, own in stored.conversations.items()
    }


def unrecorded_facts(begin_us: int, number: bytes, flags: int) -> ConversationFacts:
    """Of a call that was not recorded, as far as a ranking knows it."""
    numbers = (number.decode(),) if number else ()
    call = CallFacts(
        times=Times(begin_us=begin_us),
        outside=Outside(numbers=numbers, withheld=why_of(flags)),
    )
    return ConversationFacts(calls=(call,), state="not_recorded")


def destroyed_facts(left: FoundTombstone) -> ConversationFacts:
    """Of a destroyed recording its hour, and its queues."""
    remains = left.remains
    call = CallFacts(
        times=Times(begin_us=remains.hour_us or 0, within_us=_HOUR_US),
        route=Route(queues=tuple(remains.facts.queues)),
    )
    return ConversationFacts(calls=(call,), state="destroyed")


def _state(stored: StoredCalls, rows: Sequence[int]) -> State:
    gone = all(stored.found[row].state == _GONE for row in rows)
    return "destroyed" if gone else "recorded"


def _call(
    one: RecordingFacts,
    told: tuple[StoredCalls, Mapping[RecordingId, Sequence[str]], ToldNames],
    flags: int | None,
    people: People,
) -> CallFacts:
    stored, notes, names = told
    found = stored.found[one.own.row]
    agents = (agent_of(text, people) for text in agents_of(one))
    return CallFacts(
        times=Times(begin_us=found.started_us, length_ms=found.duration_ms),
        direction=found.direction,
        agents=tuple(each for each in agents if each is not None),
        outside=_outside(one, names),
        route=Route(lines=_some(line_of(one)), queues=_queues(one)),
        known=Known(
            ids=(str(found.recording), str(found.conversation), *stored.ids.get(one.own.row, ())),
            texts=(*stored.tags.get(one.own.row, ()), *notes.get(found.recording, ())),
        ),
        happened=None if flags is None else frozenset(_happened(flags)),
    )


def _flags(
    connection: Connection, tenant: int, rows: Sequence[int], allowed: Within
) -> Mapping[int, int]:
    """As columns have them for who sees so much."""
    source = reached_rows(connection, tenant, rows).source
    made, reached = source.rows, others_reached(source.groups, allowed)
    values = (made["flags"], made["duration_ms"])
    flags, _ = told_to(made["recording"], values, source.parted, reached)
    return dict(zip(made["recording"].tolist(), flags.tolist(), strict=True))


def _happened(flags: int) -> Iterator[Happened]:
    return (what for what, bit in HAPPENED.items() if flags & bit)


def _outside(one: RecordingFacts, told: ToldNames) -> Outside:
    stays = [stay for stay in one.stays if stay.may_be_outside and stay.name]
    names = (name for stay in stays for name in (stay.name, *told.of_leg.get(stay.row, ())))
    return Outside(
        names=tuple(dict.fromkeys(names)),
        mentioned=tuple(dict.fromkeys(told.mentioned.get(one.own.row, ()))),
        numbers=numbers_of(one),
        withheld=why_withheld(one),
    )


def _queues(one: RecordingFacts) -> tuple[str, ...]:
    return tuple(value for kind, value in one.marks if kind == "queue")


def _some(text: str) -> tuple[str, ...]:
    return (text,) if text else ()
