"""A client's call as it is played, and what is true of it.

Knows nothing of how it is sent, nor of what Rokuon tells of it.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from tests.support.clients.documents import Line, Person, Said, description, document, message
from tests.support.clients.voices import Voice
from tests.support.clients.wire import Act

SECONDS: Final = 5
TWO: Final = (Line("1"), Line("2"))
THREE: Final = (*TWO, Line("3"))
LABELS: Final = {"c": "1", "a": "2", "b": "3"}
_HERTZ: Final = count(0)


@dataclass(frozen=True, slots=True)
class Speech:
    """Who speaks on which m-line from one second to another."""

    who: Person
    line: int
    from_s: float = 0
    until_s: float = SECONDS
    sender: int = 0

    @property
    def voice(self) -> Voice:
        return Voice(self.line, self.who.hertz, self.from_s, self.until_s, self.sender)


@dataclass(frozen=True, slots=True)
class Stay:
    """Who is in the call from one second to another, None: to its end; `ids` are all it has."""

    who: Person
    from_s: float = 0
    until_s: float | None = None
    ids: tuple[str, ...] = ()

    @property
    def own_ids(self) -> tuple[str, ...]:
        return self.ids or (self.who.id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is so of one recording. `is_open`: nobody says who speaks where.

    `holds` are intervals in which somebody is on hold, `flags` all that it must have.
    """

    stays: Sequence[Stay]
    speech: Sequence[Speech]
    until_s: float = SECONDS
    ended: str = "bye"
    direction: str = "unknown"
    is_open: bool = False
    holds: Sequence[tuple[float, float]] = ()
    flags: frozenset[str] = frozenset()

    @property
    def ids(self) -> set[str]:
        """Of all who are in it."""
        return {each for stay in self.stays for each in stay.own_ids}


@dataclass(frozen=True, slots=True)
class Scene:
    """What is said and sounds, and what is true of each recording of it."""

    acts: Sequence[Act]
    truths: Sequence[Truth]
    more: Sequence[Speech] = ()

    @property
    def voices(self) -> list[Voice]:
        """All that sounds, also what is in no recording."""
        spoken = [each for truth in self.truths for each in truth.speech]
        return [each.voice for each in dict.fromkeys([*spoken, *self.more])]


Scenes = dict[str, Callable[[], Scene]]


def hertz() -> int:
    """A tone that no other one of the same call has, far from it and its overtones."""
    return 310 + 170 * (next(_HERTZ) % 8)


def customer(name: str = "", *, names: tuple[str, ...] = (), own_id: str = "cust") -> Person:
    """One from outside with a number of its own; its exchange begins with 0, nobody has it."""
    number = f"+8130{secrets.randbelow(10**8):08d}"
    aor = f"sip:{number}@carrier.example"
    return Person(
        id=own_id, hertz=hertz(), number=number, aor=aor, name=name, names=names or _own(name),
        side="customer",
    )  # fmt: skip


def agent(name: str = "", *, names: tuple[str, ...] = (), own_id: str = "agnt") -> Person:
    """One of ours by the domain of the source."""
    number = f"2{secrets.randbelow(10**5):05d}"
    return Person(
        id=own_id, hertz=hertz(), number=number, aor=f"sip:{number}@pbx.example", name=name,
        names=names or _own(name), side="agent",
    )  # fmt: skip


def _own(name: str) -> tuple[str, ...]:
    return (name,) if name else ()


def said(*people: tuple[Person, str], **more: object) -> Said:
    """Who is in the call and speaks on which streams."""
    return Said(people=people, labels=LABELS, **more)  # type: ignore[arg-type]


def invite(words: Said | None, lines: Sequence[Line] = TWO) -> Act:
    """The begin of a call."""
    return again(0, words, lines)


def again(at_s: float, words: Said | None, lines: Sequence[Line] = TWO) -> Act:
    """A re-INVITE with an offer."""
    metadata = document(words) if words else ""
    return Act(at_s, message("INVITE", sdp=description(lines), metadata=metadata))


def update(at_s: float, words: Said) -> Act:
    """Metadata alone, in an UPDATE."""
    return Act(at_s, message("UPDATE", metadata=document(words)))


def both(*people: Person) -> tuple[Speech, ...]:
    """Each speaks on its own m-line all the time."""
    return tuple(Speech(who, line) for line, who in enumerate(people))


def whole(*people: Person) -> tuple[Stay, ...]:
    """They are there all the time."""
    return tuple(Stay(who) for who in people)
