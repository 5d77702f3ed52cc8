"""Calls for the command line: found and shown; each under a journalled grant.

Knows nothing of SQL, files or keys.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from archive.catalog.calls import (
    FoundRecording,
    named_target,
)
from archive.catalog.course import RecordingCourse, read_course
from archive.catalog.engine import reading
from archive.catalog.found_legs import FoundLeg
from archive.catalog.known_ids import calls_known_by
from archive.catalog.query import (
    MAX_LIMIT,
    AgentClue,
    AnyAgentClue,
    Clue,
    CustomerClue,
    DirectionClue,
    DurationClue,
    IdClue,
    MarkClue,
    PhoneClue,
    SearchQuery,
    Window,
)
from archive.catalog.shown import show_page
from archive.events import ParticipantChanged, RouteTaken
from archive.grants import Ask, ReadGrant, SearchGrant, Target, grant
from archive.holds import Hold
from archive.ids import DEFAULT_TENANT, ConversationId
from archive.pauses import Masked
from archive.reach import WHOLE_TENANT
from rokuon.choices import Direction
from rokuon.compose.call_lines import CallsFound, by_calls, in_zone, moment, row
from rokuon.compose.catalog import local_access, open_catalog
from rokuon.compose.errors import NothingFound, SeveralFound
from rokuon.compose.notices import notice_row
from rokuon.config.schema import Config
from rokuon.i18n import tr

Shown = dict[str, object]

MS_PER_S: Final = 1_000
US_PER_S: Final = 1_000_000
# Without an upper bound: no call is longer than a day (media.max_call_s).
LONGEST_CALL_S: Final = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQuery:
    """What was typed; empty texts are clues that nobody remembers."""

    since: datetime
    until: datetime
    agent: tuple[str, ...] = ()
    customer: str = ""
    number: str
    id: str
    queue: str = ""
    tag: str = ""
    notice: str = ""
    direction: Direction | None
    min_duration_s: float
    max_duration_s: float | None
    limit: int

    def clues(self, country: str) -> tuple[Clue, ...]:
        """The clues given. Raises `QueryRefused`."""
        found: list[Clue] = []
        if self.agent:
            found.append(_agents(self.agent))
        if self.customer:
            found.append(CustomerClue(self.customer))
        if self.number:
            found.append(PhoneClue.parse(self.number, country))
        if self.id:
            found.append(IdClue(self.id))
        found += [MarkClue("queue", self.queue)] if self.queue else []
        found += [MarkClue("tag", self.tag)] if self.tag else []
        found += [MarkClue("notice", self.notice)] if self.notice else []
        if self.direction:
            found.append(DirectionClue(self.direction.value))
        if self.min_duration_s or self.max_duration_s is not None:
            found.append(self._duration())
        return tuple(found)

    def _duration(self) -> DurationClue:
        longest_s = LONGEST_CALL_S if self.max_duration_s is None else self.max_duration_s
        return DurationClue(
            min_ms=round(self.min_duration_s * MS_PER_S), max_ms=round(longest_s * MS_PER_S)
        )


def _agents(names: tuple[str, ...]) -> Clue:
    """Whom somebody remembers; of several one is enough."""
    agents = tuple(map(AgentClue, names))
    return agents[0] if len(agents) == 1 else AnyAgentClue(agents)


def find_calls(config: Config, query: CallQuery, *, shown_in: ZoneInfo | None) -> list[Shown]:
    """A row for each recording of the calls found; times in the zone, else UTC."""
    zone = shown_in or ZoneInfo("UTC")
    return search_calls(config, query, zone).rows(zone)


def search_calls(config: Config, query: CallQuery, zone: ZoneInfo) -> CallsFound:
    """Search, newest first, until so many calls are found. Raises `QueryRefused`."""
    asked = SearchQuery(
        window=Window(start_at=query.since, end_at=query.until, zone=zone),
        clues=query.clues(config.source[0].country),
        limit=min(query.limit + 1, MAX_LIMIT),
    )
    engine = open_catalog(config)
    granted = grant(engine, SearchGrant, Ask(access=local_access(), detail=_told(asked)))
    return by_calls(_pages(engine, asked, granted), query.limit)


def _pages(engine: Engine, query: SearchQuery, granted: SearchGrant) -> Iterator[FoundRecording]:
    """Page after page of one search."""
    while True:
        page = show_page(engine, query, granted)
        yield from page.found
        if page.next_cursor is None:
            return
        query = replace(query, after=page.next_cursor)


def _told(query: SearchQuery) -> dict[str, str | int | list[str]]:
    return {
        "from": query.window.start_at.isoformat(),
        "to": query.window.end_at.isoformat(),
        "clues": [type(clue).__name__ for clue in query.clues],
    }


def show_call(config: Config, call: str, zone: tzinfo = UTC) -> Shown:
    """Everything known about a call; its id is as for `target_of`.

    Raises `NothingFound`, `SeveralFound`.
    """
    engine = open_catalog(config)
    target = target_of(engine, call)
    granted = grant(engine, ReadGrant, Ask(access=local_access(), target=target))
    with reading(engine) as connection:
        recordings = read_course(connection, target, granted)
    shown = {"call": call, "recordings": [_detail(course) for course in recordings]}
    return {key: in_zone(key, value, zone) for key, value in shown.items()}


def _detail(course: RecordingCourse) -> Shown:
    return {
        **row(course.found, UTC),
        "route": _route(course.taken),
        "legs": _legs(course.found.legs),
        "participants": _changes(course),
        "notices": [notice_row(each) for each in course.notices],
        "masked": [_masked(each) for each in course.masked],
        "holds": [_hold(each, course) for each in course.holds],
        "ended_because": course.ended,
        "stray_codecs": list(course.strays),
    }


def _route(taken: RouteTaken | None) -> Shown:
    """The route that an inline call took, and its marks; {} of a recording session."""
    if taken is None:
        return {}
    return {
        "route": taken.route,
        "target": taken.target,
        "mode": taken.mode,
        "queue": taken.queue,
        "purpose": ", ".join(taken.marks.purposes),
        "controller": taken.controller,
        "tags": list(taken.tags),
    }


def _exact(at_us: int) -> str:
    return datetime.fromtimestamp(at_us / US_PER_S, UTC).isoformat(timespec="microseconds")


def _masked(interval: Masked) -> Shown:
    return {
        "from": _exact(interval.from_us),
        "until": _exact(interval.until_us),
        "by": interval.by,
        "reason": interval.reason,
        "until_because": interval.because,
    }


def _hold(hold: Hold, course: RecordingCourse) -> Shown:
    return {
        "from": _exact(hold.from_us),
        "until": _exact(hold.until_us),
        "who": _labels(course.found.legs).get(hold.participant, hold.participant),
        "told_by": hold.told_by,
        "participant": hold.participant,
    }


def _labels(legs: Sequence[FoundLeg]) -> dict[str, str]:
    """What people would call each participant, by the client's id."""
    return {leg.who.participant: leg.label for leg in legs if leg.label}


def _changes(course: RecordingCourse) -> list[Shown]:
    labels = _labels(course.found.legs)
    return [_change(each, labels.get(each.instead_of, each.instead_of)) for each in course.changes]


def _change(change: ParticipantChanged, in_place_of: str) -> Shown:
    return {
        "at": moment(change.at_us, UTC),
        "what": change.what,
        "address": change.aor,
        "participant": change.participant,
        "instead_of": change.instead_of,
        "in_place_of": in_place_of,
        "told_at": moment(change.told_us, UTC) if change.told_us else "",
    }


def _legs(legs: Sequence[FoundLeg]) -> list[Shown]:
    labels = _labels(legs)
    return [_leg(leg, labels.get(leg.instead_of, leg.instead_of)) for leg in legs]


def _leg(leg: FoundLeg, in_place_of: str) -> Shown:
    return {
        "side": leg.side,
        "side_because": leg.decided.because,
        "side_guessed": leg.decided.because == "first_stream",
        "name": leg.who.name,
        "number": leg.number.shown,
        "numbers": [each.shown for each in leg.who.numbers],
        "participant": leg.who.participant,
        "instead_of": leg.instead_of,
        "in_place_of": in_place_of,
        "speaks_on": [each.stream for each in leg.streams if each.way == "sends"],
        "agent_id": leg.agent.agent_id,
        "agent": leg.agent.name,
        "attributed_by": leg.agent.attributed_by,
        "confidence": leg.agent.confidence,
        "from": moment(leg.from_us, UTC),
        "until": moment(leg.until_us, UTC),
    }


def target_of(engine: Engine, text: str) -> Target:
    """The call or recording of that id, or the call that is known by it: a Call-ID, a UCID.

    Raises `NothingFound`, `SeveralFound`.
    """
    with reading(engine) as connection:
        with suppress(ValueError):
            target = named_target(
                connection, DEFAULT_TENANT, WHOLE_TENANT, ConversationId.parse(text).raw
            )
            if target is not None:
                return target
        known = calls_known_by(connection, DEFAULT_TENANT, WHOLE_TENANT, text)
    if len(known) > 1:
        raise SeveralFound(text, tuple(map(str, known)))
    if not known:
        raise NothingFound(tr("there is no such call"))
    return known[0]
