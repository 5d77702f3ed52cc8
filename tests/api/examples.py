"""An API over a small catalog, with a source of sound that keeps what was opened."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import Engine
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.rate_buckets import Pace, RateLimits
from api.calls.recording_forms import ExportNotes, RenderedFile, Waveform
from api.locate.column_keeper import ColumnKeeper
from api.operation.job_runner import JobRunner
from api.permissions.errors import NodeAway
from api.permissions.peers import Peer
from api.permissions.verbs import Verb
from api.services import Place
from api.web.app import create_app
from api.web.http.requester import PEER
from archive.call.events import SipMessage
from archive.call.gaps import KnownGap
from archive.call.highlights import Highlight
from archive.call.live import LiveCall, LiveCalls, Question, Wish
from archive.catalog.access.grants import ExportGrant, Grant, ListenGrant, TraceGrant
from archive.catalog.database.engine import reading
from archive.catalog.index.agents import import_agents
from archive.catalog.journal.entries import Entry
from archive.catalog.search.calls import StoredPart, StoredRecording
from archive.errors import ArchiveError
from archive.ids import DEFAULT_TENANT, TenantId
from archive.reading.export_forms import ExportForm
from archive.reading.lanes import Lane
from archive.reading.silences import Silence
from archive.reading.waveform import Blank, CallWaveform, Channel
from rokuon.config.schema import HttpSettings
from tests.api.sign_in_terms import TERMS
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    MINUTE_US,
    NOW_US,
    OTHER_TENANT,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    catalog_with,
    recording_id,
    same_catalog,
    service_token,
)
from tests.support.services import services
from tests.told import all_told

SOUND = bytes(range(256)) * 4
ETAG = "rendered-once"
CALL = str(recording_id(1))
HELD = Silence(from_us=1_000_000, until_us=2_500_000, because="hold", channels=(1,))
LOSS = KnownGap(
    from_us=3_000_000, until_us=3_400_000, because="lost", stream=0, packets=20, absent_us=400_000
)
OTHERS_CALL = str(recording_id(9))
# As the settings of `http` have it where nobody changes them.
EACH_TOKEN = Pace(per_s=HttpSettings().requests_per_s, burst=HttpSettings().burst)
LIMITS = RateLimits(each_token=EACH_TOKEN)
_ENDLESS = Pace(per_s=1, burst=1_000_000)
# For who asks everything in no time, also with tokens that are none: the clock of a scene stands.
NO_LIMITS = RateLimits(each_token=_ENDLESS, failures=_ENDLESS)
# What the tests of calls need.
EVERYTHING = (
    Verb.SEARCH, Verb.READ, Verb.CORRECT, Verb.LISTEN, Verb.EXPORT, Verb.LIVE, Verb.CONTROL,
    Verb.TRACE, Verb.LEDGER, Verb.AGENTS_READ, Verb.AGENTS_WRITE,
)  # fmt: skip


WAVEFORM = CallWaveform(
    start_us=STARTED_US,
    length_us=540_000_000,
    channels=(
        Channel(lanes=(Lane(streams=(0,), participant="c", side="customer"),), packets=500),
        Channel(
            lanes=(Lane(streams=(1,), participant="a", side="agent"),),
            packets=490,
            lost=10,
            max_jitter_us=12_000,
        ),
    ),
    peaks=b"peaks",
    blanks=(Blank(from_us=1_000_000, until_us=2_500_000, because="hold", channels=(1,)),),
    highlights=(
        Highlight(
            from_us=STARTED_US + 1_000_000, until_us=STARTED_US + 2_500_000, kind="hold", who="a"
        ),
    ),
)


@dataclass
class MemoryRendering:
    """Sound in memory that says which bytes were read."""

    sound: bytes
    fails_with: ArchiveError | None = None
    reads: list[tuple[int, int]] = field(default_factory=list)

    @property
    def total_bytes(self) -> int:
        """All of it."""
        return len(self.sound)

    @property
    def etag(self) -> str:
        """Always the same."""
        return ETAG

    def read(self, start: int, stop: int) -> bytes:
        """The bytes, unless reading them is to fail."""
        self.reads.append((start, stop))
        if self.fails_with is not None:
            raise self.fails_with
        return self.sound[start:stop]


@dataclass
class MemorySource:
    """Opens the same sound for whatever is asked."""

    rendering: MemoryRendering
    grants: list[Grant] = field(default_factory=list)
    opened: list[tuple[StoredRecording, ...]] = field(default_factory=list)
    said: tuple[SipMessage, ...] = ()

    async def open(self, recordings: Sequence[StoredRecording], grant: ListenGrant) -> RenderedFile:
        """Remember the grant, hand out the sound."""
        self.grants.append(grant)
        self.opened.append(tuple(recordings))
        return self.rendering

    async def peaks(self, recording: StoredRecording, grant: ListenGrant) -> Waveform:
        """A waveform of a few bytes."""
        self.grants.append(grant)
        self.opened.append((recording,))
        return Waveform(b"peaks", (HELD,))

    async def waveform(
        self, recordings: Sequence[StoredRecording], grant: ListenGrant
    ) -> CallWaveform:
        """Two channels of a few bytes."""
        self.grants.append(grant)
        self.opened.append(tuple(recordings))
        return WAVEFORM

    def copy(
        self, recording: StoredRecording, grant: ExportGrant, form: ExportForm
    ) -> Iterator[bytes]:
        """The sound in pieces of which one is empty, whatever the form."""
        self.grants.append(grant)
        self.opened.append((recording,))
        if self.rendering.fails_with is not None:
            raise self.rendering.fails_with
        yield form.value.encode()
        yield b""
        yield self.rendering.sound

    async def notes(self, _recording: StoredRecording, grant: ExportGrant) -> ExportNotes:
        """One channel."""
        self.grants.append(grant)
        return ExportNotes(
            channels=(Lane(side="agent"),), notices=(), silences=(HELD,), gaps=(LOSS,)
        )

    async def messages(
        self, _recording: StoredRecording, grant: TraceGrant
    ) -> Sequence[SipMessage]:
        """What was said."""
        self.grants.append(grant)
        return self.said

    async def page_messages(
        self, _parts: Sequence[StoredPart], grant: TraceGrant
    ) -> Sequence[SipMessage]:
        """The same."""
        self.grants.append(grant)
        return self.said


LIVE = LiveCall(
    recording=CALL, tenant=DEFAULT_TENANT.raw.hex(), source="pbx", mode="siprec",
    started_us=NOW_US, caller="sip:a@b", called="sip:c@d", streams=2, on_hold=False, troubles=(),
)  # fmt: skip


@dataclass
class MemoryNode:
    """A node whose calls look as written, look by look, and then as they looked last."""

    looks_like: list[list[LiveCall]] = field(default_factory=lambda: [[LIVE]])
    refusal: str = ""
    away: bool = False
    room: LiveCalls = field(default_factory=lambda: LiveCalls(total=0, calls=()))
    away_after: int = 1_000_000
    looks: int = 0
    wishes: list[Question] = field(default_factory=list)
    journalled: Callable[[], int] = lambda: 0
    journalled_before: list[int] = field(default_factory=list)

    async def ask(self, question: Question) -> LiveCalls:
        """The next look; what is wished is remembered, and how many journal rows there were."""
        await asyncio.sleep(0)
        if question.wish is not Wish.NOTHING:
            self.wishes.append(question)
            self.journalled_before.append(self.journalled())
            return LiveCalls(total=0, calls=(), refused=self.refusal)
        if question.recording == "-" and not self.away:
            return self.room
        self.looks += 1
        if self.away or self.looks > self.away_after:
            raise NodeAway("away")
        seen = self.looks_like[min(self.looks, len(self.looks_like)) - 1]
        return LiveCalls(total=len(seen), calls=tuple(seen))


@dataclass(kw_only=True)
class Scene:
    """A client with a token for everything, and what lies behind the API."""

    client: httpx2.AsyncClient
    engine: Engine
    source: MemorySource
    node: MemoryNode
    # Works off only what a test tells it to.
    runner: JobRunner
    # Has made nothing yet.
    keeper: ColumnKeeper

    def make_columns(self) -> None:
        """All that there are, so that calls can be ranked."""
        while self.keeper.step():
            pass

    def token(
        self, *scopes: Verb, tenant: TenantId = DEFAULT_TENANT, lifetime_us: int = MINUTE_US
    ) -> dict[str, str]:
        """Headers with a new token."""
        return bearer(self.engine, scopes, tenant=tenant, lifetime_us=lifetime_us)

    def journal(self, tenant: TenantId = DEFAULT_TENANT) -> list[Entry]:
        """What was asked so far, without what set the scene."""
        asked = {
            "searched",
            "found",
            "read",
            "listened",
            "exported",
            "traced",
            "corrected",
            "ledger_seen",
            "played",
        }
        asked |= {"live_seen", "live_started", "live_paused", "live_resumed", "live_stopped"}
        asked |= {"live_told", "measure_taken"}
        asked |= {"epoch_turn_asked", "keystore_backed_up", "catalog_backed_up"}
        with reading(self.engine) as connection:
            found = all_told(connection, tenant)
        return [each.entry for each in found if each.entry.action in asked]


def bearer(
    engine: Engine,
    scopes: Sequence[Verb],
    *,
    tenant: TenantId = DEFAULT_TENANT,
    lifetime_us: int = MINUTE_US,
) -> dict[str, str]:
    """Headers with a new token of the service yamada, which may state cases."""
    allowed = {*scopes, Verb.CASE}
    made = service_token(engine, "yamada", allowed, tenant=tenant, lifetime_us=lifetime_us)
    return {"Authorization": f"Bearer {made.secret}"}


def small_archive(folder: Path) -> Engine:
    """One call of ours, one of another tenant, and our agents."""
    return catalog_with(folder, _put_two_calls)


def _put_two_calls(engine: Engine) -> None:
    adopt(engine, adoption(1), adoption(9, tenant=OTHER_TENANT))
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())


@asynccontextmanager
async def scene(
    folder: Path,
    *,
    sound: bytes = SOUND,
    fails_with: ArchiveError | None = None,
    peer: Peer | None = None,
    **changed: Any,
) -> AsyncIterator[Scene]:
    """The API in this process, over a catalog in `folder`; `changed` are fields of `Services`."""
    engine = await asyncio.to_thread(small_archive, folder)
    source = MemorySource(MemoryRendering(sound, fails_with))
    catalog = same_catalog(engine)
    node = MemoryNode()
    needs = services(
        engine=catalog,
        audio=source,
        clock_us=lambda: NOW_US,
        node=node,
        place=Place(country="JP", local_browser=True),
        sign_in=TERMS,
        limits=LIMITS,
        keepers={DEFAULT_TENANT: column_keeper(catalog.engine, folder)},
    )
    app = create_app(replace(needs, **changed))
    transport = httpx2.ASGITransport(app=_over_socket(app, peer))
    headers = bearer(engine, EVERYTHING) | {"Rokuon-Purpose": "case:D-2026-0114"}
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://rokuon/api/v1", headers=headers
    ) as client:
        own = app.state.application
        here = Scene(
            client=client,
            engine=engine,
            source=source,
            node=node,
            runner=own.runner,
            keeper=own.locate.lookouts[DEFAULT_TENANT].keeper,
        )
        node.journalled = lambda: len(here.journal())
        yield here
    await catalog.dispose()
    engine.dispose()


def column_keeper(engine: Engine, folder: Path) -> ColumnKeeper:
    """Of our tenant; nothing of it is made yet."""
    return ColumnKeeper(
        engine=engine,
        tenant=DEFAULT_TENANT,
        folder=folder / "columns",
        copy=b"c" * 16,
        clock_us=lambda: NOW_US,
    )


def _over_socket(app: ASGIApp, peer: Peer | None) -> ASGIApp:
    """The application as it is reached over a Unix socket, where there is a peer."""

    async def reached(scope: Scope, receive: Receive, send: Send) -> None:
        state = {} if peer is None else {PEER: peer}
        await app({**scope, "state": state}, receive, send)

    return reached


def window(
    start: str = "2026-10-29T17:00:00+09:00",
    end: str = "2026-10-29T18:00:00+09:00",
    zone: str = "Asia/Tokyo",
) -> dict[str, str]:
    """A window as a request says it."""
    return {"from": start, "to": end, "zone": zone}
