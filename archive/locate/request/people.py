"""Agents and customers in a text: "田中か中田", "a Ms Smith or Smythe", "お客様は森下".

Pure. Which of two a name is, is told by what stands beside it, else by whether the site knows it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from archive.folded_names import fold
from archive.locate.clues import AgentClue, CustomerClue
from archive.locate.request.found import TAKEN, Found, without
from archive.locate.request.known_names import KnownNames
from archive.locate.request.name_words import (
    NAME_EN,
    NAME_JA,
    WORD_EN,
    is_nobody,
    trimmed,
    with_capitals,
)
from archive.locate.traced_text import Span
from archive.locate.who.morae import is_kana
from archive.locate.who.titles import TITLE_EN, TITLE_JA, untitled

MAX_NAMES: Final = 6
_OR: Final = (
    r"(?:\s*(?:か|または|又は|もしくは|若しくは|あるいは|それとも|、か|or)\s*(?:maybe|perhaps"
    r"|possibly)?\s*"
    r"|/|,?\s+or\s+(?:maybe\s+|perhaps\s+|possibly\s+)?(?:a\s+)?)"
)
# Behind a name no other kana stand than of a title or a particle: 担当は覚えていない.
_ENDS: Final = rf"(?={TITLE_JA}|[^ぁ-ゖ]|$|か(?!ら)|[とがでだにのをはも])"
_CUSTOMER_CUES: Final = (
    r"(?:お客(?:様|さま|さん)|顧客|客|ご?本人|ご?契約者|ご?名義(?:人)?|申出人|請求者|申込者)(?:様"
    r"|さん)?"
    rf"(?:(?:の)?(?:お?名前|氏名)\s*(?:は|が|:)|\s*(?:は"
    rf"|[:、]))\s*(?P<name>{NAME_JA}){_ENDS}(?:{TITLE_JA})?",
    rf"(?:氏名|フルネーム|(?:お客様|顧客|契約者|名義人|会員)名)\s*(?:は|が|:"
    rf"|\s)\s*(?P<name>{NAME_JA}){_ENDS}(?:{TITLE_JA})?",
    r"[「『\"“](?P<name>[^」』\"”\n]{1,20})[」』\"”]\s*(?:さん|様)?(?:と|って)(?:名乗|名のり"
    r"|申し)[ぁ-ゖ]{0,2}",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?:と|って)(?:名乗|名のり|申し)[ぁ-ゖ]{{0,2}}",
    rf"(?:私|わたし|当方)(?:は|、)\s*(?P<name>{NAME_JA})(?=です|と申|といい)",
    rf"(?P<name>{NAME_JA})(?:様|さま)?(?:の)?名義",
    rf"(?P<name>{NAME_JA})(?:様|さま)(?=(?:から|より)|の(?:お?電話|ご?契約|件)|が(?:お?電話"
    rf"|ご?連絡))",
    rf"\b(?:(?:the\s+)?(?:customer|caller|client|requester|requestor|member|account holder"
    rf"|policy holder|cust\.?)(?:'s)?"
    rf"(?:\s+name)?|my name|name of (?:the )?(?:customer|caller|client))\s*(?:(?:is|was|gave)\b|:"
    rf"|,)?\s*"
    rf"(?:a\s+)?(?:{TITLE_EN})?(?P<name>{NAME_JA}|{NAME_EN})",
    rf"\b(?:in the name of|under the name(?: of)?|account of|gave (?:his|her|the|their) name as"
    rf"|i am|i'm|on behalf of)"
    rf"\s+(?:{TITLE_EN})?(?P<name>{NAME_JA}|{NAME_EN})",
    rf"\b(?:{TITLE_EN})(?P<name>{NAME_EN})(?=\s+(?:called|rang|phoned|telephoned)\b)",
)
_AGENT_CUES: Final = (
    rf"(?:担当(?:者|の方|の者)?|オペレーター|対応(?:者|した(?:人|方|の))?|出た(?:の|人|方)|電話口"
    rf"|受け(?:た人|手)|話した(?:人|相手|の))"
    rf"(?:の)?(?:お?名前)?\s*(?:は|が|:)\s*(?P<name>{NAME_JA}){_ENDS}(?:{TITLE_JA})?",
    rf"(?:担当(?:者)?|オペレーター)(?:の)?(?P<name>{NAME_JA})(?={TITLE_JA}|\W|$|が|に"
    rf"|と)(?:{TITLE_JA})?",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?:という|って(?:いう)?|とかいう)(?:名前の)?"
    r"(?:女性|男性|若い|女の|男の|方|人|担当|オペレーター|お姉さん|係)(?:の)?(?:担当(?:者)?|方|人"
    r"|オペレーター)?",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?=(?:[(（][^()（）]*[)）])?と[^、。と]{{0,16}}?(?:話し"
    rf"|話した|お話))",
    rf"(?P<name>{NAME_JA})(?:{TITLE_JA})?(?=と(?:話|お話|会話|通話)|が(?:対応|担当|出|電話に出"
    rf"|受け)|に(?:対応|つな|代わ|替わ|案内)"
    r"|(?:の)?(?:対応|担当)(?:だ|で|し|$))",
    rf"(?P<name>{NAME_JA})(?:さん|くん|君|氏|主任|係長|課長|部長|店長)",
    rf"\b(?:spoke|speaking|speak|spoken|talked|talking|chatted|dealt|dealing)\s+(?:to|with)\s+"
    rf"(?:(?:a|an|the|some)\s+)?(?:(?:lady|guy|man|woman|chap|girl|agent|person"
    rf"|someone)\s+(?:called|named)\s+)?"
    rf"(?:{TITLE_EN})?(?P<name>{NAME_EN})",
    rf"\b(?:agent|operator|rep|advis[eo]r|representative|clerk|handler|colleague|guy|lady|woman"
    rf"|man|chap|girl)(?:'s)?(?: name)?"
    rf"\s*(?:(?:is|was|called|named|by the name of)\b|,|:)?\s*(?:{TITLE_EN})?(?P<name>{NAME_EN})",
    rf"\b(?:called|named)\s+(?:{TITLE_EN})?(?P<name>{NAME_EN})",
    rf"\b(?:a|an|the|some)?\s*(?:{TITLE_EN})(?P<name>{NAME_EN})",
    rf"\b(?P<name>{NAME_EN})(?=\s+(?:answered|helped|took (?:the|my|her|his|their) call"
    rf"|dealt with|picked up|served|handled|passed))",
    rf"(?P<name>{NAME_EN})\s+(?:somebody|something|someone)\b",
)
_NAME_CUES: Final = (
    rf"(?P<name>{NAME_JA})(?:様|さま|殿)",
    rf"(?:お?名前)\s*(?:は|が|:)\s*(?P<name>{NAME_JA})(?:{TITLE_JA})?(?=です|で|と|[、。\s]|$)",
    rf"\bname\s*(?:is|was|:)\s*(?P<name>{NAME_EN})",
)
# 様, and a name without a word whose it is, are of customers; they count after all that says more.
_CUES: Final = tuple(
    (re.compile(cue, re.IGNORECASE), customer)
    for cues, customer in ((_CUSTOMER_CUES, True), (_AGENT_CUES, False), (_NAME_CUES, True))
    for cue in cues
)
_WORD: Final = re.compile(rf"(?P<name>{NAME_JA}|{WORD_EN}(?:\s+(?-i:[A-Z])[a-z]+)?)(?:{TITLE_JA})?")
# Customers and agents do so; whom the site knows is an agent.
_GAVE_NAME: Final = re.compile(r"(?:と|って)(?:名乗|名のり)")
_JAPANESE: Final = re.compile(r"[ぁ-ゖァ-ヺー一-鿿々]")
_FIRST: Final = re.compile(r"[A-Za-zÀ-ÿ'’-]+|.+", re.DOTALL)
_MORE: Final = tuple(
    re.compile(each, re.IGNORECASE)
    for each in (
        rf"{_OR}(?:{TITLE_EN})?(?P<name>{NAME_JA}|{NAME_EN})(?:{TITLE_JA})?",
        # What somebody was called before, or is called now.
        rf"\s*[(（][^()（）]*?(?:旧姓?|元|今は|現在は"
        rf"|現姓?)\s*:?\s*(?P<name>{NAME_JA})(?:{TITLE_JA})?\s*[?？]?[)）]",
        # The same name in other letters.
        rf"\s*[(（](?P<name>{NAME_JA})[)）]",
        rf"\s*[(（]?\s*,?\s*(?:now|formerly|n[eé]e|later)\s+(?P<name>{NAME_EN})[)）]?",
        rf",\s*(?P<name>{NAME_EN})\?",
    )
)


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


def find_people(text: str, known: KnownNames) -> Iterator[Found]:
    """The agents and the customers of a text: of each all names, any of which it may be."""
    written = with_capitals(text)
    people = sorted(_people(written, known), key=lambda each: each.span)
    for customer, value in ((False, AgentClue), (True, CustomerClue)):
        some = [each for each in people if each.customer is customer][:MAX_NAMES]
        if some:
            told = (each.name if written == text else each.name.lower() for each in some)
            names = tuple(dict.fromkeys(told))
            yield Found(value=value(names), spans=tuple(each.span for each in some))


def read_names(text: str) -> tuple[str, ...]:
    """The names of a field for names: with a comma or "or" between them."""
    parts = _BETWEEN.split(text)
    return tuple(dict.fromkeys(name for each in parts if (name := untitled(each))))[:MAX_NAMES]


def _people(text: str, known: KnownNames) -> Iterator[_Person]:
    """Each beside what was read before it."""
    for pattern, customer in _CUES:
        for match in pattern.finditer(text):
            for each in _with_others(text, match, known, customer=customer, told=True):
                yield each
                text = without(text, (each.span,))
    yield from _bare_names(text, known)


def _bare_names(text: str, known: KnownNames) -> Iterator[_Person]:
    """Names of which nothing tells but that they are known to be some."""
    match = _WORD.search(text)
    while match is not None:
        found = list(_with_others(text, match, known, customer=False, told=False))
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
    while more := next((each for pattern in _MORE if (each := pattern.match(text, at))), None):
        other = _name(more, known, told="/" not in more[0])
        if not other:
            return
        yield _Person(other, more.span(), customer)
        at = more.end()


def _before_particle(run: str, known: KnownNames) -> str:
    """The known name in kana before a particle in one run: ひよしか is ひよし; "" of others."""
    if not is_kana(fold(run)) or known.is_person(run):
        return ""
    heads = (run[:at] for at in range(len(run) - 1, 1, -1) if run[at] in "かとがはもでにの")
    return next((each for each in heads if known.is_person(each)), "")


def _name(match: re.Match[str], known: KnownNames, *, told: bool) -> str:
    """The name that was found; "" where it is no name."""
    kana = not told and is_kana(fold(match["name"]))
    name = match["name"] if kana else trimmed(match["name"], known)
    if is_nobody(name):
        return ""
    titled = re.search(rf"{TITLE_JA}$", match[0]) is not None
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
