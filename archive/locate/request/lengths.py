"""Lengths of calls: "10分くらい", "not even half a minute", "長電話".

Pure. Knows nothing of when it was; the bounds of what is short or long are guesses.
"""

import re
from collections.abc import Iterator
from typing import Final

from archive.locate.clues import LengthClue
from archive.locate.request.found import Found, found_at, without

SHORT_MS: Final = 120_000
LONG_MS: Final = 900_000
NOT_LONG_MS: Final = 600_000
# Longer than any call; of what has no upper bound.
MAX_MS: Final = 86_400_000
# What is told as longer is no length of a call: open 24 hours, 1700 hrs.
_MOST_MS: Final = 21_600_000
# People round: what is told as about ten minutes is between this part of it and as many times it.
_ABOUT: Final = 1.5
_UNIT_MS: Final = {"h": 3_600_000, "m": 60_000, "s": 1_000}
_FEW: Final = {"数": (2, 6), "数十": (20, 60), "few": (2, 6), "several": (3, 8)}
_KANJI: Final = {each: at for at, each in enumerate("〇一二三四五六七八九")} | {"十": 10}
_ONES: Final = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen
"""
_TENS: Final = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_WORDS: Final = {each: at for at, each in enumerate(_ONES.split())} | _TENS | {"a": 1, "an": 1}

_NJ: Final = (
    r"(?:\d{1,3}(?:\.\d)?|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]|数十?)"
)
_AMOUNT_JA: Final = (
    rf"(?:{_NJ}\s*時間(?:半|\s*{_NJ}\s*分(?:間)?)?|半時間|{_NJ}\s*分(?:半|間)?(?:\s*{_NJ}\s*秒)?"
    rf"|{_NJ}\s*秒(?:間)?)"
)
_ABOUT_JA: Final = (
    r"(?:体感(?:で|では)?|トータル(?:で)?|合計(?:で)?)?\s*"
    r"(?:約|およそ|おおよそ|だいたい|大体|ほぼ|ざっと|たぶん|多分|せいぜい)?\s*"
)
_SO_JA: Final = (
    r"(?:くらい|ぐらい|位|ほど|程度|そこそこ|ちょっと|近く|弱|強|足らず|たらず|あまり|余り|前後"
    r"|内外"
    r"|見当)?"
)
_NO_CLOCK_JA: Final = (
    r"(?!\s*(?:くらい|ぐらい|位|ほど)?\s*(?:前(?!後)|後|ごろ|頃|ころ|過ぎ|すぎ|経っ|たっ|遅|早|刻み"
    r"|待ち|指定|対応|営業|以内に?[届配発]|おき|ごと|毎))"
)
_SPENT_JA: Final = r"(?:話[ぁ-ゖ]?|かから|し|経た|たた|せ|続か|もた|い|行か)?"
_LESS_JA: Final = re.compile(
    rf"未満|以内|以下|を?切|(?!で(?:は|も)?\s*な)で?(?:は|も|と)?\s*{_SPENT_JA}(?:なかっ|ない"
    rf"|なく|ず|ません)"
)
_MORE_JA: Final = re.compile(r"以上|超|を?(?:超え|越え|こえ)|は(?:あっ|話|かか|続|い)|オーバー")
_TAIL_JA: Final = re.compile(rf"\s*(?:{_LESS_JA.pattern}|{_MORE_JA.pattern})(?:かった|った|た|て)?")
_RANGE_JA: Final = re.compile(
    rf"(?<![時\d月])(?<!\d[:/])(?P<low>{_AMOUNT_JA}|{_NJ})\s*(?:から|〜|~|-|–|、|か|・)\s*"
    rf"(?P<high>{_AMOUNT_JA}){_SO_JA}{_NO_CLOCK_JA}"
)
_ONE_JA: Final = re.compile(
    rf"(?<![時\d月])(?<!\d[:/]){_ABOUT_JA}(?P<amount>{_AMOUNT_JA})(?:\s*の)?{_SO_JA}{_NO_CLOCK_JA}"
)
_PART_JA: Final = re.compile(rf"({_NJ})\s*(時間|分|秒)(半)?")

_NE: Final = (
    r"(?:\d{1,3}(?:\.\d)?|(?:twenty|thirty|forty|fifty)(?:[ -](?:one|two|three|four|five|six|seven"
    rf"|eight|nine))?|{'|'.join(each for each in _WORDS if len(each) > len('an'))}|an?"
    r"|(?:a\s+)?few|several|(?:a\s+)?couple(?:\s+of)?)"
)
_UE: Final = r"(?:hours?|hrs?|minutes?|mins?|seconds?|secs?|h|m|s)"
_AMOUNT_EN: Final = (
    r"(?!an? second\b)(?:half an hour|half a minute|(?:a )?quarter of an hour"
    r"|three[ -]quarters of an hour"
    rf"|(?<![\d:.]){_NE}[\s-]+(?:and\s+a\s+half\s+)?{_UE}\b(?:\s+and\s+a\s+half)?"
    rf"(?:\s+(?:and\s+)?{_NE}\s+{_UE}\b)?|(?<![\d:.])(?:[1-9]\d?"
    rf"|\d{{1,3}}(?!\s?h))\s?{_UE}\b(?:\s?\d+\s?{_UE}\b)?)"
)
_LESS_EN: Final = r"less than|under|not even|no more than|at most|shorter than|up to|below|within"
_MORE_EN: Final = r"more than|over|at least|longer than|upwards of|well over|a good"
_ABOUT_EN: Final = (
    r"(?:about|around|circa|c\.|close to|roughly|approx(?:imately|\.)?|some|maybe|perhaps|like"
    r"|nearly|almost|for"
    r"|lasted"
    r"|took|~|only|just|a)"
)
_ISH_EN: Final = (
    r"(?:,?[\s-]*(?:or so|ish|give or take|or thereabouts|tops|in (?:length|total|duration)"
    r"|all told"
    r"|on the (?:phone|line)|long(?! (?:ago|hold|wait))|mark))?"
)
_NO_CLOCK_EN: Final = (
    r"(?![\s-]*(?:or so |ish )?(?:ago|earlier|later|before|after|past|to\b|until|till|late\b|early"
    r"|from\b|in advance|prior|notice|wait\b"
    r"|walk|drive|delay|a (?:day|week)|apart|from now))"
)
_RANGE_EN: Final = re.compile(
    rf"\b(?:between\s+|from\s+)?(?P<low>{_AMOUNT_EN}|{_NE})\s*(?:and|to|or|-|–)\s*"
    rf"(?P<high>{_AMOUNT_EN}){_ISH_EN}{_NO_CLOCK_EN}",
    re.IGNORECASE,
)
_ONE_EN: Final = re.compile(
    r"\b(?:(?:(?:call|talk) )?(?:duration|length|talk time|call time)(?: of the call)?"
    r"(?: (?:was|is|of))?\s*[:=]?\s*)?"
    r"(?<!back in )(?<!delivered in )(?<!again in )"
    rf"(?:(?P<less>{_LESS_EN})\s+|(?P<more>{_MORE_EN})\s+)?(?:{_ABOUT_EN}\s+)*"
    rf"(?P<amount>{_AMOUNT_EN}){_ISH_EN}{_NO_CLOCK_EN}"
    r"(?P<tail>\s*(?:at most|or less|at least|or more|or longer|\+)|\s+(?:phone\s+)?(?:call|chat"
    r"|conversation))?",
    re.IGNORECASE,
)
_PART_EN: Final = re.compile(
    rf"({_NE})[\s-]*(and\s+a\s+half\s+)?({_UE})\b(\s+and\s+a\s+half)?", re.IGNORECASE
)
_NAMED_EN: Final = {
    "half an hour": 1_800_000,
    "half a minute": 30_000,
    "three quarters of an hour": 2_700_000,
    "three-quarters of an hour": 2_700_000,
    "a quarter of an hour": 900_000,
    "quarter of an hour": 900_000,
}
# Who waited so long was on the line at least as long.
_WAITED: Final = re.compile(
    r"(?:の|も|は|以上|くらい|ぐらい|ほど|間)*(?:保留|待たさ|待っ)|\s+(?:on hold|waiting"
    r"|of hold)",
    re.IGNORECASE,
)
_WAITED_BEFORE: Final = re.compile(
    r"(?:(?:on hold|waited|waiting|held)\s+(?:for\s+)?|(?:待ち|保留)(?:時間)?(?:は|が|:)?\s*)$",
    re.IGNORECASE,
)

_CALL_JA: Final = (
    r"(?:(?:お?電話|通話|会話|やり?とり|話|用件|感じ(?:の(?:お?電話|通話|会話))?)"
    r"(?:でした|だった)?)"
)
_CALL_EN: Final = (
    r"(?:(?:phone |telephone )?(?:call|chat|conversation|talk|exchange|word|duration)|one\b)"
)
_SO_JA_WORD: Final = (
    r"(?:(?:ごく|わりと|割と|けっこう|結構|かなり|とても|すごく|比較的|やや|少し|だいぶ|ずいぶん"
    r"|大変|非常に)"
    r"\s*)?"
)
_SO_EN_WORD: Final = (
    r"(?:(?:very|pretty|quite|rather|fairly|really|relatively|extremely|quite a|just a|a)\s+)*"
)
# Alone in its phrase, or behind what says that it is of the call.
_ALONE: Final = r"(?:^|(?<=[\s、。,;:/|(（・\0]))"
_OF_CALL_JA: Final = r"(?:(?:通話|お?電話|会話|時間|長さ)(?:時間)?(?:は|が|:)\s*)"
_OF_CALL_EN: Final = (
    r"(?:(?:it|call|conversation|chat|talk|(?:call )?length|duration|that|this)(?: (?:was|is"
    r"|lasted))?"
    r"\s*:?\s+)"
)
_UNTIL: Final = r"(?=\s*(?:$|[、。,.;:/|)）・\0\n]|[-–—]\s))"
_BEGUN: Final = r"(?:^|(?<=[、。,.;:/|(（\0\n])\s?|(?<=[-–—] ))"
_NOT_LONG: Final = LengthClue(min_ms=0, max_ms=NOT_LONG_MS)
_SHORT: Final = LengthClue(min_ms=0, max_ms=SHORT_MS)
_LONG: Final = LengthClue(min_ms=LONG_MS, max_ms=MAX_MS)
_WORDED: Final = tuple(
    (re.compile("|".join(forms), re.IGNORECASE), value)
    for forms, value in (
        (
            (
                r"(?:そんなに|あまり|それほど)?長く(?:は|も)?な(?:い|かった)(?:です)?",
                rf"長(?:電話|話|い{_CALL_JA})(?:で|じゃ)は?な(?:い|かった)",
                rf"\bnot\s+(?:a\s+|that\s+|very\s+)*long(?:\s+{_CALL_EN})?",
                r"wasn't\s+(?:a\s+|that\s+|very\s+)*long\b",
            ),
            _NOT_LONG,
        ),
        (
            (
                rf"短く(?:は|も)?なかった|短い{_CALL_JA}(?:で|じゃ)は?な(?:い|かった)",
                rf"\b(?:not|wasn't)\s+(?:a\s+|that\s+|very\s+)*(?:short|brief)(?:\s+{_CALL_EN})?",
            ),
            LengthClue(min_ms=SHORT_MS, max_ms=MAX_MS),
        ),
        (
            (
                rf"{_SO_JA_WORD}短(?:い(?:方の)?|めの?){_CALL_JA}|{_SO_JA_WORD}短時間|短かった"
                rf"|手短",
                r"短めだった|短く終わ[ぁ-ゖ]{1,3}|一瞬(?:だけ)?|あっという間|一言二言",
                r"すぐに?(?:切|終わ)[ぁ-ゖ]{0,3}|ほんの少しだけ?話[ぁ-ゖ]{1,2}",
                rf"(?:{_ALONE}|{_OF_CALL_JA}){_SO_JA_WORD}短(?:い|め)(?:の?もの|方)?(?:です"
                rf"|でした|だった)?(?=\s*(?:$"
                rf"|[\s、。,;/|・]))",
                rf"\b(?:a\s+)?{_SO_EN_WORD}(?:short|brief|quick)(?:ish)?\s+{_CALL_EN}",
                r"hung up (?:right|straight) away|hung up immediately",
                r"(?:was|pretty|quite|rather|fairly|very) (?:very |pretty |quite |rather )?(?:short"
                r"|brief|quick)(?: and sweet)?\b",
                rf"(?:{_BEGUN}{_OF_CALL_EN}?){_SO_EN_WORD}(?:short|brief"
                rf"|quick)(?: and sweet)?{_UNTIL}",
                r"\b(?:briefly (?:spoke|talked)|(?:spoke|talked) (?:only )?briefly"
                r"|didn't (?:take|last) long)\b",
                r"\b(?:over|ended) (?:quickly|fast|in no time|in a flash)\b|\bkept it short\b",
            ),
            _SHORT,
        ),
        (
            (
                rf"{_SO_JA_WORD}長(?:電話|話)|{_SO_JA_WORD}長(?:い(?:方の)?|めの?){_CALL_JA}"
                rf"|長時間(?:の{_CALL_JA})?",
                r"長々と?|延々と?|長く(?:話|かか|続)[ぁ-ゖ]{0,3}|長引い[ぁ-ゖ]|長丁場|長めだった",
                r"なかなか終わらな(?:かった|い)",
                r"(?<!保留が)(?<!時間が)(?<!待ちが)(?<!音が)長かった",
                rf"(?:{_ALONE}|{_OF_CALL_JA}){_SO_JA_WORD}長(?:い|め)(?:の?もの|方)?(?:です"
                rf"|でした|だった)?(?=\s*(?:$"
                rf"|[\s、。,;/|・]))",
                rf"\b(?:a\s+)?{_SO_EN_WORD}(?:long|lengthy|endless|long-winded|drawn-out"
                rf"|extended)(?:ish)?"
                rf"\s+{_CALL_EN}",
                r"(?:talked|spoke|went on|lasted)\s+(?:for\s+)?(?:ages|hours|forever|a long time)",
                r"took\s+(?:ages|forever|a long time)|dragged on|went on and on|spoke at length",
                r"(?:was|pretty|quite|rather|fairly|very) (?:very |pretty |quite |rather )?(?:long"
                r"|lengthy)\b(?! (?:ago|hold|wait|time))",
                rf"(?:{_BEGUN}{_OF_CALL_EN}?){_SO_EN_WORD}(?:long|lengthy){_UNTIL}",
            ),
            _LONG,
        ),
    )
)


def find_lengths(text: str) -> Iterator[Found]:
    """Find the lengths that a text tells; the first that it says is the one that counts."""
    yield from _ranges(text)
    for pattern, read in ((_ONE_JA, _one_japanese), (_ONE_EN, _one_english)):
        for match in pattern.finditer(text):
            if _amount(match["amount"].lower())[1] <= _MOST_MS:
                yield read(match, text)
    for pattern, value in _WORDED:
        for match in pattern.finditer(text):
            yield found_at(match, value)
            text = without(text, (match.span(),))


def _ranges(text: str) -> Iterator[Found]:
    for pattern in (_RANGE_JA, _RANGE_EN):
        for match in pattern.finditer(text):
            value = _between(match["low"], match["high"])
            if value is not None:
                yield found_at(match, value)


def about(ms: int) -> LengthClue:
    """About so long."""
    return LengthClue(min_ms=round(ms / _ABOUT), max_ms=round(ms * _ABOUT), about_ms=ms)


def _one_japanese(match: re.Match[str], text: str) -> Found:
    low, high = _amount(match["amount"])
    tail = _TAIL_JA.match(text, match.end())
    if tail is None:
        waited = _WAITED.match(text, match.end()) is not None
        return found_at(match, _least(low) if waited else _told(low, high))
    less = _LESS_JA.match(tail[0].strip()) is not None
    span = (match.start(), tail.end())
    return Found(value=LengthClue(min_ms=0, max_ms=high) if less else _least(low), spans=(span,))


def _one_english(match: re.Match[str], text: str) -> Found:
    low, high = _amount(match["amount"].lower())
    tail = (match["tail"] or "").strip().lower()
    waited = _WAITED.match(text, match.end()) or _WAITED_BEFORE.search(text[: match.start()])
    if match["less"] or tail in {"at most", "or less"}:
        return found_at(match, LengthClue(min_ms=0, max_ms=high))
    if waited or match["more"] or tail in {"at least", "or more", "or longer", "+"}:
        return found_at(match, _least(low))
    return found_at(match, _told(low, high))


def _least(ms: int) -> LengthClue:
    return LengthClue(min_ms=min(ms, MAX_MS), max_ms=MAX_MS)


def _told(low: int, high: int) -> LengthClue:
    return about(low) if low == high else LengthClue(min_ms=low, max_ms=high)


def _between(low: str, high: str) -> LengthClue | None:
    """From so long to so long; the unit of the first may be that of the second: 5から10分."""
    most = _amount(high.lower())[1]
    least = _amount(low.lower())[0]
    if not least:
        unit = _PART_JA.search(high) or _PART_EN.search(high)
        number = _number(low.lower())[0]
        name = "" if unit is None else unit[2] if _PART_JA.search(high) else unit[3]
        least = round(number * _ms_of(name))
    return LengthClue(min_ms=least, max_ms=most) if 0 < least < most else None


def _amount(text: str) -> tuple[int, int]:
    """So many ms, the least and the most that it may be."""
    if text in _NAMED_EN:
        return (_NAMED_EN[text],) * 2
    if text == "半時間":
        return (_NAMED_EN["half an hour"],) * 2
    low = high = 0.0
    for number, unit, half in _PART_JA.findall(text):
        least, most = _number(number)
        part = 0.5 if half else 0.0
        low, high = low + (least + part) * _ms_of(unit), high + (most + part) * _ms_of(unit)
    for number, before, unit, after in _PART_EN.findall(text):
        least, most = _number(number)
        part = 0.5 if before or after else 0.0
        low, high = low + (least + part) * _ms_of(unit), high + (most + part) * _ms_of(unit)
    return min(round(low), MAX_MS), min(round(high), MAX_MS)


def _ms_of(unit: str) -> int:
    return _UNIT_MS[{"時間": "h", "分": "m", "秒": "s"}.get(unit, unit[:1])] if unit else 0


def _number(text: str) -> tuple[float, float]:
    plain = text.removeprefix("a ").strip()
    if plain in _FEW:
        return _FEW[plain]
    if plain.startswith("couple"):
        return 2, 2
    if plain[0].isdigit():
        return (float(plain),) * 2
    if plain[0] in _KANJI:
        tens, ten, ones = plain.rpartition("十")
        value = (_KANJI[tens] if tens else 1) * 10 * bool(ten) + (_KANJI[ones] if ones else 0)
        return (float(value),) * 2
    return (float(sum(_WORDS.get(each, 0) for each in re.split(r"[\s-]+", plain))),) * 2
