"""The facts stored of a conversation, as far as clues ask of it.

Values alone. Knows nothing of where they are kept; what is empty or None is not known.
"""

from dataclasses import dataclass, field
from typing import Literal

from archive.call.direction import Direction
from archive.ids import ConversationId
from archive.locate.clues import Happened
from archive.locate.ranking.people import SpokenWith
from archive.locate.whole_length import whole_length_ms
from archive.locate.withheld_numbers import Withheld

State = Literal["recorded", "not_recorded", "destroyed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The beginning (UTC µs), somewhere in `within_us` from there, and the length."""

    begin_us: int
    within_us: int = 0
    length_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The outside party: names, numbers as digits from their end, why the number was withheld.

    `mentioned` are names that a source tells beside participants: perhaps the party's.
    """

    names: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    withheld: Withheld | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """By which number of ours it came (digits from the end), and to which queues."""

    lines: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """By which ids it is known, and what was written about it: notes, tags, order numbers."""

    ids: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """One recording, or a call without one; agents as they were then."""

    times: Times
    direction: Direction = "unknown"
    agents: tuple[SpokenWith, ...] = ()
    outside: Outside = field(default_factory=Outside)
    route: Route = field(default_factory=Route)
    known: Known = field(default_factory=Known)
    happened: frozenset[Happened] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationFacts:
    """All recordings of one conversation; a call that was not recorded belongs to none."""

    calls: tuple[CallFacts, ...]
    conversation: ConversationId | None = None
    state: State = "recorded"

    @property
    def begin_us(self) -> int:
        """The beginning of the first."""
        return min(each.times.begin_us for each in self.calls)

    @property
    def length_ms(self) -> int | None:
        own = [
            (each.times.begin_us, each.times.length_ms)
            for each in self.calls
            if each.times.length_ms is not None
        ]
        return whole_length_ms(own) if own else None

    @property
    def numbers(self) -> frozenset[str]:
        """Those of the outside party, from their end."""
        return frozenset(number for each in self.calls for number in each.outside.numbers)
