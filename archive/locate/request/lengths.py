"""Lengths of calls: "10分くらい", "not even half a minute", "長電話".

Pure. Knows nothing of when it was; the bounds of what is short or long are guesses.
"""

import re
from collections.abc import Iterator
from typing import Final

from archive.locate.clues import LengthClue
from archive.locate.request.found import Found, found_at

SHORT_MS: Final = 120_000
LONG_MS: Final = 900_000
NOT_LONG_MS: Final = 600_000
# Longer than any call; of what has no upper bound.
MAX_MS: Final = 86_400_000
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
_ABOUT_JA: Final = r"(?:約|およそ|だいたい|大体|ほぼ|ざっと|たぶん|多分|せいぜい)?\s*"
_SO_JA: Final = (
    r"(?:くらい|ぐらい|位|ほど|程度|そこそこ|ちょっと|近く|弱|強|足らず|たらず|あまり|余り)?"
)
_NO_CLOCK_JA: Final = (
    r"(?!\s*(?:くらい|ぐらい|位|ほど)?\s*(?:前|後|ごろ|頃|ころ|過ぎ|すぎ|経っ|たっ|遅|早|刻み"
    r"|待ち))"
)
_SPENT_JA: Final = r"(?:話[ぁ-ゖ]?|かから|し|経た|たた|せ|続か|もた|い|行か)?"
_LESS_JA: Final = re.compile(
    rf"未満|以内|以下|を?切|(?!で(?:は|も)?\s*な)で?(?:は|も|と)?\s*{_SPENT_JA}(?:なかっ|ない|なく|ず|ません)"
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
    rf"|{_NE}[\s-]+(?:and\s+a\s+half\s+)?{_UE}\b(?:\s+and\s+a\s+half)?"
    rf"(?:\s+(?:and\s+)?{_NE}\s+{_UE}\b)?|\d+\s?{_UE}\b(?:\s?\d+\s?{_UE}\b)?)"
)
_LESS_EN: Final = r"less than|under|not even|no more than|at most|shorter than|up to|below|within"
_MORE_EN: Final = r"more than|over|at least|longer than|upwards of|well over|a good"
_ABOUT_EN: Final = (
    r"(?:about|around|roughly|approx(?:imately|\.)?|some|maybe|perhaps|like|nearly|almost|for"
    r"|lasted"
    r"|took|~|only|just|a)"
)
_ISH_EN: Final = r"(?:[\s-]*(?:or so|ish|give or take|or thereabouts|tops))?"
_NO_CLOCK_EN: Final = (
    r"(?![\s-]*(?:or so |ish )?(?:ago|earlier|later|before|after|past|to\b|until|till|late\b|early"
    r"|from\b|in advance|prior|notice|wait\b))"
)
_RANGE_EN: Final = re.compile(
    rf"\b(?:between\s+|from\s+)?(?P<low>{_AMOUNT_EN}|{_NE})\s*(?:and|to|or|-|–)\s*"
    rf"(?P<high>{_AMOUNT_EN}){_ISH_EN}{_NO_CLOCK_EN}",
    re.IGNORECASE,
)
_ONE_EN: Final = re.compile(
    rf"\b(?:(?P<less>{_LESS_EN})\s+|(?P<more>{_MORE_EN})\s+)?(?:{_ABOUT_EN}\s+)*"
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
_WAITED_BEFORE: Final = re.compile(r"(?:on hold|waited|waiting|held)\s+(?:for\s+)?$", re.IGNORECASE)

_CALL_JA: Final = r"(?:電話|通話|会話|やり?とり|話|用件)"
_CALL_EN: Final = r"(?:(?:phone |telephone )?(?:call|chat|conversation|talk)|one\b)"
_WORDED: Final = (
    (
        re.compile(
            r"(?:そんなに|あまり|それほど)?長く(?:は|も)?な(?:い|かった)(?:です)?"
            rf"|\bnot\s+(?:a\s+|that\s+|very\s+)*long(?:\s+{_CALL_EN})?|wasn't\s+(?:a\s+"
            rf"|very\s+)*long\b",
            re.IGNORECASE,
        ),
        LengthClue(min_ms=0, max_ms=NOT_LONG_MS),
    ),
    (
        re.compile(
            rf"(?:ごく)?短い{_CALL_JA}|短時間|短かった|手短|一瞬(?:だけ)?|すぐに?(?:切"
            rf"|終わ)[ぁ-ゖ]{{0,3}}"
            rf"|\b(?:a\s+)?(?:very\s+)?(?:short|brief|quick)\s+{_CALL_EN}"
            r"|hung up (?:right|straight) away|hung up immediately"
            r"|(?:was|pretty|quite|rather|fairly|very) (?:very |pretty |quite |rather )?(?:short"
            r"|brief)\b",
            re.IGNORECASE,
        ),
        LengthClue(min_ms=0, max_ms=SHORT_MS),
    ),
    (
        re.compile(
            rf"長電話|長い{_CALL_JA}|長時間(?:の{_CALL_JA})?|長々と?|延々と?|長く(?:話|かか"
            rf"|続)[ぁ-ゖ]{{0,3}}"
            rf"|(?<!保留が)(?<!時間が)(?<!待ちが)(?<!音が)長かった|\b(?:a\s+)?(?:very\s+"
            rf"|really\s+)?(?:long|lengthy|endless)\s+{_CALL_EN}"
            r"|(?:talked|spoke|went on)\s+(?:for\s+)?(?:ages|hours|forever|a long time)"
            r"|took\s+(?:ages|forever|a long time)"
            r"|(?:was|pretty|quite|rather|fairly|very) (?:very |pretty |quite |rather )?(?:long"
            r"|lengthy)\b(?! (?:ago|hold|wait))",
            re.IGNORECASE,
        ),
        LengthClue(min_ms=LONG_MS, max_ms=MAX_MS),
    ),
)


def find_lengths(text: str) -> Iterator[Found]:
    """Find the lengths that a text tells; the first that it says is the one that counts."""
    for pattern in (_RANGE_JA, _RANGE_EN):
        for match in pattern.finditer(text):
            value = _between(match["low"], match["high"])
            if value is not None:
                yield found_at(match, value)
    for match in _ONE_JA.finditer(text):
        yield _one_japanese(match, text)
    for match in _ONE_EN.finditer(text):
        yield _one_english(match, text)
    for pattern, value in _WORDED:
        yield from (found_at(match, value) for match in pattern.finditer(text))


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
