"""Happenings of a call, and its direction: "たらい回し", "was kept on hold", "we called back".

Pure. Knows nothing of legs or messages.
"""

import re
from collections.abc import Iterator
from typing import Final, Literal

from archive.locate.clues import DirectionClue, Happened, HappenedClue
from archive.locate.request.found import Found, found_at, matches

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
Direction = Literal["inbound", "outbound"]
_US: Final = (
    r"(?:こちら|当社|弊社|当店|当センター|うち|会社|センター|担当(?:者)?|オペレーター|我々|私たち"
    r"|私ども|店)"
    r"(?:の(?:方|ほう))?"
)
_THEM: Final = (
    r"(?:向こう|先方|相手(?:方)?|お?客(?:様|さま|さん)?|顧客|ご?本人(?:様|さん)?|あちら"
    r"|外部)(?:の(?:方|ほう))?"
)
_CALL: Final = r"(?:の)?\s*(?:お?電話|かけ|掛け|架電|ご?連絡|発信|入電|着信|コール)"
_CALL_TAIL: Final = r"(?:し[ぁ-ゖ]{0,3}|た|て[ぁ-ゖ]{0,3}|があ[ぁ-ゖ]{1,3}|を[ぁ-ゖ]{1,4})?"
_THEY: Final = (
    r"(?:they|she|he|(?:the |our |a )?(?:customer|cust\.?|caller|client|lady|gentleman|member"
    r"|patient))"
)
_ASKED: Final = r"(?:called|rang|phoned|telephoned|contacted|dialled|dialed)"
_DIRECTIONS: Final[tuple[tuple[Direction, re.Pattern[str]], ...]] = (
    # Customers say こちら too: そちら tells who speaks.
    (
        "inbound",
        re.compile(
            r"こちらからそちらに?(?:お?電話|かけ|掛け)?[ぁ-ゖ]{0,3}|(?:私|自分"
            r"|わたし)(?:の方)?から(?:かけ|掛け|お?電話)[ぁ-ゖ]{0,3}"
            r"|こちらが受け(?:た|まし)(?:お?電話)?|\bit was (?:me|her|him|them) (?:who"
            r"|that) (?:called|rang|phoned)",
            re.IGNORECASE,
        ),
    ),
    (
        "outbound",
        re.compile(
            r"(?:そちら|御社|貴社|お店)から(?:の)?(?:お?電話|かかっ|かけ"
            r"|ご?連絡)?(?:てき[ぁ-ゖ]{0,2}|があ[ぁ-ゖ]{0,3})?"
            r"|折り?返し(?:の電話)?(?:で|が)かかってき[ぁ-ゖ]{0,2}|(?<!から)お?電話を(?:もらっ"
            r"|頂い|いただい)[ぁ-ゖ]{0,2}"
            r"|\bcall made by us\b",
            re.IGNORECASE,
        ),
    ),
    (
        "outbound",
        re.compile(
            rf"{_US}(?:から|より)(?:{_CALL}{_CALL_TAIL})?"
            rf"|{_THEM}(?:に|へ|宛て?に)\s*(?:お?電話|かけ|掛け|架電|ご?連絡){_CALL_TAIL}"
            r"|架電(?:し[ぁ-ゖ]{0,2})?|アウトバウンド|発信(?:通話|し[ぁ-ゖ]{1,2})?(?!者|元|番号)"
            r"|お?電話(?:を)?(?:差し上げ"
            r"|さしあげ|おかけし)[ぁ-ゖ]{0,2}"
            rf"|\bwe(?:'d| had| have)? {_ASKED}(?: (?:her|him|them|the customer|it))?\b(?: back\b)?"
            rf"|\b(?:you|your \w+|an? agent) {_ASKED} (?:me|us)\b(?: back\b)?"
            rf"|\b(?:they|someone|somebody|\w+ from \w+) {_ASKED} me\b(?: back\b)?"
            r"|\bout(?:bound|going)(?: call)?\b|\bour call to\b|\b(?:got|received"
            r"|had) a call from (?:you|your)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "inbound",
        re.compile(
            rf"{_THEM}(?:から|より)(?:{_CALL}{_CALL_TAIL})?|{_THEM}が\s*(?:お?電話|かけ"
            rf"|掛け){_CALL_TAIL}"
            r"|(?:かかっ|掛かっ|架かっ)てき[ぁ-ゖ]{1,2}|入電|受電(?:し[ぁ-ゖ]{0,2})?"
            r"|着信(?:し[ぁ-ゖ]{0,2})?(?!番号)|インバウンド"
            r"|お?電話(?:が|を)(?:あっ|来|きた|もらっ|(?:頂|いただ)(?!け)|受け)[ぁ-ゖ]{0,2}"
            r"|(?:お?電話(?:を)?(?:した|しました|かけた)|かけた|掛けた)(?:とのこと|そう|と(?:言"
            r"|いう|仰|おっしゃ))[ぁ-ゖ]{0,2}"
            r"|から(?:お?電話|かけ|掛け)(?:た|てき[ぁ-ゖ]{0,2}|があ[ぁ-ゖ]{0,2}|です)?"
            rf"|\b{_THEY}(?:'d| had| has)? {_ASKED}\b(?: (?:us|in|you))?(?! (?:me|her|him"
            rf"|them)\b)(?! back)"
            rf"|\bI(?:'d| had)? {_ASKED}\b(?: (?:you|in))?(?! (?:me|her|him|them|back)\b)"
            r"|\b(?:inbound|incoming)(?: call)?\b|\b(?:a |the )?call (?:came in|from (?:the |a "
            r"|our )?(?:customer|client))\b"
            r"|\bcalled (?:us|in)\b|\b(?:customer|she|he) made (?:the|that) call",
            re.IGNORECASE,
        ),
    ),
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


def find_directions(text: str) -> Iterator[Found]:
    """Find the direction that a text tells."""
    for direction, pattern in _DIRECTIONS:
        for match in matches(text, pattern):
            yield found_at(match, DirectionClue(direction))
