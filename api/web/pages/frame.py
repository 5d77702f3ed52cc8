"""Templates filled: what every page has around it, words and times in the language of its reader.

Knows nothing of what is on a page; escapes everything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.health.alarm_words import ToldAlarm, told_alarms
from api.health.board import Health
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from api.web.http.language import LANGUAGES, Reader
from api.web.http.own_zone import zone_of
from api.web.pages.assets import address
from api.web.pages.navigation import APPROVALS, RETENTION, Way, is_within, ways_of
from api.web.pages.preferences import reader_of
from api.web.pages.visit import Visit
from api.words import time_words
from api.words.number_words import number_told, parts_looked_for
from api.words.values import WORDS, party_words, words_of
from archive.call.numbers import number_digits
from archive.moments import moment

FOLDER: Final = Path(__file__).parent.parent / "templates"
# What languages are called in themselves.
NAMES: Final = {"en": "English", "ja": "日本語"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What is around a page: for whom, in which language, where one is."""

    reader: Reader
    path: str
    address: str
    origin: str
    visit: Visit | None
    purposes: tuple[str, ...]
    health: Health

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.reader.language

    @property
    def ways(self) -> tuple[Way, ...]:
        """The pages of the navigation."""
        return () if self.visit is None else ways_of(self.visit.actor.account.authority.verbs)

    @property
    def retention_ways(self) -> tuple[Way, ...]:
        """Those of the pages of retention that one may see."""
        return tuple(each for each in RETENTION if self.may(each.verb))

    @property
    def roles(self) -> tuple[Role, ...]:
        """In which roles one acts."""
        if self.visit is None:
            return ()
        return tuple(dict.fromkeys(gift.role for gift in self.visit.actor.account.authority.gifts))

    @property
    def may_listen(self) -> bool:
        """Whether one may hear anything at all."""
        return self.visit is not None and self.visit.may(Verb.LISTEN)

    @property
    def alarms(self) -> tuple[ToldAlarm, ...]:
        """What is wrong with the installation, for whose duty that is, the worst first."""
        return told_alarms(self.health) if self.may(Verb.HEALTH) else ()

    def may(self, verb: str) -> bool:
        """Whether one may do this at all, by the word of a verb."""
        return self.visit is not None and self.visit.may(Verb(verb))

    def count_at(self, way: Way) -> int:
        """How much waits there for who looks."""
        return self.visit.waiting if self.visit and way.path == APPROVALS else 0

    def is_at(self, way: Way) -> bool:
        """Whether this page belongs to that way."""
        return is_within(self.path, way)


@dataclass(frozen=True, slots=True)
class _Told:
    """The filters of one page: its language and its zone."""

    reader: Reader
    zone: ZoneInfo
    country: str
    looked: Sequence[str] = ()

    def words(self, source: str) -> str:
        return self.reader.words(self.reader.language, source) if source else ""

    def value(self, value: str, kind: str) -> str:
        """Its words; what has none is a name, and is not translated."""
        return self.words(words_of(kind, value)) or value

    def party(self, label: str) -> str:
        """A name, a number in the form of its country, or why there is none."""
        return self.words(party_words(label)) or number_told(label, self.country)

    def marked(self, label: str) -> Markup:
        """The same, with the digits of a number marked that were looked for."""
        told = self.party(label)
        looked = self.looked if number_digits(label) else ()
        before, found, behind = parts_looked_for(told, looked)
        if not found:
            return escape(told)
        return Markup("{}<mark>{}</mark>{}").format(before, found, behind)

    def parties(self, labels: Mapping[str, str]) -> dict[str, str]:
        return {who: self.party(label) for who, label in labels.items()}

    def table(self, *kinds: str) -> dict[str, str]:
        """The words of all values of some kinds, which have none in common: what a script says."""
        told = [each for kind in kinds for each in WORDS[kind].items()]
        assert len({value for value, _ in told}) == len(told)
        return {value: self.words(source) for value, source in told}

    def moment(self, at: datetime | int, *, seconds: bool = True) -> str:
        return time_words.moment_told(_moment(at), self.zone, self.reader.language, seconds=seconds)

    def span(self, begin: datetime, end: datetime) -> str:
        return time_words.span_told(begin, end, self.zone, self.reader.language)

    def day(self, day: date) -> str:
        return time_words.day_told(day, self.reader.language)

    def iso(self, at: datetime | int) -> str:
        return _moment(at).astimezone(self.zone).isoformat()

    def clock(self, at: datetime | int) -> str:
        return time_words.clock_told(_moment(at), self.zone)

    def zone_of(self, at: datetime | int) -> str:
        return time_words.zone_told(_moment(at), self.zone)

    def spoken(self, ms: float) -> str:
        return time_words.length_said(ms, self.reader.language)


def render(
    request: Request, template: str, *, status: int = 200, values: Mapping[str, Any] | None = None
) -> HTMLResponse:
    """A page for whoever asked for it."""
    filled = fill(request, template, values or {})
    language = _reader(request).language
    return HTMLResponse(filled, status, {"Content-Language": language})


def fill(request: Request, template: str, values: Mapping[str, Any]) -> str:
    """A template, or a part of a page, for whoever asked for it."""
    visit = _visit(request)
    application = request.app.state.application
    zone = zone_of(request, application.place.zone) if visit is None else visit.zone
    told = _Told(_reader(request), zone, application.place.country, values.get("looked", ()))
    frame = Frame(
        reader=told.reader,
        path=request.url.path,
        address=_address(request),
        origin=f"{request.url.scheme}://{request.url.netloc}",
        visit=visit,
        purposes=tuple(sorted(application.place.purposes)),
        health=application.health.latest,
    )
    return _environment().get_template(template).render(frame=frame, **_spoken(told), **values)


def _address(request: Request) -> str:
    """Where this page is asked for again: of a form's answer the nearest page above the form."""
    path = request.url.path
    if request.method in ("GET", "HEAD"):
        return path + (f"?{request.url.query}" if request.url.query else "")
    form: str = getattr(request.scope.get("route"), "path", "/")
    while form != "/" and form not in request.app.state.pages:
        form, path = _above(form), _above(path)
    return path if form != "/" else "/"


def _above(path: str) -> str:
    return path.rpartition("/")[0] or "/"


def _visit(request: Request) -> Visit | None:
    found: Visit | None = getattr(request.state, "visit", None)
    return found


def _reader(request: Request) -> Reader:
    visit = _visit(request)
    return reader_of(request) if visit is None else visit.reader


def _spoken(told: _Told) -> dict[str, object]:
    return {
        "_": told.words,
        "word": told.value,
        "party": told.party,
        "marked": told.marked,
        "parties": told.parties,
        "table": told.table,
        "reader": told.reader,
        "day": told.day,
        "span": told.span,
        "moment": told.moment,
        "iso": told.iso,
        "clock": told.clock,
        "zone_of": told.zone_of,
        "spoken": told.spoken,
        "size_told": time_words.size_told,
    }


def _moment(at: datetime | int) -> datetime:
    """A time, or µs since 1970 UTC, as a time."""
    return at if isinstance(at, datetime) else moment(at)


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        loader=FileSystemLoader(FOLDER),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(asset=address, languages={each: NAMES[each] for each in LANGUAGES})
    environment.filters["lasting"] = time_words.length_told
    return environment
