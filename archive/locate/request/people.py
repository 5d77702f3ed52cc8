"""Agents and customers in a text: "田中か中田", "a Ms Smith or Smythe", "お客様は森下".

Pure. Which of two a name is, is told by what stands beside it, else by whether the site knows it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from archive.folded_names import fold
from archive.locate.clues import AgentClue, CustomerClue
from archive.locate.request.either_names import find_either
from archive.locate.request.found import TAKEN, Found, without
from archive.locate.request.known_names import KnownNames
from archive.locate.request.name_words import NAME_JA, WORD_EN, is_nobody, trimmed, with_capitals
from archive.locate.request.negation import denied_span
from archive.locate.request.people_cues import CUES, INTRODUCED, MORE
from archive.locate.traced_text import Span
from archive.locate.who.morae import is_kana
from archive.locate.who.titles import TITLE_JA, untitled

MAX_NAMES: Final = 6
_WORD: Final = re.compile(rf"(?P<name>{NAME_JA}|{WORD_EN}(?:\s+(?-i:[A-Z])[a-z]+)?)(?:{TITLE_JA})?")
_OF_CUSTOMER: Final = re.compile(
    r"(?:お?客(?:様|さん)?|顧客|本人|契約者|名義(?:人)?|氏名|私)(?:の?お?名前|名)?\s*[はがの:]?\s*[「『]?$"
)
# Customers and agents do so; whom the site knows is an agent.
_GAVE_NAME: Final = re.compile(r"(?:と|って)(?:名乗|名のり)")
_JAPANESE: Final = re.compile(r"[ぁ-ゖァ-ヺー一-鿿々]")
_WORD_BEFORE: Final = re.compile(r"[ぁ-ゖァ-ヺー一-鿿々A-Za-z0-9]")
_FIRST: Final = re.compile(r"[A-Za-zÀ-ÿ'’-]+|.+", re.DOTALL)
# Between kana か may be of a name: たなか, たかはし.
_BETWEEN: Final = re.compile(
    r"[,、;；/・]|または|又は|もしくは|若しくは|あるいは|それとも|\s+か\s*|(?<=さん)か"
    r"|(?<=さま)か|(?<=くん)か"
    r"|(?<![ぁ-ゖ])か(?![ぁ-ゖ])|\s+or\s+(?:maybe\s+|perhaps\s+)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    span: Span
    customer: bool
    denied: bool = False


def find_people(text: str, known: KnownNames) -> Iterator[Found]:
    """The agents and the customers of a text: of each all names, any of which it may be."""
    written = with_capitals(text)
    pairs = list(_pairs(written, known))
    rest = without(written, tuple(each.span for each in pairs))
    people = sorted((*pairs, *_people(rest, known)), key=lambda each: each.span)
    for customer, value in ((False, AgentClue), (True, CustomerClue)):
        for denied in (False, True):
            some = [e for e in people if e.customer is customer and e.denied is denied][:MAX_NAMES]
            if some:
                told = (each.name if written == text else each.name.lower() for each in some)
                names = tuple(dict.fromkeys(told))
                spans = tuple(each.span for each in some)
                yield Found(value=value(names), spans=spans, denied=denied)


def read_names(text: str) -> tuple[str, ...]:
    """The names of a field for names: with a comma or "or" between them."""
    parts = _BETWEEN.split(text)
    return tuple(dict.fromkeys(name for each in parts if (name := untitled(each))))[:MAX_NAMES]


def _pairs(text: str, known: KnownNames) -> Iterator[_Person]:
    for each in find_either(text, known):
        customer = _OF_CUSTOMER.search(text[: each.span[0]]) is not None
        end = each.span[1]
        one = _Person(each.names[0], each.span, customer)
        yield from _as_said([one, _Person(each.names[1], (end, end), customer)], text)


def _people(text: str, known: KnownNames) -> Iterator[_Person]:
    """Each beside what was read before it."""
    for pattern, customer in CUES:
        for match in pattern.finditer(text):
            some = _told(text, match, known, customer=customer, told=True)
            yield from some
            text = without(text, tuple(each.span for each in some))
    for pattern in INTRODUCED:
        for match in pattern.finditer(text):
            some = _told(text, match, known, customer=True, told=False)
            yield from some
            text = without(text, tuple(each.span for each in some))
    yield from _bare_names(text, known)


def _told(
    text: str, match: re.Match[str], known: KnownNames, *, customer: bool, told: bool
) -> list[_Person]:
    some = list(_with_others(text, match, known, customer=customer, told=told))
    return _as_said(some, text)


def _as_said(some: list[_Person], text: str) -> list[_Person]:
    """Those that are told together, or are denied together: not Tanaka or Nakata."""
    if not some:
        return some
    span = (some[0].span[0], some[-1].span[1])
    # A cue may stand before what denies: the customer is not Tanaka.
    begin = max(text.find(some[0].name, *some[0].span), span[0])
    whole = denied_span(text, (begin, span[1]), AgentClue(()))
    if whole is None:
        return some
    whole = (min(whole[0], span[0]), whole[1])
    told = [replace(each, denied=True) for each in some]
    told[0] = replace(told[0], span=(whole[0], told[0].span[1]))
    told[-1] = replace(told[-1], span=(told[-1].span[0], whole[1]))
    return told


def _bare_names(text: str, known: KnownNames) -> Iterator[_Person]:
    """Names of which nothing tells but that they are known to be some."""
    match = _WORD.search(text)
    while match is not None:
        found = _told(text, match, known, customer=False, told=False)
        yield from found
        # Of two words that are no name the second may be one: where Reed.
        first = _FIRST.match(text, match.start(), match.end())
        behind = match.end() if first is None else first.end()
        match = _WORD.search(text, found[-1].span[1] if found else behind)


def _with_others(
    text: str, match: re.Match[str], known: KnownNames, *, customer: bool, told: bool
) -> Iterator[_Person]:
    """The person that a pattern found, and those that follow by "or"."""
    if TAKEN in text[slice(*match.span())]:
        return
    begin = match.start("name")
    if not told and is_kana(fold(match["name"])) and _JAPANESE.match(text, begin - 1, begin):
        return
    at = match.end()
    name = _before_particle(match["name"], known)
    span = (match.start(), match.start("name") + len(name))
    if name:
        at = span[1]
    else:
        name = _name(match, known, told=told)
        span = _span(match, name)
    if not name:
        return
    if _GAVE_NAME.search(match[0]) and known.is_agent(name):
        customer = False
    yield _Person(name, span, customer)
    while more := next((each for pattern in MORE if (each := pattern.match(text, at))), None):
        other = _name(more, known, told="/" not in more[0])
        if not other:
            return
        yield _Person(other, more.span(), customer)
        at = more.end()


def _before_particle(run: str, known: KnownNames) -> str:
    """The known name in kana before a particle in one run: ひよしか is ひよし; "" of others."""
    if not is_kana(fold(run)) or known.is_person(run):
        return ""
    heads = (run[:at] for at in range(len(run) - 1, 1, -1) if run[at] in "かとがはもでにのじ")
    return next((each for each in heads if known.is_person(each)), "")


def _name(match: re.Match[str], known: KnownNames, *, told: bool) -> str:
    """The name that was found; "" where it is no name."""
    kana = not told and is_kana(fold(match["name"]))
    titled = re.search(rf"{TITLE_JA}$", match[0]) is not None
    begin = match.start("name")
    begins = titled and not _WORD_BEFORE.match(match.string, begin - 1, begin)
    name = match["name"] if kana else trimmed(match["name"], known, begins=begins)
    if name[:1].islower() and name.partition(" ")[2][:1].isupper():
        name = name.partition(" ")[2]  # got Nakata
    if is_nobody(name):
        return ""
    if told and _may_be_a_name(name) and (titled or not is_kana(fold(name))):
        return name
    return name if known.is_person(name) or _all_known(name, known) else ""


def _all_known(name: str, known: KnownNames) -> bool:
    words = name.split()
    return len(words) > 1 and any(known.is_person(each) for each in words)


def _may_be_a_name(name: str) -> bool:
    """In Latin letters one is written with a capital, or it is known."""
    return not name.isascii() or name[:1].isupper()


def _span(match: re.Match[str], name: str) -> Span:
    """The stretch that was read: without what stands before the name in one run with it."""
    begin, end = match.span("name")
    cut = end - begin - len(name)
    return (begin + cut, match.end()) if cut and match.start() == begin else match.span()
