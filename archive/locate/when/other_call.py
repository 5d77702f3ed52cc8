"""A time that is another call's: 10/29の通話より前, "before the call of 29 October", 昨日かけた後.

Pure. What is meant lies on that side of its day, or earlier or later on it. Knows no rules of time.
"""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from archive.locate.when.clock.clocks import Clock, qualified
from archive.locate.when.periods import Days, Period, Setting, Spans, Weekdays, resolved
from archive.locate.when.pieces import Piece, Pieces
from archive.locate.when.shifts import Shift
from archive.locate.when.values import EVERY_DAY, DaySpan

# How far back a call before another may lie.
BACK_DAYS: Final = 366
_CALL_JA: Final = r"(?:お?電話|通話|コール|録音|やりとり|会話|お?問い?合わせ|ご?連絡)"
_BEHIND: Final = re.compile(
    rf"\s?(?:の(?:(?!前)[一-鿿ァ-ヺー]{{1,8}}の)?|に(?:あった|した|かけた|受けた)?)?"
    rf"(?:{_CALL_JA}(?:を?(?:した|かけた|もらった|いただいた|受けた)|が?(?:あった|来た|きた))?"
    r"|(?:かけ|掛け|話し|電話し|もら)(?:って)?(?:もらっ|いただい)?た)"
    r"(?:\s?(?:の|より(?:も|は)?|から))?、?(?:少し|ちょっと|もっと|すぐ)?\s?"
    r"(?P<side>前(?!回|半|後|日)|後(?!半|日)|あと)"
)
_BEFORE: Final = re.compile(
    r"\b(?P<side>before|prior to|earlier than|after|following|since|later than)\s+"
    r"(?:(?:the|my|our|that|your|his|her|their|a|one|i|we|they|he|she)\s+){0,2}"
    r"(?:(?:phone|first|second|other|last|previous|original)\s+)*"
    r"(?:(?:calls?|conversation|one|chat|recording)\b(?:\s+(?:that|which|i|we|they|he|she|was|were"
    r"|had|made|took|placed))*|called|rang|phoned|spoke|talked)\s*(?:of|on|from|in|at)?\s*(?:the)?"
    r"\s*$",
    re.IGNORECASE,
)
_OWNED: Final = re.compile(
    r"(?:['’]s)?\s+(?:phone |first |last )?(?:call|conversation|chat)\b", re.IGNORECASE
)
_SIDE: Final = re.compile(r"\b(?P<side>before|prior to|after|since)\s+(?:the\s+)?$", re.IGNORECASE)
_NEAR: Final = 70
_LATER: Final = frozenset({"後", "あと", "after", "following", "since", "later than"})
_TIMES: Final = (Period, Weekdays, Clock)
Found = tuple[str, int, int]  # on which side of it, and where its words begin and end


def bounded(pieces: Pieces, text: str, setting: Setting) -> Pieces:
    """The pieces, of which the time of another call says what lies before or behind it."""
    kept = list(pieces)
    at = 0
    while at < len(kept):
        end = _end_of_run(kept, at, text)
        run = kept[at : end + 1]
        found = _found(run, text) if isinstance(run[0].value, _TIMES) else None
        if found is not None and not _is_count(kept, found):
            side, first, last = found
            moved = replace(_moved(run, side, setting), begin=first, end=last, opens=-1)
            before = [each for each in kept[:at] if each.begin < first]
            after = [each for each in kept[end + 1 :] if each.end > last]
            kept, end = [*before, moved, *after], len(before)
        at = end + 1
    return tuple(kept)


def _is_count(kept: list[Piece], found: Found) -> bool:
    """The day before my call of 24 November, 24日の電話の前の日: that day, not all until then."""
    _, first, last = found
    return any(
        isinstance(each.value, Shift) and each.begin < last and first < each.end for each in kept
    )


def _end_of_run(kept: list[Piece], at: int, text: str) -> int:
    """先週の火曜の15時: a day, its weekday and its time are one."""
    end = at
    while end + 1 < len(kept) and isinstance(kept[end + 1].value, Weekdays | Clock):
        gap = text[kept[end].end : kept[end + 1].begin]
        if gap.strip() not in {"", "の", "(", "（", "at", "on"}:
            break
        end += 1
    return end


def _found(run: list[Piece], text: str) -> Found | None:
    begin, end = run[0].begin, run[-1].end
    behind = _BEHIND.match(text, end)
    if behind is not None:
        return behind["side"], begin, behind.end()
    start = max(run[0].first - _NEAR, 0)
    head = text[start:begin]
    if text[begin : begin + 4].casefold() == "one ":  # the one on Monday
        head += text[begin : begin + 3]
    before = _BEFORE.search(head)
    if before is not None:
        return before["side"].lower(), start + before.start(), end
    owned, side = _OWNED.match(text, end), _SIDE.search(text[start:begin])
    if owned is not None and side is not None:
        return side["side"].lower(), start + side.start(), owned.end()
    return None


def _moved(run: list[Piece], side: str, setting: Setting) -> Piece:
    """On that side of its day; of a time of day alone, of that."""
    first = run[0]
    if isinstance(first.value, Clock):
        clock = qualified(first.value, "from" if side in _LATER else "until")
        return replace(first, value=clock)
    weekdays = [each.value.days for each in run if isinstance(each.value, Weekdays)]
    if isinstance(first.value, Weekdays):
        days = _last_of(weekdays[0], setting)
    else:
        assert isinstance(first.value, Period)
        days = _only(resolved(first.value, setting), weekdays)
    return replace(first, kind="days", value=Days(spans=_beside(days, side, setting)))


def _last_of(weekdays: frozenset[int], setting: Setting) -> Spans:
    back = min((setting.today.weekday() - each) % 7 or 7 for each in weekdays)
    at = setting.today - timedelta(days=back)
    return (DaySpan(first=at, last=at),)


def _only(days: Days, weekdays: list[frozenset[int]]) -> Spans:
    """Of a week its Tuesday."""
    spans = days.spans[:1]
    for only in (days.weekdays, *weekdays):
        found = [
            at
            for each in spans
            for step in range(min((each.last - each.first).days, 31) + 1)
            if (at := each.first + timedelta(days=step)).weekday() in only
        ]
        if found and len(only) < len(EVERY_DAY):
            spans = (DaySpan(first=found[0], last=found[-1]),)
    return spans


def _beside(spans: Spans, side: str, setting: Setting) -> Spans:
    if not spans:
        return ()
    if side in _LATER:
        first = spans[0].first
        return (DaySpan(first=first, last=max(setting.today, first)),)
    last = spans[-1].last
    return (DaySpan(first=last - timedelta(days=BACK_DAYS), last=last),)
