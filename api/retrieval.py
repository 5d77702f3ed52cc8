"""What may be asked of the archive: search, read, listen. A scope, then a grant, then the answer.

Knows nothing of the web. Every answer's journal entry is committed before the answer is made.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar, assert_never

from sqlalchemy import text

from api.errors import NotAllowed, NotAuthenticated, NotFound
from archive.catalog.calls import StoredPart, StoredRecording, exists, stored as stored_of
from archive.catalog.course import RecordingCourse, read_course
from archive.catalog.engine import AsyncEngine, read
from archive.catalog.query import (
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
)
from archive.catalog.search import SearchPage
from archive.catalog.shown import show_page_async
from archive.grants import (
    Access,
    AnyGrant,
    Ask,
    Grant,
    ListenGrant,
    LiveGrant,
    PauseGrant,
    ReadGrant,
    ResumeGrant,
    SearchGrant,
    StartGrant,
    StopGrant,
    Target,
    TellGrant,
    grant_async,
)
from archive.ids import RecordingId
from archive.journal import Detail
from archive.numbers import LAST_DIGITS
from archive.reading.silences import Silence
from archive.tokens import Actor, Scope, verify_token

_T = TypeVar("_T")
# The scope that a token must have for a grant of each kind.
NEEDS: Final[Mapping[type[Grant], Scope]] = {
    SearchGrant: Scope.SEARCH,
    ReadGrant: Scope.READ,
    ListenGrant: Scope.LISTEN,
    LiveGrant: Scope.LIVE,
    PauseGrant: Scope.CONTROL,
    ResumeGrant: Scope.CONTROL,
    StartGrant: Scope.CONTROL,
    StopGrant: Scope.CONTROL,
    TellGrant: Scope.CONTROL,
}


@dataclass(frozen=True, slots=True)
class Waveform:
    """A waveform as audiowaveform writes it (.dat, version 2), and the silences in it."""

    data: bytes
    silences: tuple[Silence, ...] = ()


class Rendering(Protocol):
    """Audio as one file whose length is known before any of it is opened."""

    @property
    def total_bytes(self) -> int:
        """The length of the whole file."""

    @property
    def etag(self) -> str:
        """Names these bytes, without quotes; other bytes have another."""

    def read(self, start: int, stop: int) -> bytes:
        """The bytes from `start` until before `stop`; opens only the segments that they need.

        Blocks; raises `RecordingDamaged`, `CodecUnavailable` or `KeyUnavailable`.
        """


class AudioSource(Protocol):
    """Who turns stored recordings into sound; the grant's `seq` is the key daemon's journal id."""

    async def open(self, recordings: Sequence[StoredRecording], grant: ListenGrant) -> Rendering:
        """The recordings of one call on one time line, oldest first."""

    async def peaks(self, recording: StoredRecording, grant: ListenGrant) -> Waveform:
        """The waveform of one recording, and where it is flat for a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who asks, and the purpose that he gave ("" where he gave none)."""

    actor: Actor
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """The questions; `clock_us` tells µs since 1970 UTC, `country` reads national numbers."""

    engine: AsyncEngine
    audio: AudioSource
    clock_us: Callable[[], int]
    country: str = ""

    async def visitor(self, secret: str, purpose: str) -> Visitor:
        """Whom a bearer token speaks for; raises `NotAuthenticated`."""
        now_us = self.clock_us()
        actor = await read(self.engine, lambda c: verify_token(c, secret, now_us))
        if actor is None:
            raise NotAuthenticated("the token is not valid")
        return Visitor(actor=actor, purpose=purpose)

    async def ready(self) -> None:
        """Ask the catalog for nothing; raises what the database raises."""
        await read(self.engine, lambda c: c.execute(text("SELECT 1")).all())

    async def search(self, visitor: Visitor, query: SearchQuery) -> SearchPage:
        """One page of calls; raises `NotAllowed`."""
        require(visitor, NEEDS[SearchGrant])
        ask = Ask(access=self._access(visitor), detail=describe(query))
        granted = await grant_async(self.engine, SearchGrant, ask)
        return await show_page_async(self.engine, query, granted)

    async def call(self, visitor: Visitor, target: Target) -> tuple[RecordingCourse, ...]:
        """What is known of a call or recording; raises `NotAllowed`, `NotFound`."""
        granted = await self._granted(visitor, target, ReadGrant, {})
        return _some(await read(self.engine, lambda c: read_course(c, target, granted)))

    async def parts(self, visitor: Visitor, recording: RecordingId) -> tuple[StoredPart, ...]:
        """The parts of a recording; raises `NotAllowed`, `NotFound`."""
        granted = await self._granted(visitor, recording, ReadGrant, {"what": "parts"})
        found = _some(await read(self.engine, lambda c: stored_of(c, recording, granted)))
        return found[0].parts

    async def listen(
        self, visitor: Visitor, target: Target, asked: Mapping[str, Detail]
    ) -> Rendering:
        """Audio of a call or recording; `asked` goes into the journal.

        Raises `NotAllowed`, `NotFound`, `KeyUnavailable`, `RecordingDamaged`.
        """
        granted = await self._granted(visitor, target, ListenGrant, asked)
        found = _some(await read(self.engine, lambda c: stored_of(c, target, granted)))
        return await self.audio.open(found, granted)

    async def peaks(self, visitor: Visitor, recording: RecordingId) -> Waveform:
        """The waveform of a recording; raises as `listen` does."""
        granted = await self._granted(visitor, recording, ListenGrant, {"what": "peaks"})
        found = _some(await read(self.engine, lambda c: stored_of(c, recording, granted)))
        return await self.audio.peaks(found[0], granted)

    async def control(
        self,
        visitor: Visitor,
        kind: type[AnyGrant],
        target: Target | str,
        detail: Mapping[str, Detail],
    ) -> AnyGrant:
        """A grant for calls that are up, which the catalog does not know; raises `NotAllowed`."""
        require(visitor, NEEDS[kind])
        ask = Ask(access=self._access(visitor), target=target, detail=detail)
        return await grant_async(self.engine, kind, ask)

    async def _granted(
        self,
        visitor: Visitor,
        target: Target,
        kind: type[AnyGrant],
        detail: Mapping[str, Detail],
    ) -> AnyGrant:
        """A grant for something that the visitor's tenant has and his token reaches."""
        require(visitor, NEEDS[kind])
        tenant = visitor.actor.tenant
        if not await read(self.engine, lambda c: exists(c, tenant, target)):
            raise NotFound("no such call or recording")
        ask = Ask(access=self._access(visitor), target=target, detail=detail)
        return await grant_async(self.engine, kind, ask)

    def _access(self, visitor: Visitor) -> Access:
        return Access(
            tenant=visitor.actor.tenant,
            actor=visitor.actor.name,
            at_us=self.clock_us(),
            purpose=visitor.purpose,
        )


def describe(query: SearchQuery) -> dict[str, Detail]:
    """What the journal says of a search: of a number four digits, of a customer one letter."""
    window = query.window
    return {
        "from": window.start_at.isoformat(),
        "to": window.end_at.isoformat(),
        "zone": window.zone.key,
        "clues": [_told(clue) for clue in query.clues],
    }


def _told(clue: Clue) -> str:
    match clue:
        case AgentClue() | AnyAgentClue() | CustomerClue() | PhoneClue():
            return _who(clue)
        case DirectionClue(direction):
            return f"direction {direction}"
        case IdClue(text):
            return f"id …{text.strip()[-LAST_DIGITS:]}"
        case MarkClue(kind, text):
            return f"{kind} {text}"
        case DurationClue(min_ms=low, max_ms=high):
            return f"duration {low}–{high} ms"
        case _:
            assert_never(clue)


def _who(clue: AgentClue | AnyAgentClue | CustomerClue | PhoneClue) -> str:
    match clue:
        case CustomerClue(text):
            return f"customer {text[:1]}…"
        case PhoneClue(number):
            return f"number …{number.suffix[-LAST_DIGITS:]}"
        case AgentClue() | AnyAgentClue():
            return f"agent {' or '.join(agent.text for agent in clue.agents)}"


def require(visitor: Visitor, scope: Scope) -> None:
    """Raise `NotAllowed` where the token lacks the scope."""
    if scope not in visitor.actor.scopes:
        raise NotAllowed(scope)


def _some(found: tuple[_T, ...]) -> tuple[_T, ...]:
    if not found:
        raise NotFound("no such call or recording")
    return found
