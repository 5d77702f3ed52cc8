"""What a legal hold is over, as people read it: each clue of its search with what it is called.

Pure. Knows nothing of who may see it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, assert_never

from api.words.texts import said
from api.words.time_words import length_told
from archive.access.query import (
    AgentClue,
    AnyAgentClue,
    Clue,
    CustomerClue,
    DirectionClue,
    DurationClue,
    IdClue,
    MarkClue,
    PhoneClue,
    SearchQuery,
)

_MARKS: Final = {
    "queue": said("Queue"),
    "tag": said("Tag"),
    "notice": said("Recording notice"),
}


@dataclass(frozen=True, slots=True)
class ScopeLine:
    """A clue: what it is called, and its value; `kind` has the words of the value ("" = none)."""

    label: str
    value: str
    kind: str = ""


def lines_of(query: SearchQuery) -> Iterator[ScopeLine]:
    """The clues of a search, of which all must hold."""
    for each in query.clues:
        yield _line(each)


def _line(clue: Clue) -> ScopeLine:
    match clue:
        case AgentClue() | AnyAgentClue() | CustomerClue() | PhoneClue() | IdClue():
            return _who(clue)
        case DirectionClue(direction):
            return ScopeLine(said("Direction"), direction, "direction")
        case MarkClue(kind, text):
            return ScopeLine(_MARKS.get(kind, kind), text, "notice" if kind == "notice" else "")
        case DurationClue(min_ms=least, max_ms=most):
            return ScopeLine(said("Length"), f"{length_told(least)} – {length_told(most)}")
        case _:
            assert_never(clue)


def _who(clue: AgentClue | AnyAgentClue | CustomerClue | PhoneClue | IdClue) -> ScopeLine:
    match clue:
        case AgentClue() | AnyAgentClue():
            return ScopeLine(said("Agent"), ", ".join(each.text for each in clue.agents))
        case CustomerClue(text):
            return ScopeLine(said("Customer"), text)
        case PhoneClue(number):
            return ScopeLine(said("Telephone number"), number.raw or number.e164)
        case IdClue(text):
            return ScopeLine(said("Id of the call"), text)
