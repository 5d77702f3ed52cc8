"""One clue of a field of its own: what a person types where only that is asked.

Pure. Knows nothing of forms; a value that says nothing of its kind is none.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, get_args

from archive.locate.clues import (
    AgentClue,
    CustomerClue,
    DialledClue,
    DirectionClue,
    ExtensionClue,
    GistClue,
    Happened,
    HappenedClue,
    IdClue,
    LengthClue,
    NumberClue,
    QueueClue,
    TeamClue,
    Value,
)
from archive.locate.numbers import Form, RememberedNumber, read_remembered
from archive.locate.request.directions import Direction, find_directions
from archive.locate.request.either_names import both_names
from archive.locate.request.found import Found
from archive.locate.request.happenings import find_happenings
from archive.locate.request.known_names import KnownNames
from archive.locate.request.lengths import LONG_MS, MAX_MS, NOT_LONG_MS, SHORT_MS, find_lengths
from archive.locate.request.lines import first_digits
from archive.locate.request.negation import as_denied
from archive.locate.request.people import read_names
from archive.locate.request.topics import bare_topic
from archive.locate.traced_text import TracedText


def read_field(kind: str, text: str, *, country: str, known: KnownNames) -> Value | None:
    """The clue of a kind that a text says, None where it says none; time is read elsewhere."""
    plain = TracedText.of(text).text.strip()
    if not plain:
        return None
    bare = _NOT.sub("", plain) if kind in _DENIABLE else plain
    if kind in _NUMBERS:
        value = _NUMBERS[kind](read_remembered(bare, country), country)
    else:
        value = _READERS[kind](bare, known)
    return value if value is None or bare == plain else as_denied(value)


_DENIABLE: Final = frozenset({"agent", "team", "extension", "number", "queue"})
# In a field of its own: "not Tanaka", 田中以外.
_NOT: Final = re.compile(
    r"^(?:not|any(?:one|body|thing) but|other than|except(?: for)?)\s+"
    r"|\s?(?:以外|(?:で|じゃ)は?な(?:い|かった))$",
    re.IGNORECASE,
)


def _number(number: RememberedNumber, _country: str) -> Value | None:
    return None if number.form is Form.NONE else NumberClue(number)


def _dialled(number: RememberedNumber, country: str) -> Value | None:
    return None if number.form is Form.NONE else DialledClue(first_digits(number, country))


def _extension(number: RememberedNumber, _country: str) -> Value | None:
    if not number.digits:
        return None
    others = () if number.form is Form.FIRST else number.others
    own = RememberedNumber(form=Form.EXTENSION, digits=number.digits, others=others)
    return ExtensionClue(own)


_NUMBERS: Final[Mapping[str, Callable[[RememberedNumber, str], Value | None]]] = {
    "number": _number,
    "dialled": _dialled,
    "extension": _extension,
}


def _agents(text: str, known: KnownNames) -> Value | None:
    names = _people(text, known)
    return AgentClue(names) if names else None


def _customers(text: str, known: KnownNames) -> Value | None:
    names = _people(text, known)
    return CustomerClue(names) if names else None


def _people(text: str, known: KnownNames) -> tuple[str, ...]:
    return tuple(each for name in read_names(text) for each in both_names(name, known))


def _teams(text: str, known: KnownNames) -> Value | None:
    names = _own(read_names(text), known.team)
    return TeamClue(names) if names else None


def _queues(text: str, known: KnownNames) -> Value | None:
    names = _own(read_names(text), known.queue)
    return QueueClue(names) if names else None


def _own(names: Iterable[str], meant: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    """As they are called here; what nothing here is called stays as it is."""
    return tuple(dict.fromkeys(own for each in names for own in meant(each) or (each,)))


def _first(found: Iterable[Found]) -> Value | None:
    return next((each.value for each in found), None)


def _direction(text: str, _known: KnownNames) -> Value | None:
    said = next((each for each in get_args(Direction) if each == text.lower()), None)
    return _first(find_directions(text)) if said is None else DirectionClue(said)


def _happened(text: str, _known: KnownNames) -> Value | None:
    said = next((each for each in get_args(Happened) if each == text.lower()), None)
    return _first(find_happenings(text)) if said is None else HappenedClue(said)


# Where nothing but a length is asked for the word alone says it.
_LENGTHS: Final = (
    (
        re.compile(r"長く(?:は|も)?な|\bnot\s+(?:\w+\s+){0,2}long\b", re.IGNORECASE),
        LengthClue(min_ms=0, max_ms=NOT_LONG_MS),
    ),
    (
        re.compile(r"短(?!くな)|一瞬|(?<!not )\b(?:short|brief|quick)", re.IGNORECASE),
        LengthClue(min_ms=0, max_ms=SHORT_MS),
    ),
    (
        re.compile(r"長|\b(?:long|lengthy|ages|forever|endless)", re.IGNORECASE),
        LengthClue(min_ms=LONG_MS, max_ms=MAX_MS),
    ),
)


def _length(text: str, _known: KnownNames) -> Value | None:
    said = _first(find_lengths(text))
    return said or next((value for word, value in _LENGTHS if word.search(text)), None)


_READERS: Final[Mapping[str, Callable[[str, KnownNames], Value | None]]] = {
    "agent": _agents,
    "customer": _customers,
    "team": _teams,
    "queue": _queues,
    "direction": _direction,
    "happened": _happened,
    "length": _length,
    "id": lambda text, _known: IdClue(text),
    "gist": lambda text, _known: GistClue(bare_topic(text)),
}
