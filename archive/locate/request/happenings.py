"""Happenings of a call: "たらい回し", "was kept on hold", "we called back".

Pure. Knows nothing of legs or messages.
"""

import re
from collections.abc import Iterator
from typing import Final

from archive.locate.clues import Happened, HappenedClue
from archive.locate.request.found import Found, found_at

_CHANGED: Final = (
    r"(?:代わ|替わ|変わ|換わ|かわ|代え|替え)(?:っ(?:た|て(?!い))|り(?:まし)?|ら(?=[なず])|た)?"
)
_WHO_ELSE: Final = r"(?:人|方|担当(?:者)?|部署|係(?:員)?|者|窓口|オペレーター|男性|女性)(?:の方)?"
_JAPANESE: Final[tuple[tuple[Happened, str], ...]] = (
    (
        "transferred",
        r"転送|たらい(?:回|まわ)し|(?:あちこち|いろいろ|何度も)?(?:回さ|まわさ)れ|取り?次(?:い|が"
        r"|ぎ|が)"
        rf"|(?:別|他|ほか|違う)の{_WHO_ELSE}(?:に|へ)\s*(?:電話を)?(?:{_CHANGED}|つな[ぁ-ゖ]{{0,3}}"
        rf"|繋[ぁ-ゖ]{{0,3}}|回[ぁ-ゖ]{{0,3}})"
        rf"|途中で\S{{0,12}}?{_CHANGED}|(?:電話|担当(?:者)?)(?:を|が|は)\s*{_CHANGED}"
        rf"|(?:に|へ)(?:電話を)?(?:つない|繋い|代わっ|替わっ)(?:で|だ|て|た)|引き?継[いぎが]",
    ),
    (
        "held",
        r"(?:長く|ずっと|長いこと|延々と?|しばらく|かなり|ずいぶん)?(?:も|の)?(?:保留(?:音|中)?"
        r"|待たされ|お?待ち音楽|待ち時間)"
        r"|(?:ずっと|長いこと|しばらく)待[ぁ-ゖ]{1,3}",
    ),
    (
        "called_back",
        r"折り?返し(?:の)?(?:お?電話|連絡|着信)?|おりかえし(?:の)?(?:お?電話|連絡)?|コールバック"
        r"|(?:かけ|掛け|電話し)直(?:し|さ)",
    ),
)
_DENIED_JA: Final = (
    r"(?P<not>(?:いただ(?=け)|(?!た[^さ]|だ)[ぁ-ゖ待流替変代分電話連絡]){0,8}?"
    r"(?:な(?:い|く|し|かった|かっ)|ず(?:に)?(?![っと])|ません|無し|無かった))?"
)
# What is said of it where it was so: it belongs to what was read.
_SAID_JA: Final = (
    r"(?:\s*(?:を|が|で|の)?\s*(?:され|もら|いただ|頂|あっ|あり|受け|来|き|し|かけ|くれ"
    r"|れ)[ぁ-ゖ]{0,4})?"
)
_ENGLISH: Final[tuple[tuple[Happened, str], ...]] = (
    (
        "transferred",
        r"(?:got |was |were |been |be |being )*(?:transferred|transferring)(?: (?:me|her|him"
        r"|them))?"
        r"|pass(?:ed|ing) (?:\w+ )?(?:on|over|along|around)\b|put (?:\w+ )?through"
        r"|handed (?:\w+ )?(?:over|off)"
        r"|bounced (?:around|between|about)|transfer to (?:another|a different|someone)"
        r"|\btransfer(?= in | during |\s*(?:[-.,;:/|)\0]|$))"
        r"|(?:spoke (?:to|with)|got|had) (?:two|three|several) (?:different )?(?:people|agents"
        r"|operators)"
        r"|(?:someone|somebody) else took over|put through to a (?:second|different) \w+",
    ),
    (
        "held",
        r"(?:was |were |been |being )*(?:put |kept |left |placed |waiting |sat )?(?:me |her |him "
        r"|them |us )?"
        r"on hold\b|kept (?:\w+ )?waiting|hold music|held the line|\bhold(?= in | during "
        r"|\s*(?:[-.,;:/|)\0]|$))"
        r"|(?:was |were |been |being )+held\b(?! up)",
    ),
    (
        "called_back",
        r"(?:was |were |been |being |got )*(?:call|phon|telephon)(?:ed|e|ing|s)? (?:\w+ )?back\b"
        r"|call(?:ed)?-?backs?\b|return(?:ed)? call\b|\bcall returned\b"
        r"|(?:rang|ring|rung|ringing) (?:\w+ )?back\b|return(?:ed|ing)? (?:my|her|his|their|the"
        r"|our|your) call",
    ),
)
_TO_WHOM: Final = (
    r"(?: to (?:someone|somebody|another \w+|a (?:different \w+|colleague|supervisor"
    r"|manager))(?: else)?)?"
)
_HOW_LONG: Final = r"(?: for (?:ages|ever|a (?:long )?(?:while|time)|so long)| the whole time)?"
_DENIED_EN: Final = (
    r"(?P<not>(?:\bnot|\bnever|\bno|n't|\bwithout|\bnobody)\s+(?:been |being |a |any |the |get "
    r"|got "
    r"|getting |was |were )*)?"
)
_PATTERNS: Final = tuple(
    (what, re.compile(pattern, re.IGNORECASE))
    for what, pattern in (
        *((what, f"(?:{core}){_DENIED_JA}(?(not)|{_SAID_JA})") for what, core in _JAPANESE),
        *((what, f"{_DENIED_EN}(?:{core}){_TO_WHOM}{_HOW_LONG}") for what, core in _ENGLISH),
    )
)

# Who says that nobody else came on says that it was not transferred.
_ONE_AGENT: Final = re.compile(
    r"(?:最初から)?最後まで同じ(?:人|方|担当(?:者)?)|ずっと同じ(?:人|方|担当(?:者)?)"
    r"|\bthe same (?:agent|person) (?:all|the whole)"
    r" (?:the )?(?:way )?(?:through|time)|\bonly (?:one|a single) (?:agent|person)\b",
    re.IGNORECASE,
)


def find_happenings(text: str) -> Iterator[Found]:
    """Find what happened to it, or is said not to have."""
    yield from (
        found_at(match, HappenedClue("transferred", was=False))
        for match in _ONE_AGENT.finditer(text)
    )
    for what, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield found_at(match, HappenedClue(what, was=match["not"] is None))
