"""Agents and customers in a text: "田中か中田", "a Ms Smith or Smythe", "お客様は森下".

Pure. Which of two a name is, is told by what stands beside it, else by whether the site knows it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from archive.folded_names import fold
from archive.locate.clues import AgentClue, CustomerClue
from archive.locate.request.cue_words import LOOSE
from archive.locate.request.either_names import find_either
from archive.locate.request.found import TAKEN, Found, without
from archive.locate.request.known_names import KnownNames
from archive.locate.request.name_shapes import (
    are_alike,
    is_hiragana,
    is_like_kana_name,
    is_like_name,
)
from archive.locate.request.name_words import NAME_JA, WORD_EN, is_nobody, trimmed, with_capitals
from archive.locate.request.negation import denied_span
from archive.locate.request.people_cues import BEFORE, CUES, INTRODUCED, MORE, PAIR
from archive.locate.traced_text import Span
from archive.locate.who.morae import is_kana
from archive.locate.who.titles import TITLE_JA, untitled

MAX_NAMES: Final = 6
_WORD: Final = re.compile(rf"(?P<name>{NAME_JA}|{WORD_EN}(?:\s+(?-i:[A-Z])[a-z]+)?)(?:{TITLE_JA})?")
_OF_CUSTOMER: Final = re.compile(
    r"(?:お?客(?:様|さん)?|顧客|本人|契約者|名義(?:人)?|氏名|私)(?:の?お?名前"
    r"|名)?\s*[はがの:]?\s*[「『]?$"
)
# Customers and agents do so; whom the site knows is an agent.
_GAVE_NAME: Final = re.compile(
    r"(?:と|って)(?:名乗|名のり)|\bfrom\s|(?:から|より)の?(?:入電|着信|受電|お?電話)"
)
_CALLED: Final = re.compile(r"\s+(?:called|rang|phoned|telephoned)\b")
# Far more than a name and "or" have.
_NEAR: Final = 60
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


# How much speaks for a name: a word beside it, one that stands beside others too, none.
_Said = Literal["sure", "maybe", "bare"]


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
    for cue in CUES:
        for match in cue.pattern.finditer(text):
            said: _Said = "sure" if cue.sure else "maybe"
            some = _told(text, match, known, customer=cue.customer, said=said)
            yield from some
            text = without(text, tuple(each.span for each in some))
    for pattern in INTRODUCED:
        for match in pattern.finditer(text):
            some = _told(text, match, known, customer=True, said="bare")
            yield from some
            text = without(text, tuple(each.span for each in some))
    for match in PAIR.finditer(text):
        one, other = match["name"], match["other"]
        if are_alike(one, other) and all(is_like_name(each, known) for each in (one, other)):
            some = _told(text, match, known, customer=False, said="maybe")
            yield from some
            text = without(text, tuple(each.span for each in some))
    yield from _bare_names(text, known)


def _told(
    text: str, match: re.Match[str], known: KnownNames, *, customer: bool, said: _Said
) -> list[_Person]:
    some = list(_with_others(text, match, known, customer=customer, said=said))
    return _as_said([*_before(text, some, known), *some], text)


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
        found = _told(text, match, known, customer=False, said="bare")
        yield from found
        # Of two words that are no name the second may be one: where Reed.
        first = _FIRST.match(text, match.start(), match.end())
        behind = match.end() if first is None else first.end()
        text = without(text, tuple(each.span for each in found))
        match = _WORD.search(text, found[-1].span[1] if found else behind)


def _before(text: str, some: list[_Person], known: KnownNames) -> list[_Person]:
    """Those before the first of them that follow one another by "or"."""
    told: list[_Person] = []
    while some:
        first = [*told, *some][0]
        begin = text.find(first.name, *first.span)
        match = (
            BEFORE.search(text[max(begin - _NEAR, 0) : begin]) if begin == first.span[0] else None
        )
        if match is None:
            return told
        start = max(begin - _NEAR, 0) + match.start("name")
        name = match["name"].rpartition(" ")[2]
        alike = are_alike(name, first.name)
        if is_kana(fold(name)):
            alike = alike and is_like_kana_name(fold(name)) and _stands_alone(text, start)
        name = name if alike else trimmed(name, known)
        start += len(match["name"]) - len(name)
        if is_nobody(name) or not (alike or is_like_name(name, known)):
            return told
        told.insert(0, _Person(name, (start, begin), first.customer))
    return told


def _stands_alone(text: str, begin: int) -> bool:
    return _WORD_BEFORE.match(text, begin - 1, begin) is None


def _with_others(
    text: str, match: re.Match[str], known: KnownNames, *, customer: bool, said: _Said
) -> Iterator[_Person]:
    """The person that a pattern found, and those that follow by "or"."""
    if TAKEN in text[slice(*match.span())]:
        return
    begin = match.start("name")
    if said == "bare" and is_kana(fold(match["name"])) and _JAPANESE.match(text, begin - 1, begin):
        return
    at = match.end()
    name = _before_particle(match["name"], known)
    span = (match.start(), match.start("name") + len(name))
    if name:
        at = span[1]
    else:
        name = _name(match, known, said=said)
        span = _span(match, name)
    if not name:
        return
    if _tells_own_name(text, match) and known.is_agent(name):
        customer = False
    yield _Person(name, span, customer)
    # What follows a name may stand before a word that tells of both: "Kurata or Murata took it".
    at = match.end("name") if any(each.match(text, match.end("name")) for each in MORE) else at
    while more := next((each for pattern in MORE if (each := pattern.match(text, at))), None):
        loose = any(each in more[0] for each in LOOSE)
        other = _name(more, known, said="maybe" if loose else "sure")
        if not other:
            return
        yield _Person(other, more.span(), customer)
        at = more.end()


def _tells_own_name(text: str, match: re.Match[str]) -> bool:
    """What a customer does and an agent may: "Tom called", と名乗った."""
    said = _GAVE_NAME.search(text, match.start(), min(match.end() + 8, len(text)))
    return said is not None or _CALLED.match(text, match.end()) is not None


def _before_particle(run: str, known: KnownNames) -> str:
    """The known name in kana before a particle in one run: ひよしか is ひよし; "" of others."""
    if not is_kana(fold(run)) or known.is_person(run):
        return ""
    heads = (run[:at] for at in range(len(run) - 1, 1, -1) if run[at] in "かとがはもでにのじ")
    return next((each for each in heads if known.is_person(each)), "")


def _name(match: re.Match[str], known: KnownNames, *, said: _Said) -> str:
    """The name that was found; "" where it is no name."""
    text, begin = match.string, match.start("name")
    kana = is_kana(fold(match["name"]))
    titled = re.search(rf"{TITLE_JA}$", match[0]) is not None
    is_first = _stands_alone(text, begin)
    # Behind a word that tells of it the run is the name: 担当はおおおしま.
    anchored = is_first or match.start() < begin
    whole = kana and (said == "bare" or match.start() < begin)
    name = match["name"] if whole else trimmed(match["name"], known, begins=titled and is_first)
    if name[:1].islower() and name.partition(" ")[2][:1].isupper():
        name = name.partition(" ")[2]  # got Nakata
    if is_nobody(name):
        return ""
    if known.is_person(name) or _all_known(name, known):
        return name
    if kana:
        # In katakana other words are written too.
        made = is_like_kana_name(fold(name)) and (said == "sure" or is_hiragana(name))
        likely = titled or (anchored and made)
    else:
        shouted = name.isascii() and name.isupper()
        sure = said == "sure" and not shouted
        likely = _may_be_a_name(name) and (sure or is_like_name(name, known))
    return name if likely and said != "bare" else ""


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
