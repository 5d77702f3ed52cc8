"""Clues in words: as the journal keeps one, as it is read there, and as that of a legal hold.

Pure. Knows nothing of who may see it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from api.words.attribute_words import CLUES
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
from archive.call.numbers import LAST_DIGITS

# The first word of what was looked for, or of a part of a reach.
LEADING: Final[Mapping[str, str]] = {
    "agent": said("agent"),
    "customer": said("customer"),
    "number": said("number"),
    "numbers": said("numbers"),
    "direction": said("direction"),
    **{kind: words.leading for kind, words in CLUES.items()},
    "team": said("team"),
    "controller": said("controller"),
    "notice": said("recording notice"),
    "id": said("id"),
    "duration": said("length"),
    "when": said("when"),
    "extension": said("extension"),
    "dialled": said("number dialled"),
    "length": said("length"),
    "happened": said("what happened"),
    "gist": said("what it was about"),
    "not": said("not the call"),
    "before": said("before the call"),
    "after": said("after the call"),
}
# Those whose value has words of its own.
WORDED: Final = ("direction", "notice", "number", "happened")
_MARKS: Final[Mapping[str, str]] = {
    **{kind: words.label for kind, words in CLUES.items()},
    "notice": said("Recording notice"),
}


@dataclass(frozen=True, slots=True)
class ScopeLine:
    """A clue: what it is called, and its value; `kind` has the words of the value ("" = none)."""

    label: str
    value: str
    kind: str = ""


def journalled(clue: Clue) -> str:
    """What the journal keeps of a clue: of a number four digits, of a customer one letter."""
    match clue:
        case AgentClue() | AnyAgentClue() | CustomerClue() | PhoneClue():
            return _journalled_party(clue)
        case DirectionClue(direction):
            return f"direction {direction}"
        case IdClue(text):
            return f"id {shortened_id(text)}"
        case MarkClue(kind, text):
            return f"{kind} {text}"
        case DurationClue(min_ms=low, max_ms=high):
            return f"duration {low}–{high} ms"
        case _:
            assert_never(clue)


def shortened_id(text: str) -> str:
    """The end of an id, as the journal keeps it."""
    return f"…{text.strip()[-LAST_DIGITS:]}"


def _journalled_party(clue: AgentClue | AnyAgentClue | CustomerClue | PhoneClue) -> str:
    match clue:
        case CustomerClue(text):
            return f"customer {text[:1]}…"
        case PhoneClue(number, told_as):
            return f"number …{number.suffix[-LAST_DIGITS:]} {told_as}".strip()
        case AgentClue() | AnyAgentClue():
            return f"agent {' or '.join(agent.text for agent in clue.agents)}"


def lines_of(query: SearchQuery) -> Iterator[ScopeLine]:
    """The clues of a search, of which all must hold."""
    for each in query.clues:
        yield _line(each)
        if isinstance(each, PhoneClue) and each.told_as:
            yield ScopeLine(said("The number was told as"), each.told_as, "told_as")


def _line(clue: Clue) -> ScopeLine:
    match clue:
        case AgentClue() | AnyAgentClue() | CustomerClue() | PhoneClue() | IdClue():
            return _who(clue)
        case DirectionClue(direction):
            return ScopeLine(said("Direction"), direction, "direction")
        case MarkClue(kind, text):
            return ScopeLine(_MARKS.get(kind, kind), text, kind if kind in WORDED else "")
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
