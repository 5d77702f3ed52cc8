"""Numbers and names that a document tells of a call in elements that RFC 7865 does not have.

Pure: one rule over the words of an element's name (docs/siprec.md, What is told beside). Knows
nothing of vendors, sessions or headers.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from archive.call.mentions import (
    MAX_ADDRESS_CHARS,
    MAX_KEY_CHARS,
    MAX_MENTIONS,
    MAX_NAME_CHARS,
    Mention,
    ToldAs,
)
from archive.call.numbers import number_digits
from capture.errors import PeerBrokeProtocol
from capture.metadata.xml_elements import Element
from capture.raw_text import text_of
from capture.sip.address import parse_address


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# Names that say nothing of what they hold; what stands around them does.
_GENERIC: Final = _words(
    "number digits address uri value name text display id party header param item entry field data"
)
_LABELS: Final = ("label", "name", "key")
_AROUND: Final = 2
# Times, ids and secrets: nobody's number, whatever else the name says.
_NOBODYS: Final = _words(
    "guid uuid ucid gcid icid key passwd pwd pin cookie auth authorization time date start stop"
    " duration port ip mac device version index count codec ssrc type reason cause"
)
_NEVER_IN: Final = ("password", "secret", "token", "credential", "useragent")


class _Row(NamedTuple):
    """Beginnings of words that may stand anywhere in a key, and words that must stand alone."""

    told_as: ToldAs
    stems: tuple[str, ...]
    words: frozenset[str]


def _row(told_as: ToldAs, stems: str, words: str = "") -> _Row:
    return _Row(told_as, tuple(stems.split()), _words(words))


# The first that fits says as what a value is told.
_ROWS: Final = (
    _row("redirected_by", "redirect divert diversion forward transferr referred"),
    _row("dialled", "dialled dialed originalcalled origcalled firstcalled", "dnis ddi did"),
    _row(
        "queue",
        "queue workgroup callcent splitgroup",
        "acd hunt vdn skill pilot huntgroup",
    ),
    _row("connected", "connected answering answeredby"),
    _row("agent", "agent operator username recordedparty", "user userid login"),
    _row("caller", "calling caller fromhdr originat initiator", "from ani cli"),
    _row("called", "called callee tohdr destinat terminat", "to"),
)
_TEXTS: Final = frozenset({"queue", "agent"})
_NAMING: Final = frozenset({"name", "display"})
_NO_TEXTS: Final = _words("true false yes no unknown anonymous unavailable restricted")
_MAX_TEXT_CHARS: Final = 64
_HEX: Final = re.compile(r"[0-9a-fA-F-]{16,}")
_SCHEME: Final = re.compile(r"(?:sips?|tel):\S", re.IGNORECASE)
_AT_HOST: Final = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")
_NO_NUMBER: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|\d{4}-\d\d-\d\d.*")
_NUMBER_DIGITS: Final = range(3, 21)


def mentions_in(elements: Iterable[Element]) -> tuple[Mention, ...]:
    """What the extensions of a call tell, each once."""
    found = (
        mention_of(names, text) for outermost in elements for names, text in _leaves(outermost, ())
    )
    return distinct(each for each in found if each is not None)


def distinct(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Each once, wherever it stood; at most `MAX_MENTIONS`."""
    found: dict[tuple[str, str, str], Mention] = {}
    for each in mentions:
        found.setdefault((each.told_as, each.address, each.name), each)
        if len(found) == MAX_MENTIONS:
            break
    return tuple(found.values())


def mention_of(names: Sequence[str], text: str) -> Mention | None:
    """What a value is told as under these names, the nearest first; None where it is nobody's."""
    told_as = _told_as(names)
    if not text or told_as is None:
        return None
    address, name = _value(text)
    if address and (told_as or _SCHEME.match(address)):
        return _mention(told_as or "other", names, address, name)
    is_named = told_as in _TEXTS or not _NAMING.isdisjoint(_words_of(names))
    if told_as and is_named and _is_text(name):
        return _mention(told_as, names, "", name)
    return None


def _mention(told_as: ToldAs, names: Sequence[str], address: str, name: str) -> Mention:
    return Mention(
        told_as=told_as,
        address=address[:MAX_ADDRESS_CHARS],
        name=name[:MAX_NAME_CHARS],
        key=".".join(reversed(names))[:MAX_KEY_CHARS],
    )


def _leaves(element: Element, around: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The names and value of every attribute, and of every element without others in it."""
    label = element.attribute(*_LABELS) if _is_generic(element.name) else ""
    within = (element.name, *around)
    for written, text in element.attributes.items():
        name = written.rpartition(":")[2]
        if written.partition(":")[0] != "xmlns" and not (label and name in _LABELS):
            yield _key(name, label, within), text.strip()
    children = tuple(element.children)
    if not children:
        yield _key(element.name, label, around), element.text
    for child in children:
        yield from _leaves(child, within)


def _key(name: str, label: str, around: tuple[str, ...]) -> tuple[str, ...]:
    """A name, and what is around it where it says nothing; the nearest first."""
    if not _is_generic(name):
        return (name,)
    return (name, *([label] if label else ()), *around[:_AROUND])


def _is_generic(name: str) -> bool:
    return name.lower() in _GENERIC


def _words_of(names: Iterable[str]) -> list[str]:
    return [word.lower() for name in names for word in _WORD.findall(name)]


def _told_as(names: Iterable[str]) -> ToldAs | Literal[""] | None:
    """As what the nearest of these names that says it tells a value; "" where none does.

    None where that says that it is nobody's, as one does that is longer than a key: each element
    within it would have its words read again.
    """
    for name in names:
        if len(name) > MAX_KEY_CHARS:
            return None
        words = _words_of([name])
        joined = "".join(words)
        if not _NOBODYS.isdisjoint(words) or any(each in joined for each in _NEVER_IN):
            return None
        for row in _ROWS:
            if any(stem in joined for stem in row.stems) or not row.words.isdisjoint(words):
                return row.told_as
    return ""


def _value(text: str) -> tuple[str, str]:
    """The address or number of a value, "" where it has none, and its text beside that."""
    if "<" in text:
        try:
            named = parse_address(text.encode())
        except PeerBrokeProtocol:
            return "", text
        return text_of(named.uri), text_of(named.display)
    if _SCHEME.match(text) or _AT_HOST.fullmatch(text) or is_number(text):
        return text, ""
    return "", text


def is_number(text: str) -> bool:
    """Is a value a telephone number, by its digits alone?"""
    return len(number_digits(text)) in _NUMBER_DIGITS and not _NO_NUMBER.fullmatch(text)


def _is_text(text: str) -> bool:
    return (
        0 < len(text) <= _MAX_TEXT_CHARS
        and text.lower() not in _NO_TEXTS
        and not _HEX.fullmatch(text)
    )
