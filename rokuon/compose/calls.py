"""Calls for the command line: found, shown, exported; each under a journalled grant.

Knows nothing of SQL, files or keys.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine

from archive.catalog.calls import (
    FoundLeg,
    FoundRecording,
    StoredRecording,
    exists,
    stored,
)
from archive.catalog.course import RecordingCourse, read_course
from archive.catalog.engine import reading
from archive.catalog.query import (
    MAX_LIMIT,
    AgentClue,
    AnyAgentClue,
    Clue,
    DirectionClue,
    DurationClue,
    IdClue,
    MarkClue,
    PhoneClue,
    SearchQuery,
    Window,
)
from archive.catalog.search import search
from archive.events import ParticipantChanged, RouteTaken
from archive.export import AudioFormat, export_audio, export_pcap, export_trace
from archive.grants import Ask, ExportGrant, ReadGrant, SearchGrant, Target, grant
from archive.ids import DEFAULT_TENANT, ConversationId, RecordingId
from archive.keys.client import KeyClient
from archive.pauses import Masked
from archive.reading.recording import RecordingReader
from archive.trace import ladder
from rokuon.choices import AudioForm, Direction, TraceForm
from rokuon.compose.audio import open_recording
from rokuon.compose.catalog import local_access, open_catalog
from rokuon.compose.errors import NothingFound
from rokuon.compose.keys import open_keys
from rokuon.config.schema import Config
from rokuon.i18n import tr

Step = Callable[[int, int], None]
Shown = dict[str, object]

MS_PER_S: Final = 1_000
US_PER_S: Final = 1_000_000
# Without an upper bound: no call is longer than a day (media.max_call_s).
LONGEST_CALL_S: Final = 86_400.0


_AUDIO: Final[dict[AudioForm, AudioFormat]] = {
    AudioForm.WAV: "wav",
    AudioForm.FLAC: "flac",
    AudioForm.OPUS: "opus",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQuery:
    """What was typed; empty texts are clues that nobody remembers."""

    since: datetime
    until: datetime
    agent: tuple[str, ...] = ()
    number: str
    id: str
    queue: str = ""
    tag: str = ""
    direction: Direction | None
    min_duration_s: float
    max_duration_s: float | None
    limit: int

    def clues(self, country: str) -> tuple[Clue, ...]:
        """The clues given. Raises `QueryRefused`."""
        found: list[Clue] = []
        if self.agent:
            found.append(_agents(self.agent))
        if self.number:
            found.append(PhoneClue.parse(self.number, country))
        if self.id:
            found.append(IdClue(self.id))
        found += [MarkClue("queue", self.queue)] if self.queue else []
        found += [MarkClue("tag", self.tag)] if self.tag else []
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
    """Search, newest first; times in the zone given, else UTC. Raises `QueryRefused`."""
    zone = shown_in or ZoneInfo("UTC")
    asked = SearchQuery(
        window=Window(start_at=query.since, end_at=query.until, zone=zone),
        clues=query.clues(config.source[0].country),
        limit=min(query.limit, MAX_LIMIT),
    )
    engine = open_catalog(config)
    granted = grant(engine, SearchGrant, Ask(access=local_access(), detail=_told(asked)))
    with reading(engine) as connection:
        return [_row(found, zone) for found in _pages(connection, asked, granted, query.limit)]


def _pages(
    connection: Connection, query: SearchQuery, granted: SearchGrant, limit: int
) -> Iterator[FoundRecording]:
    """Page after page of one search, `limit` calls at most."""
    left = limit
    while left > 0:
        page = search(connection, replace(query, limit=min(left, query.limit)), granted)
        yield from page.found
        if page.next_cursor is None:
            return
        left, query = left - len(page.found), replace(query, after=page.next_cursor)


def _told(query: SearchQuery) -> dict[str, str | int | list[str]]:
    return {
        "from": query.window.start_at.isoformat(),
        "to": query.window.end_at.isoformat(),
        "clues": [type(clue).__name__ for clue in query.clues],
    }


def _row(found: FoundRecording, zone: tzinfo) -> Shown:
    return {
        "call": str(found.conversation),
        "recording": str(found.recording),
        "started_at": _moment(found.started_us, zone),
        "duration_s": round(found.duration_ms / MS_PER_S, 1),
        "direction": found.direction,
        "customer": _party(found, "customer"),
        "agent": _party(found, "agent"),
        "source": found.source,
        "state": found.state,
        "flags": list(found.flags),
    }


def _party(found: FoundRecording, side: str) -> str:
    names = (leg.agent_name or leg.name or leg.e164 or leg.raw for leg in _side(found, side))
    return ", ".join(dict.fromkeys(name for name in names if name))


def _side(found: FoundRecording, side: str) -> list[FoundLeg]:
    return [leg for leg in found.legs if leg.side == side]


def _moment(at_us: int, zone: tzinfo) -> str:
    return datetime.fromtimestamp(at_us / US_PER_S, zone).isoformat(timespec="seconds")


def show_call(config: Config, call: str) -> Shown:
    """Everything known about a call; its id may be a call's or a recording's.

    Raises `NothingFound`.
    """
    engine = open_catalog(config)
    target = _target(engine, call)
    granted = grant(engine, ReadGrant, Ask(access=local_access(), target=target))
    with reading(engine) as connection:
        recordings = read_course(connection, target, granted)
    return {"call": call, "recordings": [_detail(course) for course in recordings]}


def _detail(course: RecordingCourse) -> Shown:
    return {
        **_row(course.found, UTC),
        "route": _route(course.taken),
        "legs": [_leg(leg) for leg in course.found.legs],
        "participants": [_change(change) for change in course.changes],
        "masked": [_masked(each) for each in course.masked],
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
        "purpose": taken.purpose,
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


def _change(change: ParticipantChanged) -> Shown:
    return {
        "at": _moment(change.at_us, UTC),
        "what": change.what,
        "address": change.aor,
        "participant": change.participant,
        "instead_of": change.instead_of,
        "told_at": _moment(change.told_us, UTC) if change.told_us else "",
    }


def _leg(leg: FoundLeg) -> Shown:
    return {
        "side": leg.side,
        "side_guessed": leg.side_guessed,
        "name": leg.name,
        "number": leg.e164 or leg.raw,
        "agent_id": leg.agent_id,
        "agent": leg.agent_name,
        "attributed_by": leg.attributed_by,
        "confidence": leg.confidence,
        "from": _moment(leg.from_us, UTC),
        "until": _moment(leg.until_us, UTC),
    }


def _target(engine: Engine, text: str) -> Target:
    """The call or recording of that id. Raises `NothingFound`."""
    with reading(engine) as connection:
        for kind in (ConversationId, RecordingId):
            try:
                target = kind.parse(text)
            except ValueError:
                break
            if exists(connection, DEFAULT_TENANT, target):
                return target
    raise NothingFound(tr("there is no such call"))


def export_call(
    config: Config, call: str, form: AudioForm, target: Path, step: Step
) -> tuple[Path, ...]:
    """Write each recording of a call to a file: `target`, then `target` with -2, -3 in its name.

    Raises `NothingFound`, `KeyUnavailable`, `RecordingDamaged`, `OSError`.
    """
    with _opened(config, call, {"format": form.value}) as (count, readers):
        files = numbered(target, count)
        for reader, file in zip(readers, files, strict=True):
            _write(reader, file, form, step)
    return files


@contextmanager
def _opened(
    config: Config, call: str, detail: dict[str, str]
) -> Iterator[tuple[int, Iterator[RecordingReader]]]:
    """How many recordings a call has, and each of them opened in its turn; journalled before."""
    keys = open_keys(config, "api")
    try:
        # Without keys nothing can be heard: that is the reason, and no access that is journalled.
        keys.status()
        engine = open_catalog(config)
        wanted = _target(engine, call)
        ask = Ask(access=local_access(), target=wanted, detail={**detail})
        granted = grant(engine, ExportGrant, ask)
        with reading(engine) as connection:
            recordings = stored(connection, wanted, granted)
        yield len(recordings), _readers(config, keys, recordings, granted)
    finally:
        keys.close()


def _readers(
    config: Config,
    keys: KeyClient,
    recordings: Iterable[StoredRecording],
    granted: ExportGrant,
) -> Iterator[RecordingReader]:
    for recording in recordings:
        with open_recording(config, keys, recording, granted) as reader:
            yield reader


@dataclass(frozen=True, slots=True, eq=False)
class HeardLane:
    """One lane of a recording as it sounds, and whose it is."""

    side: str
    rate_hz: int
    samples: NDArray[np.int16]


def heard_lanes(config: Config, call: str) -> tuple[HeardLane, ...]:
    """What is heard of the one recording of a call, in memory alone: for a short one.

    Raises `NothingFound`, `KeyUnavailable`, `RecordingDamaged`, `OSError`.
    """
    with _opened(config, call, {"selftest": "lanes"}) as (_count, readers):
        reader = next(readers)
        rendering = reader.rendering()
        sound = np.concatenate(list(rendering.audio_blocks()))
        return tuple(
            HeardLane(lane.side, rendering.sample_rate, sound[:, number])
            for number, lane in enumerate(reader.timeline.lanes)
        )


def trace_call(config: Config, call: str, target: Path | None) -> list[str]:
    """The SIP messages of each recording of a call: as lines, or written to files like an export.

    Raises `NothingFound`, `KeyUnavailable`, `RecordingDamaged`, `OSError`.
    """
    form = TraceForm.LADDER if target is None else TraceForm.PCAP
    lines: list[str] = []
    with _opened(config, call, {"trace": form.value}) as (count, readers):
        files = numbered(target, count) if target else (None,) * count
        for reader, file in zip(readers, files, strict=True):
            if file is None:
                lines += ladder(reader.messages())
            else:
                export_trace(reader, file)
                lines.append(str(file))
    return lines


def numbered(target: Path, count: int) -> tuple[Path, ...]:
    """File names for so many recordings of one call."""
    others = (target.with_stem(f"{target.stem}-{n}") for n in range(2, count + 1))
    return (target, *others)[:count]


def _write(reader: RecordingReader, file: Path, form: AudioForm, step: Step) -> None:
    match form:
        case AudioForm.PCAP:
            export_pcap(reader, file, progress=step)
        case _:
            export_audio(reader, file, _AUDIO[form], progress=step)
