"""What is sent and what is answered, as types, so that the OpenAPI document is true.

Knows nothing of how it is found. Input that is not exactly as documented is refused.
"""

from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

from api.web.http.legs import LegView
from api.web.http.times import Moment, shown
from archive.access.query import (
    ALWAYS,
    DEFAULT_LIMIT,
    MAX_CLUES,
    MAX_ID_CHARS,
    MAX_LIMIT,
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
    SearchQuery,
    Window,
    zone_named,
)
from archive.access.use import Limit
from archive.call.direction import Direction
from archive.call.mentions import ToldAs
from archive.call.notices import NoticesOutcome
from archive.catalog.access.grants import Target
from archive.catalog.search.calls import FoundRecording, StoredPart
from archive.catalog.search.search import SearchPage
from archive.ids import ConversationId

# A day is the longest call that anybody could have made; a year is beyond any mistake.
MAX_DURATION_MS: Final = 366 * 24 * 3_600_000
# No control characters: no name, number or zone has one.
_PRINTABLE: Final = r"^[^\x00-\x1f\x7f]+$"
KnownId = Annotated[StrictStr, Field(min_length=1, max_length=MAX_ID_CHARS, pattern=_PRINTABLE)]
Text = Annotated[StrictStr, Field(min_length=1, max_length=200, pattern=_PRINTABLE)]
DurationMs = Annotated[StrictInt, Field(ge=0, le=MAX_DURATION_MS)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WindowBody(_Body):
    """From a moment until just before another; `zone` is the IANA zone of the answer's times."""

    start: Moment = Field(alias="from")
    end: Moment = Field(alias="to")
    zone: Text = Field(examples=["Asia/Tokyo"])

    def window(self) -> Window:
        """The window that this is; raises `QueryRefused`."""
        return Window(start_at=self.start, end_at=self.end, zone=zone_named(self.zone))


class AgentClueBody(_Body):
    """An agent's id, name, reading, romaji or alias; words may be cut short."""

    kind: Literal["agent"]
    value: Text

    def clue(self, _country: str) -> Clue:
        """The clue that this is."""
        return AgentClue(self.value)


class AgentsBody(_Body):
    """Agents of whom any one was in the call; two clues `agent` want both of them in it."""

    kind: Literal["agents"]
    values: Annotated[list[Text], Field(min_length=1, max_length=MAX_CLUES)]

    def clue(self, _country: str) -> Clue:
        """The clue that this is."""
        return AnyAgentClue(tuple(map(AgentClue, self.values)))


class CustomerBody(_Body):
    """A customer's name as the call has it; words may be cut short."""

    kind: Literal["customer"]
    value: Text

    def clue(self, _country: str) -> Clue:
        """The clue that this is."""
        return CustomerClue(self.value)


class NumberClueBody(_Body):
    """A number in any spelling, or at least its last three digits.

    With `told_as` one that the source of the call told as this, beside its participants.
    """

    kind: Literal["number"]
    value: Text
    told_as: ToldAs | Literal[""] = ""

    def clue(self, country: str) -> Clue:
        """The clue that this is."""
        return PhoneClue.parse(self.value, country, self.told_as)


class DirectionBody(_Body):
    """Who called whom."""

    kind: Literal["direction"]
    value: Direction

    def clue(self, _country: str) -> Clue:
        """The clue that this is."""
        return DirectionClue(self.value)


class DurationBody(_Body):
    """How long the call was, both ends included."""

    kind: Literal["duration"]
    min_ms: DurationMs = 0
    max_ms: DurationMs = MAX_DURATION_MS

    def clue(self, _country: str) -> Clue:
        """The clue that this is."""
        return DurationClue(min_ms=self.min_ms, max_ms=self.max_ms)


class IdBody(_Body):
    """An id by which anybody knows the call: a Call-ID, a Session-ID, a UCID, a Cisco GUID."""

    kind: Literal["id"]
    value: Text

    def clue(self, _country: str) -> Clue:
        """The clue that this is."""
        return IdClue(self.value)


class NoticeBody(_Body):
    """What became of the notices of an inline call: of several the worst, `none` without any.

    From the worst on: failed, unheard, cut_short, unproved, complete.
    """

    kind: Literal["notice"]
    value: NoticesOutcome

    def clue(self, _country: str) -> Clue:
        """The clue that this is."""
        return MarkClue(self.kind, self.value)


class MarkBody(_Body):
    """What the route of an inline call says of its recordings, as it is written there."""

    kind: Literal["route", "queue", "tag", "purpose", "controller"]
    value: Text

    def clue(self, _country: str) -> Clue:
        """The clue that this is."""
        return MarkClue(self.kind, self.value)


ClueBody = Annotated[
    AgentClueBody
    | AgentsBody
    | CustomerBody
    | NumberClueBody
    | DirectionBody
    | DurationBody
    | IdBody
    | NoticeBody
    | MarkBody,
    Field(discriminator="kind"),
]


class SearchBody(_Body):
    """A window and clues that must all hold."""

    window: WindowBody
    clues: Annotated[list[ClueBody], Field(max_length=MAX_CLUES)] = []
    limit: Annotated[StrictInt, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[StrictStr, Field(max_length=64)] | None = None

    def query(self, country: str) -> SearchQuery:
        """The question that this is; raises `QueryRefused`."""
        return SearchQuery(
            window=self.window.window(),
            clues=tuple(clue.clue(country) for clue in self.clues),
            limit=self.limit,
            after=NEWEST if self.cursor is None else Cursor.parse(self.cursor),
        )


class AllTimesSearchBody(_Body):
    """Clues that must all hold, of calls of any time; `zone` is that of the answer's times."""

    zone: Text = Field(examples=["Asia/Tokyo"])
    clues: Annotated[list[ClueBody], Field(min_length=1, max_length=MAX_CLUES)]
    limit: Annotated[StrictInt, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[StrictStr, Field(max_length=64)] | None = None

    def query(self, country: str) -> SearchQuery:
        """The question that this is; raises `QueryRefused`."""
        return SearchQuery(
            window=replace(ALWAYS, zone=zone_named(self.zone, "zone")),
            clues=tuple(clue.clue(country) for clue in self.clues),
            limit=self.limit,
            after=NEWEST if self.cursor is None else Cursor.parse(self.cursor),
        )


class KnownBody(_Body):
    """An id of ours, or one that others know a call by: a Call-ID, a Session-ID, a UCID."""

    id: KnownId


class KnownView(BaseModel):
    """What an id means: a call, or one recording; the other is null."""

    call: str | None
    recording: str | None

    @classmethod
    def show(cls, target: Target) -> Self:
        """The one or the other."""
        is_call = isinstance(target, ConversationId)
        return cls(
            call=str(target) if is_call else None, recording=None if is_call else str(target)
        )


class RecordingView(BaseModel):
    """One recording and who took part."""

    recording: str
    conversation: str
    source: str
    mode: str
    started_at: datetime
    ended_at: datetime
    duration_ms: int
    held_ms: int
    direction: Direction
    direction_because: str
    state: str
    flags: list[str]
    legs: list[LegView]

    @classmethod
    def show(cls, found: FoundRecording, zone: tzinfo) -> Self:
        """A recording with its times in `zone`."""
        return cls(
            recording=str(found.recording),
            conversation=str(found.conversation),
            source=found.source,
            mode=found.mode,
            started_at=shown(found.started_us, zone),
            ended_at=shown(found.ended_us, zone),
            duration_ms=found.duration_ms,
            held_ms=found.held_ms,
            direction=found.direction,
            direction_because=found.direction_because,
            state=found.state,
            flags=list(found.flags),
            legs=[LegView.show(leg, zone) for leg in found.legs],
        )


class FoundView(RecordingView):
    """A recording on a page; `limit`: why it is not heard for the purpose that was stated.

    `by_guess`: whether who is asked for is on that side is not known.
    """

    limit: Limit | None = None
    by_guess: bool = False

    @classmethod
    def found(cls, own: FoundRecording, page: SearchPage, zone: tzinfo) -> Self:
        """One of a page, with its times in `zone`."""
        return cls(
            **dict(RecordingView.show(own, zone)),
            limit=page.limits.get(own.recording),
            by_guess=own.recording in page.guessed,
        )


class PartView(BaseModel):
    """One part of a recording in the archive; times in UTC."""

    part: int
    generation: int
    size_bytes: int
    sha256: str
    segments: int
    packets: int
    start_at: datetime
    end_at: datetime
    end_reason: str
    is_last: bool

    @classmethod
    def show(cls, stored: StoredPart, zone: tzinfo) -> Self:
        """A part; neither its path nor its key is anybody's business."""
        return cls(
            part=stored.name.part,
            generation=stored.name.generation,
            size_bytes=stored.size_bytes,
            sha256=stored.sha256.hex(),
            segments=stored.segments,
            packets=stored.packets,
            start_at=shown(stored.first_us, zone),
            end_at=shown(stored.last_us, zone),
            end_reason=stored.end_reason,
            is_last=stored.is_last,
        )


class PartsView(BaseModel):
    """The parts of a recording in their order."""

    recording: str
    parts: list[PartView]


class AlarmView(BaseModel):
    """Something that is not well (`docs/health.md`), which of several it is about, and since when,
    as far as that is known.
    """

    alarm: str
    about: str = ""
    since: datetime | None = None


class ApiRunsView(BaseModel):
    """The API runs."""

    status: Literal["ok"] = "ok"


class HealthView(BaseModel):
    """Whether all is well (`ok`), something is not (`not_well`), or the catalog does not answer
    (`unavailable`); so many parts of recordings do not get archived, and what is not well, as of
    the last five seconds.
    """

    status: Literal["ok", "not_well", "unavailable"] = "ok"
    stuck: int = 0
    alarms: list[AlarmView] = []
