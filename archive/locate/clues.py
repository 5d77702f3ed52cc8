"""Clues: what somebody remembers of a call, each as a value, as likely or as certain.

Pure. Knows nothing of how a text becomes clues, nor of calls; texts as they were told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from archive.ids import ConversationId
from archive.locate.numbers import RememberedNumber
from archive.locate.stretches import Stretch
from archive.locate.when.values import Alternative

MAX_CLUES: Final = 12
MAX_TEXT: Final = 500
_MS_US: Final = 1_000
# Of no call is the beginning later.
_NO_END_US: Final = 1 << 62

Happened = Literal["transferred", "held", "called_back"]


@dataclass(frozen=True, slots=True)
class WhenClue:
    """A time; `days` and `clock`: it says anything of the day, of the time of day.

    `alternatives` are the same in days and times of a calendar, where they were read of words.
    """

    stretches: tuple[Stretch, ...]
    days: bool = True
    clock: bool = True
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class AgentClue:
    """Any of these agents, each by a name as heard or an id."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeamClue:
    """An agent of any of these teams."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExtensionClue:
    """The agent's extension."""

    number: RememberedNumber


@dataclass(frozen=True, slots=True)
class NumberClue:
    """The outside party's number, or that it was withheld."""

    number: RememberedNumber


@dataclass(frozen=True, slots=True)
class DialledClue:
    """The number of ours that was called."""

    number: RememberedNumber


@dataclass(frozen=True, slots=True)
class DirectionClue:
    """The side that called: `inbound` is that they called us."""

    direction: Literal["inbound", "outbound"]


@dataclass(frozen=True, slots=True)
class QueueClue:
    """Any of these queues."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthClue:
    """A length between the two, both in ms; `about` is the one in the middle of which."""

    min_ms: int
    max_ms: int
    about_ms: int | None = None


@dataclass(frozen=True, slots=True)
class HappenedClue:
    """Something happened to the call, or is said not to have."""

    what: Happened
    was: bool = True


@dataclass(frozen=True, slots=True)
class CustomerClue:
    """Any of these names of the outside party."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IdClue:
    """An id by which anybody knows the call."""

    text: str


@dataclass(frozen=True, slots=True)
class GistClue:
    """A topic: words of notes and tags, or an order number."""

    text: str


@dataclass(frozen=True, slots=True)
class NotClue:
    """Not this one: it has been looked at."""

    call: ConversationId


@dataclass(frozen=True, slots=True)
class BesideClue:
    """A call of the same party before or after that one."""

    call: ConversationId
    side: Literal["before", "after"]

    def stretch(self, other_us: int) -> Stretch:
        """In which a call begins, where that one began so, to the millisecond."""
        edge_us = other_us // _MS_US * _MS_US
        if self.side == "before":
            return Stretch(begin_us=0, end_us=max(edge_us - 1, 0))
        return Stretch(begin_us=edge_us, end_us=max(edge_us, _NO_END_US))


# What a clue may be said not to be, and be looked for so.
Deniable = AgentClue | TeamClue | ExtensionClue | NumberClue | QueueClue


@dataclass(frozen=True, slots=True)
class DeniedClue:
    """Said not to be that one: another agent, team, extension, number, or queue."""

    value: Deniable


Value = (
    WhenClue
    | AgentClue
    | TeamClue
    | ExtensionClue
    | NumberClue
    | DialledClue
    | DirectionClue
    | QueueClue
    | LengthClue
    | HappenedClue
    | CustomerClue
    | IdClue
    | GistClue
    | NotClue
    | BesideClue
    | DeniedClue
)
# As a flag of the command, a field of the API and of the page has them.
KINDS: Final[Mapping[str, type[Value]]] = {
    "when": WhenClue,
    "agent": AgentClue,
    "team": TeamClue,
    "extension": ExtensionClue,
    "number": NumberClue,
    "dialled": DialledClue,
    "direction": DirectionClue,
    "queue": QueueClue,
    "length": LengthClue,
    "happened": HappenedClue,
    "customer": CustomerClue,
    "id": IdClue,
    "gist": GistClue,
    "not": NotClue,
    "beside": BesideClue,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One of them; `certain` is the only thing that narrows."""

    value: Value
    certain: bool = False
    # Of a text: no word of it says that it is one, only that nothing else is.
    guessed: bool = False
    # Where in the text it was read, begin and end; of a field of its own (0, 0).
    span: tuple[int, int] = (0, 0)

    @property
    def kind(self) -> str:
        """Its name in `KINDS`; of one that is denied that of what it denies."""
        value = self.value.value if isinstance(self.value, DeniedClue) else self.value
        return next(name for name, kind in KINDS.items() if isinstance(value, kind))
