"""Days counted from another day: the day after, 3日後, a week before, the next morning.

Pure. Says how far and on which side the other day stands; `counted` finds it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar, Final

from archive.locate.when.ago import MAX_DAYS, ago
from archive.locate.when.grammar import Rule
from archive.locate.when.numerals import Numeral
from archive.locate.when.periods import (
    FIRST_YEAR,
    LAST_YEAR,
    Days,
    Setting,
    Spans,
    shifted,
    week_of,
    widened,
)
from archive.locate.when.pieces import Piece, Pieces, numbers, unit, weekdays, word
from archive.locate.when.relative import last_weekday
from archive.locate.when.values import EVERY_DAY, DaySpan

_UNIT_DAYS: Final = {"day": 1, "week": 7, "fortnight": 14, "month": 30}
# A week after a day is about that; a month still more so.
_AROUND: Final = {"week": 2, "fortnight": 3, "month": 7}
# A few: so many and so many, of whatever is counted.
_FEW: Final = (2, 5)
_WEEK_AROUND: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """So many days after another day; before it, below 0."""

    first: int
    last: int
    around: int = 0
    weeks: bool = False  # the whole week
    weekdays: frozenset[int] = frozenset()  # the first such day on that side
    behind: bool = False  # the other day is said behind it: "the day after my order of …"
    otherwise: Days | None = None  # from today, where no other day is meant: 3日前
    kind: ClassVar[str] = "shift"


def moved(spans: Spans, shift: Shift, setting: Setting) -> Spans:
    """The days that are counted from these; what lies beyond all calendars is dropped."""
    found = (_moved(each, shift, setting) for each in spans if _is_near(each))
    return tuple(each for each in found if _is_near(each))


def _is_near(span: DaySpan) -> bool:
    return span.first.year >= FIRST_YEAR and span.last.year <= LAST_YEAR


def _moved(span: DaySpan, shift: Shift, setting: Setting) -> DaySpan:
    if shift.weekdays:
        at = _weekday_beside(span, shift)
        return DaySpan(first=at, last=at, weight=span.weight)
    if shift.weeks:
        return widened((shifted(week_of(span.first, setting), shift.first),), _WEEK_AROUND)[0]
    if not (shift.first or shift.last):
        return span
    at = span.last if shift.last > 0 else span.first
    return DaySpan(
        first=at + timedelta(days=shift.first),
        last=at + timedelta(days=shift.last),
        before_days=shift.around,
        after_days=shift.around,
        weight=span.weight,
    )


def _weekday_beside(span: DaySpan, shift: Shift) -> date:
    steps = range(1, 8)
    if shift.first > 0:
        days = (span.last + timedelta(days=each) for each in steps)
    else:
        days = (span.first - timedelta(days=each) for each in steps)
    return next(each for each in days if each.weekday() in shift.weekdays)


def moved_weekdays(days: frozenset[int], shift: Shift) -> frozenset[int]:
    """The weekdays so many days later, those of a week the same."""
    if shift.weeks or days == EVERY_DAY:
        return EVERY_DAY
    if shift.weekdays:
        return shift.weekdays
    steps = range(shift.first, shift.last + 1)
    return frozenset((each + step) % 7 for each in days for step in steps)


def unfolded(pieces: Pieces) -> Pieces:
    """翌朝 as 翌 and 朝, "the morning after" and "the next morning" as a part and a count."""
    return tuple(each for at in range(len(pieces)) for each in _unfolded(pieces, at))


def _unfolded(pieces: Pieces, at: int) -> Iterator[Piece]:
    piece, before, after = pieces[at], pieces[at - 1 : at], pieces[at + 1 : at + 2]
    if piece.kind == "shift_part":
        days, part = piece.value if isinstance(piece.value, tuple) else (0, "")
        middle = piece.end - 1
        yield replace(piece, kind="shift", value=days, end=middle)
        yield Piece(kind="part", value=part, begin=middle, end=piece.end)
    elif piece.kind == "next" and after and after[0].kind == "part":
        yield replace(piece, kind="shift", value=1)
    elif piece.kind in {"after", "before"} and _is_part_of_other(before, after):
        yield replace(piece, kind="shift_on", value=1 if piece.kind == "after" else -1)
    else:
        yield piece


def _is_part_of_other(before: Pieces, after: Pieces) -> bool:
    """The morning after my order; not in the morning after ten."""
    told = bool(before) and before[0].kind == "part" and before[0].lead in {"the", "on"}
    return told and (not after or after[0].kind not in {"part", "ampm", "午", "unit"})


def _by_word(_setting: Setting, pieces: Pieces) -> Shift | None:
    """翌日, 数日後, "the same day as"."""
    first, last = _pair(pieces[0].value)
    return Shift(first=first, last=last, behind=pieces[0].kind == "shift_on")


def _pair(value: object) -> tuple[int, int]:
    if isinstance(value, tuple):
        return value[0], value[1]
    assert isinstance(value, int)
    return value, value


def _by_working_day(_setting: Setting, pieces: Pieces) -> Shift:
    """翌営業日: holidays are not looked up, for the ranking allows a day."""
    first, last = _pair(pieces[0].value)
    return Shift(first=first, last=last, weekdays=frozenset(range(5)))


def _by_week(_setting: Setting, pieces: Pieces) -> Shift:
    first, last = _pair(pieces[0].value)
    return Shift(first=7 * first, last=7 * last, weeks=True)


def _following(_setting: Setting, pieces: Pieces) -> Shift | None:
    """The next day, the following day or week: never counted from today."""
    match pieces[0].value, unit(pieces):
        case _, "day":
            return Shift(first=1, last=1, behind=pieces[-1].kind == "after")
        case "following", "week":
            return Shift(first=7, last=7, weeks=True)
    return None


def _counted(sign: int) -> Rule:
    """Three days after, 3日後, a day or two later, the week before."""

    def rule(_setting: Setting, pieces: Pieces) -> Shift | None:
        named = unit(pieces)
        first, last = _counts(pieces)
        days = _UNIT_DAYS.get(named, 0)
        if not 0 < first * days <= last * days <= MAX_DAYS:
            return None
        ends = sorted((sign * first * days, sign * last * days))
        return Shift(
            first=ends[0],
            last=ends[1],
            around=_AROUND.get(named, 0),
            weeks=named == "week" and len(pieces) == 2 and pieces[0].kind == "unit",
            behind=pieces[-1].kind in {"after", "before"},
        )

    return rule


def _counts(pieces: Pieces) -> tuple[int, int]:
    """How many: from and to."""
    few = word(pieces, "few")
    if few:
        return _FEW if few == "few" else (2, 2)
    found = numbers(pieces)
    if any(isinstance(each.value, Numeral) and each.value.pair for each in pieces):
        return divmod(found[0], 10)
    if any(each.kind in {"or", "to"} for each in pieces) and len(found) == 1:
        return 1, found[0]  # a day or two
    return (found[0], found[-1]) if found else (1, 1)


def _back(setting: Setting, pieces: Pieces) -> Shift | None:
    """3日前: of today, or of a day that is said before it."""
    if unit(pieces) not in {"day", "week"}:
        return None
    shift = _counted(-1)(setting, pieces)
    days = ago(setting, numbers(pieces)[0], unit(pieces))
    if not isinstance(shift, Shift) or not isinstance(days, Days) or shift.first != shift.last:
        return None
    return replace(shift, otherwise=days)


def _weekday_before(setting: Setting, pieces: Pieces) -> Shift:
    """前の月曜: the last one before a day that is said before it, else before today."""
    (wanted,) = weekdays(pieces)
    return Shift(first=-1, last=-1, weekdays=wanted, otherwise=last_weekday(setting, wanted))


RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("shift|shift_on|shift_few", _by_word),
    ("week_shift", _by_week),
    ("work_shift", _by_working_day),
    ("next unit after?", _following),
    ("n 日|週|count 前", _back),
    ("前 weekday", _weekday_before),
    ("n 日|週|count 後", _counted(1)),
    ("n to|or? n 日|週|count 後", _counted(1)),
    ("unit before", _counted(-1)),
    ("unit after", _counted(1)),
    ("n|article unit after|later", _counted(1)),
    ("n|article unit before", _counted(-1)),
    ("article n unit after|later", _counted(1)),
    ("article n unit before", _counted(-1)),
    ("article? few unit after|later", _counted(1)),
    ("article? few unit before", _counted(-1)),
    ("n to|or n unit after|later", _counted(1)),
    ("n to|or n unit before", _counted(-1)),
    ("article unit or n after|later", _counted(1)),
    ("article unit or n before", _counted(-1)),
)
