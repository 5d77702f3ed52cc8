"""The form of the search: what was typed, what it means, and what of it cannot be understood.

Pure: `now` is handed in. Knows nothing of how is searched.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final, Literal, TypeVar, get_args
from zoneinfo import ZoneInfo

from api.permissions.errors import Unfit
from api.web.http.language import Reader
from api.web.pages.forms import Form
from api.words.attribute_words import CLUES
from api.words.texts import Text, said
from api.words.typed_times import MomentUnclear, window as window_between
from archive.access.query import (
    DEFAULT_LIMIT,
    NEWEST,
    AgentClue,
    AnyAgentClue,
    Clue,
    Cursor,
    CustomerClue,
    DirectionClue,
    DurationClue,
    IdClue,
    MarkClue,
    PhoneClue,
    QueryRefused,
    SearchQuery,
    Window,
)
from archive.attributes import SOUGHT
from archive.call.direction import Direction
from archive.call.mentions import ToldAs
from archive.call.notices import NoticesOutcome
from archive.locate.when.values import Calendar

MAX_TEXT: Final = 200
_MS_PER_MINUTE: Final = 60_000
_LONGEST_MS: Final = 366 * 24 * 3_600_000
# Several agents are typed with a comma between them; a Japanese keyboard has others.
_T = TypeVar("_T")
_COMMAS: Final = str.maketrans({"、": ",", "，": ","})

# The quick ranges, in the order in which they are offered; then what is typed.
RANGES: Final = ("today", "yesterday", "7days", "30days", "month", "last-month", "dates")
USUAL_RANGE: Final = "7days"
DIRECTIONS: Final[tuple[Direction, ...]] = get_args(Direction)
TOLD_AS: Final[tuple[ToldAs, ...]] = get_args(ToldAs)
NOTICES: Final[tuple[str, ...]] = tuple(
    value for literal in get_args(NoticesOutcome) for value in get_args(literal)
)


_MINUTES: Final = said("a number of minutes, e.g. 5 or 2.5")
# What a field takes, for who typed something else.
WRONG: Final[Mapping[str, str]] = {
    "from": said("the window ends before it begins"),
    "agent": said("a name of one to six words, or an id; with commas at most eight of them"),
    "customer": said("a name of one to six words"),
    "number": said("a telephone number, or at least its last three digits"),
    "direction": said("one of the directions that the list has"),
    "told_as": said("one of the roles that the list has, and a number"),
    **{kind: words.wanted for kind, words in CLUES.items()},
    "notice": said("one of the outcomes that the list has"),
    "id": said("one id, as it was given to you"),
    "least": said("the least is more than the most"),
    "after": said("this page of the result is none; search anew"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchForm:
    """What stands in the form, by field; `wrong` says of a field what is wrong with it."""

    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, Text] = field(default_factory=dict)
    query: SearchQuery | None = None

    def __getitem__(self, name: str) -> str:
        """What was typed into a field."""
        return self.typed.get(name, "")

    @property
    def is_detailed(self) -> bool:
        """Whether one of those is filled in that are seldom asked for."""
        return any(self[name] for name in DETAILS)

    @property
    def range(self) -> str:
        """The range that is in force."""
        return range_of(self.typed)

    def what_is_wrong(self, name: str, reader: Reader) -> str:
        """What is wrong with a field; "" where nothing is."""
        return reader.told(self.wrong[name]) if name in self.wrong else ""


# Under "More" on the page.
DETAILS: Final = ("told_as", *SOUGHT, "notice", "id", "least", "most")
FIELDS: Final = (
    "range", "from", "to", "agent", "customer", "number", "direction", *DETAILS, "after",
)  # fmt: skip


def read_form(form: Form, zone: ZoneInfo, country: str, now: datetime) -> SearchForm:
    """Read what was typed; without a query where something of it is wrong."""
    typed = {name: form.text(name) for name in FIELDS}
    wrong: dict[str, Text] = {
        name: Text(said("at most {most} characters"), {"most": str(MAX_TEXT)})
        for name, value in typed.items()
        if len(value) > MAX_TEXT
    }
    wrong |= {
        name: Text(said("nothing is called that here"))
        for name in form.fields
        if name not in FIELDS
    }
    asked = _Reading(typed, wrong)
    window = asked.field("from", lambda: _window(typed, zone, now, Calendar.of(country)))
    clues = tuple(_clues(asked, country))
    after = asked.field("after", lambda: Cursor.parse(typed["after"])) if typed["after"] else NEWEST
    query = None
    if not wrong and window is not None and after is not None:
        query = asked.field(
            "id",
            lambda: SearchQuery(window=window, clues=clues, after=after, limit=DEFAULT_LIMIT),
        )
    return SearchForm(typed=typed, wrong=wrong, query=query)


@dataclass(frozen=True, slots=True)
class _Reading:
    typed: Mapping[str, str]
    wrong: dict[str, Text]

    def field(self, name: str, read: Callable[[], _T]) -> _T | None:
        """What a field means; None, and why, where it means nothing."""
        try:
            return read()
        except QueryRefused:
            self.wrong.setdefault(name, Text(WRONG[name]))
        except MomentUnclear as unclear:
            self.wrong.setdefault(name, unclear.told)
        except (ValueError, OverflowError):
            self.wrong.setdefault(name, Text(_MINUTES))
        return None


def _clues(asked: _Reading, country: str) -> Iterator[Clue]:
    told_as = asked.field(
        "told_as", lambda: _told_as(asked.typed["told_as"], asked.typed["number"])
    )
    readers: Mapping[str, Callable[[str], Clue]] = {
        "agent": _agents,
        "customer": CustomerClue,
        "number": lambda text: PhoneClue.parse(text, country, told_as or ""),
        "direction": _direction,
        **{kind: partial(MarkClue, kind) for kind in SOUGHT},
        "notice": partial(MarkClue, "notice"),
        "id": IdClue,
    }
    for name, read in readers.items():
        if text := asked.typed[name]:
            found = asked.field(name, partial(read, text))
            if found is not None:
                yield found
    lasting = asked.field("least", lambda: _lasting(asked.typed["least"], asked.typed["most"]))
    if lasting is not None:
        yield lasting


def _told_as(text: str, number: str) -> ToldAs | Literal[""]:
    """As what the number was told, "" where that does not matter; it takes a number."""
    if not text:
        return ""
    found = next((each for each in TOLD_AS if each == text), None)
    if found is None or not number:
        raise QueryRefused("told_as", Unfit.TOLD_AS)
    return found


def _agents(text: str) -> Clue:
    named = [AgentClue(each) for each in text.translate(_COMMAS).split(",") if each.strip()]
    return named[0] if len(named) == 1 else AnyAgentClue(tuple(named))


def _direction(text: str) -> Clue:
    found = next((each for each in DIRECTIONS if each == text), None)
    if found is None:
        raise QueryRefused("direction", Unfit.DIRECTION)
    return DirectionClue(found)


def _lasting(least: str, most: str) -> Clue | None:
    if not least and not most:
        return None
    least_ms = round(float(least) * _MS_PER_MINUTE) if least else 0
    most_ms = round(float(most) * _MS_PER_MINUTE) if most else _LONGEST_MS
    if not 0 <= least_ms <= _LONGEST_MS or not 0 <= most_ms <= _LONGEST_MS:
        raise ValueError(least)
    return DurationClue(min_ms=least_ms, max_ms=most_ms)


def _window(typed: Mapping[str, str], zone: ZoneInfo, now: datetime, calendar: Calendar) -> Window:
    """The window that was chosen, or typed: both ends, or one day."""
    chosen = range_of(typed)
    if chosen == "dates":
        begin, end = typed["from"] or typed["to"], typed["to"] or typed["from"]
        if not begin:
            raise MomentUnclear(said("type a day, e.g. 2026-10-29, or choose a range"))
    else:
        first, last = _range(chosen, now.astimezone(zone).date())
        begin, end = first.isoformat(), last.isoformat()
    start_at, end_at = window_between(begin, end, zone, now, calendar)
    return Window(start_at=start_at, end_at=end_at, zone=zone)


def range_of(typed: Mapping[str, str]) -> str:
    """Which range is meant: dates that are typed are never left aside."""
    return "dates" if typed["from"] or typed["to"] else typed["range"] or USUAL_RANGE


def _range(chosen: str, today: date) -> tuple[date, date]:
    """The first and the last day of a quick range."""
    before = today.replace(day=1) - timedelta(days=1)
    ranges = {
        "today": (today, today),
        "yesterday": (today - timedelta(days=1), today - timedelta(days=1)),
        "7days": (today - timedelta(days=6), today),
        "30days": (today - timedelta(days=29), today),
        "month": (today.replace(day=1), today),
        "last-month": (before.replace(day=1), before),
    }
    if chosen not in ranges:
        raise MomentUnclear(said("no such range"))
    return ranges[chosen]
