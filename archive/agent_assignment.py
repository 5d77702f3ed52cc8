"""Who sat at an extension for a stretch of time, said afterwards: a table of agents with it.

Pure. Knows nothing of calls or of the catalog.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from archive.agent_table import ALWAYS_US, FOREVER_US, AgentPeriod
from archive.flaws import Flaw, PartRefused

# As long as a correction's reason.
MAX_REASON_CHARS: Final = 500


class AssignmentRefused(PartRefused):
    """What was said cannot be of this table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """This agent sat at the extension from one moment until just before another, and why so."""

    agent_id: str
    extension: str
    from_us: int
    until_us: int
    reason: str


def with_assigned(table: Iterable[AgentPeriod], said: Assignment) -> tuple[AgentPeriod, ...]:
    """The table in which the stretch is his; raises `AssignmentRefused`.

    What others had of the stretch is cut out; what they had before and behind it stays theirs. His
    names and his team are those that the table has of him then, else the nearest before, else his
    first.
    """
    _require_sound(said)
    periods = tuple(table)
    own = sorted(
        (each for each in periods if each.agent_id == said.agent_id),
        key=lambda each: each.valid_from_us,
    )
    if not own:
        raise AssignmentRefused("agent_id", Flaw.NO_AGENT)
    before = [each for each in own if each.valid_from_us <= said.from_us]
    new = replace(
        (before or own[:1])[-1],
        extension=said.extension,
        valid_from_us=said.from_us,
        valid_to_us=said.until_us,
    )
    others = (piece for each in periods for piece in _without(each, said))
    return (*others, new)


def _without(period: AgentPeriod, said: Assignment) -> Iterator[AgentPeriod]:
    begin_us, end_us = period.valid_from_us, period.valid_to_us
    is_apart = end_us <= said.from_us or said.until_us <= begin_us
    if period.extension != said.extension or is_apart:
        yield period
        return
    if begin_us < said.from_us:
        yield replace(period, valid_to_us=said.from_us)
    if said.until_us < end_us:
        yield replace(period, valid_from_us=said.until_us)


def _require_sound(said: Assignment) -> None:
    texts = (("agent_id", said.agent_id), ("extension", said.extension), ("reason", said.reason))
    for field, text in texts:
        if not text.strip():
            raise AssignmentRefused(field, Flaw.EMPTY)
        if len(text) > MAX_REASON_CHARS:
            raise AssignmentRefused(field, Flaw.LENGTH, most=MAX_REASON_CHARS)
        if not text.isprintable():
            raise AssignmentRefused(field, Flaw.CONTROLS)
        if text != text.strip():
            raise AssignmentRefused(field, Flaw.BLANKS)
    if not ALWAYS_US <= said.from_us < said.until_us <= FOREVER_US:
        raise AssignmentRefused("to", Flaw.ENDS_FIRST)
