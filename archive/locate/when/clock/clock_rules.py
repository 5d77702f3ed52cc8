"""Times of day as they are said, in words and digits: the rules.

Pure. Knows nothing of dates.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from archive.locate.when.clock.clocks import (
    ABOUT_S,
    HOUR_S,
    MAX_HOUR,
    MINUTE_EDGE_S,
    MINUTE_S,
    PARTS,
    Clock,
    Moment,
    at,
    hour_clock,
    narrowed,
    part_clock,
    qualified,
)
from archive.locate.when.grammar import Rule
from archive.locate.when.numerals import Numeral
from archive.locate.when.periods import Days, NoSuchDay, Setting, day
from archive.locate.when.pieces import Pieces, has, numbers, numerals, word
from archive.locate.when.values import DAY_S

# 3時5分前 is that many minutes to; of others it is before a time that is told to the minute.
_MINUTES_TO: Final = frozenset({5, 10, 15, 20})


def half_of(pieces: Pieces) -> str:
    return next((str(each.value) for each in pieces if each.kind in {"ampm", "午"}), "")


def _said(_setting: Setting, pieces: Pieces) -> Clock | NoSuchDay | None:
    """3時, 午後3時半, 15:30, 3:30 pm, 3 pm."""
    numerals = [each.value for each in pieces if isinstance(each.value, Numeral)]
    minute = (
        numerals[1].value
        if len(numerals) > 1
        else 30
        if any(each.kind == "半" for each in pieces)
        else 0
    )
    signed = any(each.kind == ":" for each in pieces)
    if signed and numerals[1].width != 2:
        return None
    padded = numerals[0].width == 2 and signed and numerals[0].value < 10
    if signed and numerals[0].value in {10, 11, 12}:
        padded = True
    half = half_of(pieces)
    if half and numerals[0].value > 24:
        return None
    if minute > 59 and numerals[0].width <= 2 and numerals[0].value <= MAX_HOUR:
        return NoSuchDay()
    clock = hour_clock(numerals[0].value, minute, half_day=half, padded=padded)
    if clock and len(numerals) == 3:
        second = numerals[2].value
        if second > 59:
            return None
        return replace(
            clock,
            point=False,
            spans=tuple(
                replace(each, begin_s=each.begin_s + second, end_s=each.begin_s + second + 60)
                for each in clock.spans
            ),
        )
    return clock


def _bare(_setting: Setting, pieces: Pieces) -> Clock | None:
    """At 3, around 3, 3ish, three o'clock."""
    (hour,) = numbers(pieces)
    if pieces[0].kind == "n" and len(pieces) == 1 and pieces[0].lead != "at":
        return None
    value = next(each.value for each in pieces if isinstance(each.value, Numeral))
    if value.width == 4 and pieces[-1].kind in {"n", "oclock", "unit"}:
        return _of_four_digits(pieces, value.value)
    if has(pieces, "unit"):
        return None
    if value.written == "ordinal" or value.width > 2 or not 1 <= hour <= 24:
        return None
    clock = hour_clock(hour, 0, half_day=half_of(pieces))
    manner = next((str(each.value) for each in pieces if each.kind in {"pre", "ish", "approx"}), "")
    return qualified(clock, manner) if clock and manner else clock


def _of_four_digits(pieces: Pieces, written: int) -> Clock | None:
    """At 1530, 1500 hours; "at 2105" is perhaps an extension, "at 2110" hardly."""
    if word(pieces, "unit") not in {"", "hour"} or (len(pieces) == 1 and written % 5):
        return None
    return four_digits(written)


def four_digits(written: int) -> Clock | None:
    """1530: half past three in the afternoon."""
    return hour_clock(*divmod(written, 100), padded=True)


def half_past(_setting: Setting, pieces: Pieces) -> Clock | None:
    """Half past three, quarter past three, quarter to four."""
    (hour,) = numbers(pieces)
    minutes = pieces[0].value
    assert isinstance(minutes, int)
    if not 1 <= hour <= 24:
        return None
    if pieces[0].kind == "clock_to":
        return hour_clock(hour - 1 or 12, 60 - minutes, half_day=half_of(pieces))
    return hour_clock(hour, minutes, half_day=half_of(pieces))


def half_ten(_setting: Setting, pieces: Pieces) -> Clock | None:
    """Half ten, as it is said in Britain: half past."""
    (hour,) = numbers(pieces)
    said = numerals(pieces)[0]
    if said.width > 2 or said.written == "ordinal" or not 1 <= hour <= 12:
        return None
    return hour_clock(hour, 30, half_day=half_of(pieces))


def _minutes_past(_setting: Setting, pieces: Pieces) -> Clock | None:
    """Ten past three, twenty minutes to four."""
    minutes, hour = numbers(pieces)
    numeral = pieces[0].value
    assert isinstance(numeral, Numeral)
    unit = [each.value for each in pieces if each.kind == "unit"]
    if unit not in ([], ["minute"]) or not (1 <= hour <= 12 and 1 <= minutes <= 59):
        return None
    to = any(each.kind in {"to", "before"} for each in pieces)
    if to and not unit and (numeral.written != "word" or minutes not in {5, 10, 20, 25}):
        return None
    if to:
        return hour_clock(hour - 1 or 12, 60 - minutes, half_day=half_of(pieces))
    return hour_clock(hour, minutes, half_day=half_of(pieces))


def _minutes_to(_setting: Setting, pieces: Pieces) -> Clock | None:
    """3時5分前: five to three; 3時半前 and 3時30分前 are before that."""
    hour, minutes = numbers(pieces)
    if not (1 <= hour <= 24 and minutes in _MINUTES_TO):
        return None
    earlier = hour - 1 if hour > 12 else hour - 1 or 12
    return hour_clock(earlier, 60 - minutes, half_day=half_of(pieces))


def _either_hour(_setting: Setting, pieces: Pieces) -> Clock | None:
    """午後2時か3時, 3、4時, 2 or 3 in the afternoon, at 3 or 4."""
    said = [at for at, each in enumerate(pieces) if isinstance(each.value, Numeral)]
    one, other = (pieces[at] for at in said)
    if not has(pieces, "or") and other.lead not in {"、", ",", "・"}:
        return None
    if pieces[-1] is other and one.lead != "at" and pieces[0].kind != "pre":
        return None
    if any(each.written == "ordinal" or each.width > 2 for each in numerals(pieces)):
        return None
    halves = [pieces[at + 2].kind == "半" if at + 2 < len(pieces) else False for at in said]
    half = half_of(pieces)
    clocks = [
        hour_clock(hour, 30 * is_half, half_day="pm" if half == "am" and hour == 12 else half)
        for hour, is_half in zip(numbers(pieces), halves, strict=True)
        if 1 <= hour <= 30
    ]
    found = [each for each in clocks if each is not None]
    if len(found) < 2:
        return None
    both = replace(found[0], spans=tuple(span for each in found for span in each.spans))
    manner = word(pieces, "ish", "pre")
    if has(pieces, "part"):
        return narrowed(part_clock(word(pieces, "part")), both)
    return qualified(both, manner) if manner else both


def _part(_setting: Setting, pieces: Pieces) -> Clock:
    return part_clock(str(pieces[0].value))


def _modified_part(_setting: Setting, pieces: Pieces) -> Clock | None:
    """Early evening, 午後遅く."""
    part = word(pieces, "part") or {"am": "forenoon", "pm": "afternoon"}[word(pieces, "ampm", "午")]
    manner = word(pieces, "third", "later", "早く")
    name = f"{manner}_{part.removesuffix('_en')}"
    if name in PARTS:
        return part_clock(name)
    if manner not in {"early", "mid", "late"}:
        return None
    (whole,) = part_clock(part).spans
    third = (whole.end_s - whole.begin_s) // 3
    begin = whole.begin_s + {"early": 0, "mid": third, "late": 2 * third}[manner]
    return Clock(spans=(replace(whole, begin_s=begin, end_s=begin + third),), part=part)


def _half_day(_setting: Setting, pieces: Pieces) -> Clock | None:
    """午前, 午後 alone."""
    return part_clock("forenoon" if pieces[0].value == "am" else "afternoon")


def _part_hour(_setting: Setting, pieces: Pieces) -> Clock | None:
    """7 in the evening, 1.30 in the morning; one evening."""
    hour, minute = (*numbers(pieces), 0)[:2]
    part = pieces[-1]
    if hour == 1 and len(pieces) == 2 and numerals(pieces)[0].written == "word":
        return part_clock(str(part.value))
    if not 1 <= hour <= 12 or not (part.lead or part.value in {"noon", "midnight"}):
        return None
    clock = hour_clock(hour, minute)
    return narrowed(part_clock(str(part.value)), clock) if clock else None


def _day_part(setting: Setting, pieces: Pieces) -> Moment:
    value = pieces[0].value
    assert isinstance(value, tuple)
    days, part = value
    return Moment(Days(spans=(day(setting.today + timedelta(days=days)),)), part_clock(part))


def _this_hour(setting: Setting, pieces: Pieces) -> Moment:
    """昨日の今頃."""
    days = pieces[0].value
    assert isinstance(days, int)
    half = HOUR_S // 2
    begin = max(setting.now_s // 60 * 60 - half, 0)
    span = at(begin, half, length_s=setting.now_s // 60 * 60 + half - begin)
    clock = Clock(spans=(span,), exact=True)
    return Moment(Days(spans=(day(setting.today + timedelta(days=days)),)), clock)


def _this_part(setting: Setting, pieces: Pieces) -> Moment:
    """This morning."""
    part = part_clock(str(pieces[1].value))
    return Moment(Days(spans=(day(setting.today),)), part)


def _hours_ago(setting: Setting, pieces: Pieces) -> Moment | None:
    """Half an hour ago, 2時間前."""
    few = word(pieces, "few")
    count = (numbers(pieces) or [{"few": 3, "couple": 2}.get(few, 1)])[0]
    unit = next((str(each.value) for each in pieces if each.kind in {"unit", "count"}), "minute")
    seconds = count * {"hour": HOUR_S, "minute": MINUTE_S}.get(unit, 0)
    if not 0 < seconds <= 100 * HOUR_S:
        return None
    if any(each.kind == "half_word" for each in pieces):
        seconds //= 2
    then = setting.now_s // 60 * 60 - seconds
    days, second = divmod(then, DAY_S)
    vague = 2 if few or has(pieces, "approx", "ほど", "ish") else 4
    edge = max(seconds // vague // 60 * 60, MINUTE_EDGE_S)
    clock = Clock(spans=(at(second, edge),), exact=True)
    return Moment(Days(spans=(day(setting.today + timedelta(days=days)),)), clock)


def _narrow(_setting: Setting, pieces: Pieces) -> Clock | None:
    """夕方の5時, 2時ごろ(午後), 25:00 (1 am)."""
    clocks = [each.value for each in pieces if isinstance(each.value, Clock)]
    if told := _told_past_24(clocks):
        return told
    if has(pieces, "翌", "shift"):
        return None
    part = next((each for each in clocks if not each.exact), None)
    exact = next((each for each in clocks if each.exact), None)
    if part and exact:
        return narrowed(part, exact)
    return exact if has(pieces, "(") and exact else None


def _told_past_24(clocks: list[Clock]) -> Clock | None:
    """25時（翌1時）, 25:00, i.e. 1 am: the same time told twice, first by the day before."""
    first, second = (each.spans for each in clocks)
    same = any(
        abs(one.begin_s - DAY_S - other.begin_s % DAY_S) <= ABOUT_S
        for one in first
        for other in second
    )
    return clocks[0] if same and all(each.exact for each in clocks) else None


def _beside_hour(_setting: Setting, pieces: Pieces) -> Clock | None:
    """After 5 on the 12th; after 5 calls is none."""
    said = numerals(pieces)[0]
    if pieces[0].value == "past" or said.width > 2 or said.written == "ordinal":
        return None
    clock = hour_clock(said.value, 0) if 1 <= said.value <= 24 else None
    return qualified(clock, "until" if pieces[0].kind == "before" else "from") if clock else None


def _manner(_setting: Setting, pieces: Pieces) -> Clock | None:
    clock = next(each.value for each in pieces if isinstance(each.value, Clock))
    others = [each for each in pieces if not isinstance(each.value, Clock)]
    # 15時ちょうどくらい is about then, 15時過ぎ頃 behind it.
    other = others[-1] if others[0].value == "sharp" else others[0]
    if other.kind in {"前", "台", "半"}:
        if not clock.exact:
            return None
        return qualified(clock, {"前": "before", "台": "hour", "明け": "after"}.get(other.kind, ""))
    if other.value == "of":
        return clock  # from three: then it began
    if other.kind in {"before", "after"}:
        return qualified(clock, "until" if other.kind == "before" else "from")
    return qualified(clock, str(other.value))


RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("午? n 時 半?", _said),
    ("午? n 時 n 分? !時", _said),
    ("午? n 時 n 分 前", _minutes_to),
    ("午? n 時 半? or n 時 半?", _either_hour),
    ("午? n or? n 時", _either_hour),
    ("n or n ampm|oclock|ish|part", _either_hour),
    ("n or n !unit|/|.|month|to|count|分|n|日|月|年|:|時", _either_hour),
    ("午|ampm? n : n ampm?", _said),
    ("n : n : n", _said),
    ("n 時 n 分 n 秒", _said),
    ("午|ampm n", _said),
    ("n ampm", _said),
    ("n . n ampm", _said),
    ("n !unit|/|.|month|to|count|分|n|日|月|年", _bare),
    ("n . n part", _part_hour),
    ("n : n part", _part_hour),
    ("n ish|oclock", _bare),
    ("n ish|oclock ampm", _bare),
    ("n unit !ago|before|after|later", _bare),
    ("clock_half|clock_past|clock_to n ampm?", half_past),
    ("half_word n !unit|count|/|.|n|to|:|month|year", half_ten),
    ("half_word n ampm", half_ten),
    ("n unit? after|last n ampm?", _minutes_past),
    ("n unit? to|before n ampm?", _minutes_past),
    ("part", _part),
    ("third|later part", _modified_part),
    ("午|ampm", _half_day),
    ("n part", _part_hour),
    ("part 早く", _modified_part),
    ("午 早く", _modified_part),
    ("day_part", _day_part),
    ("this part", _this_part),
    ("day 今頃", _this_hour),
    ("n 分|count 前", _hours_ago),
    ("n 分|count approx|ほど 前", _hours_ago),
    ("n|article unit ish ago", _hours_ago),
    ("article? few unit ago", _hours_ago),
    ("n|article unit ago", _hours_ago),
    ("half_word article unit ago", _hours_ago),
    ("half_word article unit ish ago", _hours_ago),
)
NARROWING: Final[tuple[tuple[str, Rule], ...]] = (
    ("clock clock", _narrow),
    ("clock ( clock )", _narrow),
    ("clock 翌|shift clock", _narrow),
    ("clock ( 翌|shift clock )", _narrow),
)
# About, first; from and until when ranges are made.
APPROXIMATE: Final[tuple[tuple[str, Rule], ...]] = (
    ("clock approx|台|ish|明け", _manner),
    ("clock approx approx", _manner),
    ("clock 前", _manner),
    ("pre|approx|およそ clock", _manner),
    ("pre n ish|oclock? !unit|count|分|年|月|日|n|/|or", _bare),
    ("pre n or n !unit|count|分|年|月|日|n|/|month", _either_hour),
)
BOUNDING: Final[tuple[tuple[str, Rule], ...]] = (
    ("clock bound", _manner),
    ("since|after|before clock", _manner),
    ("after|before n !n|unit|unknown|count|/|.|:|month|to|or|and", _beside_hour),
)
