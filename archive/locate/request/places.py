"""Queues and teams in a text: "解約の窓口", "the billing queue", "契約チームの人".

Pure. What is no name of the site is taken only where the words leave no doubt.
"""

import re
from collections.abc import Iterator
from typing import Final

from archive.folded_names import fold_name
from archive.locate.clues import GistClue, QueueClue, TeamClue
from archive.locate.request.found import Found, found_at
from archive.locate.request.known_names import KnownNames

_WORD_JA: Final = r"(?:(?!以外)[一-鿿々ァ-ヺーA-Za-z0-9]){1,12}"
_WORD_EN: Final = r"[A-Za-z][A-Za-z&]*(?:[ -][A-Za-z&]+)?"
_ANY_WORD: Final = r"(?:[A-Za-z&]+|[一-鿿々ァ-ヺー]+)"
_GLOSS: Final = r"(?:\s*[(（][^()（）]{1,24}[)）])?"
# What belongs to it before and behind the name, and says nothing else.
_CUE: Final = re.compile(
    r"queue|窓口|キュー|部署|部門|係|振り分け先|入った|着いた|待ち行列|問い?合わ?せ先|回線"
    r"|着信先|dept|department"
    r"|section|skill|distribution|service line|hotline|option|reached|landed|ended|arrived"
    r"|queued|waited"
    r"|selected|picked|chose|pressed|routed|connected|assigned",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(
    r"\s*(?:(?:の|用の?)?(?:窓口|キュー|部署|部門|係|回線|ライン)|に入っ?た(?:の|お?電話|通話)?"
    r"|(?:department|dept\b\.?|section|hotline|line|desk)\b(?! \d))",
    re.IGNORECASE,
)
_GLOSSED: Final = re.compile(_GLOSS)
_SURE_QUEUE: Final = (
    re.compile(
        rf"(?P<name>{_WORD_JA}?)(?:の|用の?)?(?:相談|受付|専用|電話)?(?:窓口|キュー|待ち行列)"
    ),
    re.compile(
        rf"\b(?:the|your|our|a)\s+(?P<name>{_ANY_WORD}(?:[ -]{_ANY_WORD})?)\s+queue\b",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<!['’])\b(?P<name>{_ANY_WORD})\s+queue\b", re.IGNORECASE),
)
_SURE_TEAM: Final = (
    re.compile(rf"(?P<name>{_WORD_JA}?)(?:の)?(?:チーム|グループ)(?!会社)"),
    re.compile(
        r"\bteam\s+(?P<name>(?-i:[A-Z])[A-Za-z&]*(?:\s\d{1,3})?|[a-z&]+\s\d{1,3})\b", re.IGNORECASE
    ),
    re.compile(
        rf"\b(?:(?:the|your|our|a)\s+)?(?P<name>{_WORD_EN})\s+(?:team|department|dept\b\.?)",
        re.IGNORECASE,
    ),
)
# Only a name of the site counts there.
_PERHAPS: Final = (
    re.compile(
        rf"(?P<name>{_WORD_JA}?){_GLOSS}(?:の|用の?)?(?:窓口|キュー|部署|部門|係|受付(?!番号)"
        rf"|回線|ライン|あて"
        r"|宛て?|行き(?!先)|担当(?!者)|側)"
    ),
    re.compile(
        rf"(?P<name>{_WORD_JA}?){_GLOSS}(?:に|へ)(?:の)?\s*(?:入[っりる]|つなが|繋が|つない|回"
        rf"|まわ|かけ|掛け"
        r"|お?電話|着信|架電|入電|着い|来た|届い|流れ|振り分け)"
    ),
    re.compile(
        r"(?:窓口|キュー|部署|部門|係|振り分け先|(?:入った|着いた|つながった|繋がった)(?:の|先)"
        r"|待ち行列|問い?合わ?せ先"
        rf"|回線|着信先|入電先|配属先|呼び先)(?:名)?(?:は|が|:)?\s*(?P<name>{_WORD_JA}){_GLOSS}"
    ),
    re.compile(
        rf"\b(?:queue|dep(?:artmen)?t\b\.?|section|(?:skill|distribution) group|service line"
        rf"|hotline|option"
        rf"|came (?:in )?(?:on|through|via|to)|(?:routed|connected|assigned|directed) to|(?:went"
        rf"|came|put|transferred) into|queue name|by|(?:taken"
        rf"|answered|reached|handled|picked up"
        rf"|received) by"
        rf"|(?:landed|ended up|arrived|queued|waited) (?:in|at|with|for|on)|(?:selected|picked"
        rf"|chose|pressed)"
        rf"|in|on|to|with|via|through(?! to\b)|for(?= \w+(?:[,.;:/|)]|$)))\s*[:=]?\s*(?:was\s+"
        rf"|is\s+)?(?:the\s+)?"
        rf"(?P<name>{_WORD_EN}?){_GLOSS}"
        r"(?=\s+(?:queue|line|desk|team)\b|\s*(?:[,.;:/|)]|$)|\s)",
        re.IGNORECASE,
    ),
    re.compile(rf"(?P<name>{_WORD_JA}?)(?:課|部|係|班|部門|部署|デスク|センター)"),
    re.compile(
        rf"(?<!の)(?P<name>{_WORD_JA}?)の(?:人|方|女性|男性|担当(?:者)?|者|お姉さん|おじさん"
        rf"|オペレーター|番号|電話)"
    ),
    re.compile(
        rf"\b(?:the|your|our)\s+(?P<name>{_WORD_EN})\s+(?:line|desk|hotline|people|section|group"
        rf"|number)\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<name>{_ANY_WORD})\s+(?:line|desk|hotline|section|department)\b", re.IGNORECASE
    ),
    re.compile(
        r"\b(?:through to|(?:someone|somebody|person|lady|woman|man|guy) (?:in|from|at)"
        r"|spoke (?:to|with)|it was"
        r"|reached|got|from|in)\s+(?:the\s+)?(?P<name>[A-Za-z]+)\b",
        re.IGNORECASE,
    ),
)
_PHRASE: Final = re.compile(
    r"(?:^|(?<=[、。,.;:/|(（…\n\0]))\s*(?:(?:not\s+)?(?:the\s+)?)?"
    r"(?P<name>[^\s、。,.;:/|()（）…\0]{1,60}?)(?=以外|ではな|じゃな|\s*(?:$|[、。,.;:/"
    r"|)）…\n\0]))",
    re.IGNORECASE,
)
_VERB: Final = re.compile(r"to\s+(?!the\b)", re.IGNORECASE)
_OF_QUEUE: Final = re.compile(r"窓口|キュー|queue|line", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"\w[\s-]+\w|\D\d|\d\D")
_ARTICLE: Final = re.compile(
    r"^(?:the|your|our|a|an|to|in|from|wrong|same|other)\s+", re.IGNORECASE
)
_NO_NAMES: Final = """
the a your our this that other another same wrong right main in on phone different second next new
同じ 別 他 違う その この あの
"""
_NONE: Final = frozenset(_NO_NAMES.split())


def find_places(text: str, known: KnownNames) -> Iterator[Found]:
    """The queues and teams that a text names."""
    yield from _own_places(text, known)
    for patterns, of_team in ((_SURE_QUEUE, False), (_SURE_TEAM, True)):
        for pattern in patterns:
            for match in pattern.finditer(text):
                name = _own(_ARTICLE.sub("", match["name"].strip()), known)
                if name and name.lower() not in _NONE:
                    yield found_at(match, _place(name, known, of_team=of_team))


def find_named_places(text: str, known: KnownNames) -> Iterator[Found]:
    """Those of the site that are called by several words, or with a number: "support 1"."""
    for match in _named(text, known):
        yield found_at(match, _place(match["name"], known, of_team=not _OF_QUEUE.search(match[0])))


def find_lone_places(text: str, known: KnownNames) -> Iterator[tuple[Found, Found]]:
    """Those that are all of a phrase, as they are called here; it may be what it was about."""
    own = {fold_name(each) for each in (*known.teams, *known.queues)}
    for match in _PHRASE.finditer(text):
        if fold_name(name := match["name"]) in own:
            span = match.span("name")
            place = _place(name, known, of_team=False)
            yield (
                Found(value=place, spans=(span,), guessed=True),
                Found(value=GistClue(name), spans=(span,), guessed=True),
            )


def _own_places(text: str, known: KnownNames) -> Iterator[Found]:
    """Those that are of the site, where words leave it open whether a place is meant."""
    for pattern in _PERHAPS:
        for match in pattern.finditer(text):
            if _may_be_place(match, known):
                place = _place(match["name"], known, of_team=not _OF_QUEUE.search(match[0]))
                gloss = _GLOSSED.match(text, match.end("name"))
                end = match.end("name") if gloss is None else gloss.end()
                behind = _BEHIND.match(text, end)
                begin = match.start() if _CUE.match(match[0]) else match.start("name")
                yield Found(value=place, spans=((begin, end if behind is None else behind.end()),))


def _may_be_place(match: re.Match[str], known: KnownNames) -> bool:
    """It is of the site; behind "to" a word that is also a verb only as it is called there."""
    own = (*known.team(match["name"]), *known.queue(match["name"]))
    if own and _VERB.match(match[0]):
        return any(fold_name(each) == fold_name(match["name"]) for each in own)
    return bool(own)


def _named(text: str, known: KnownNames) -> Iterator[re.Match[str]]:
    """Names of the site that are said of nothing else: of several words, or with a number."""
    names = [each for each in (*known.teams, *known.queues) if _SEVERAL.search(each)]
    if not names:
        return
    longest = sorted(map(fold_name, names), key=len, reverse=True)
    words = "|".join(re.escape(each).replace(r"\ ", r"\s*") for each in longest)
    pattern = (
        rf"(?:(?:チーム|部署|窓口|キュー|\b(?:team|queue))\s*(?:は|が|:)?\s*)?"
        rf"(?<![A-Za-z0-9])(?P<name>{words})(?![A-Za-z0-9])(?:\s*(?:の?(?:チーム|窓口|キュー)"
        r"|の(?:人|方|担当(?:者)?|者|女性|男性)|(?:team|queue|line|desk|people)\b))?"
    )
    yield from re.finditer(pattern, text, re.IGNORECASE)


def _own(name: str, known: KnownNames) -> str:
    """Of two words the second, where it alone is a name of the site: STOP billing."""
    last = name.rpartition(" ")[2]
    is_own = known.team(last) or known.queue(last)
    return last if is_own and not (known.team(name) or known.queue(name)) else name


def read_queue(name: str, known: KnownNames) -> QueueClue:
    """A queue by what it is called, and by what it is called here."""
    return QueueClue(known.queue(name) or (name,))


def _place(name: str, known: KnownNames, *, of_team: bool) -> QueueClue | TeamClue:
    teams, queues = known.team(name), known.queue(name)
    if (of_team and teams) or (teams and not queues):
        return TeamClue(teams)
    if queues or not of_team:
        return QueueClue(queues or (name,))
    return TeamClue((name,))
