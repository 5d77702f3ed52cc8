"""Many calls at once: set up at a steady rate, held while the media engine speaks, ended again.

The load generator of `bench/`. Knows the server only by its address.
"""

import asyncio
import gc
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final, TypeVar

from rokuon.machine.clock import monotonic_s
from rokuon.selftest.client import SIDES, CallScript, english_call, japanese_call
from rokuon.selftest.engine import MediaEngine, MediaReport
from rokuon.selftest.session import CallRefused, OutgoingSession
from rokuon.selftest.session_description import AnswerUnusable
from rokuon.selftest.signalling import PeerGone, PeerSilent, Signalling, Target, connect
from rokuon.selftest.slot import OutgoingStream
from rokuon.selftest.sources import open_sources
from rokuon.selftest.speech_files import speech

Item = TypeVar("Item")
# RTP timestamps and SSRCs are 32 bits, sequence numbers 16.
_WORD: Final = 1 << 32
_HALF: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class SentStream:
    """One stream of the load: where it went and how many packets of it were sent."""

    host: str
    port: int
    ssrc: int
    packets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupReport:
    """How the set-ups went. `failures` counts by status, `silent`, `gone` or `unusable`."""

    tried: int
    answered: int
    failures: dict[str, int]
    seconds: float
    p50_ms: float
    p99_ms: float
    worst_ms: float

    @property
    def setups_per_s(self) -> float:
        """Answered calls per second, from the first INVITE to the last answer."""
        return self.answered / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class _Held:
    session: OutgoingSession
    streams: tuple[tuple[int, OutgoingStream], ...]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0–1) of them lie (nearest rank); 0 of none."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else 0.0


def failure_name(error: Exception) -> str:
    """How a call that did not come about is counted."""
    match error:
        case CallRefused(status=status):
            return str(status)
        case PeerSilent():
            return "silent"
        case PeerGone():
            return "gone"
        case _:
            return "unusable"


async def paced(
    items: Sequence[Item], per_s: float, work: Callable[[Item], Awaitable[None]]
) -> None:
    """Begin `work` on each item, `per_s` a second; return when all are done."""
    start_s = monotonic_s()

    async def one(item: Item) -> None:
        await work(item)

    async with asyncio.TaskGroup() as group:
        for number, item in enumerate(items):
            wait_s = start_s + number / per_s - monotonic_s()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            group.create_task(one(item))


class CallLoad:
    """Calls of one generator to one server; made by `open_load`."""

    def __init__(
        self, target: Target, signalling: Signalling, engine: MediaEngine, ports: Sequence[int]
    ) -> None:
        self._target, self._signalling, self._engine = target, signalling, engine
        self._ports = ports
        self._held: list[_Held] = []
        self._latencies_s: list[float] = []
        self._failures: Counter[str] = Counter()
        self._sent: list[SentStream] = []
        self._scripts = (japanese_call(0), english_call(0))

    @property
    def held(self) -> int:
        """Calls that are up."""
        return len(self._held)

    @property
    def sent_packets(self) -> int:
        """RTP packets sent up to now, by all streams."""
        return self._engine.sent_packets

    def media(self) -> MediaReport:
        """The engine's figures of this instant."""
        return self._engine.report()

    async def place(self, calls: int, *, per_s: float) -> SetupReport:
        """Set up that many more calls and let them speak; how it went."""
        self._latencies_s, self._failures = [], Counter()
        begun_s = monotonic_s()
        await paced(range(calls), per_s, self._place)
        return SetupReport(
            tried=calls,
            answered=len(self._latencies_s),
            failures=dict(self._failures),
            seconds=monotonic_s() - begun_s,
            p50_ms=1_000 * percentile(self._latencies_s, 0.50),
            p99_ms=1_000 * percentile(self._latencies_s, 0.99),
            worst_ms=1_000 * max(self._latencies_s, default=0.0),
        )

    async def end(self, *, per_s: float) -> list[SentStream]:
        """End all calls; what was sent of every stream."""
        held, self._held = self._held, []
        await paced(held, per_s, self._end)
        return self._sent

    async def _place(self, number: int) -> None:
        script = self._scripts[number % len(self._scripts)]
        session = OutgoingSession(self._signalling, self._target, self._ports)
        asked_s = monotonic_s()
        try:
            answered = await session.begin((script.customer, script.agent))
        except (CallRefused, PeerSilent, PeerGone, AnswerUnusable) as error:
            self._failures[failure_name(error)] += 1
            session.forget()
            return
        self._latencies_s.append(monotonic_s() - asked_s)
        streams = [self._stream(script, at, to.host, to.port) for at, to in enumerate(answered)]
        spoken = tuple((self._engine.add(stream), stream) for stream in streams)
        self._held.append(_Held(session, spoken))

    def _stream(self, script: CallScript, at: int, host: str, port: int) -> OutgoingStream:
        return OutgoingStream(
            host=host,
            port=port,
            ssrc=secrets.randbelow(_WORD),
            speech=speech(script.language, SIDES[at]),
            source=at,
            sequence=secrets.randbelow(_HALF),
            timestamp=secrets.randbelow(_WORD),
            first_packet=secrets.randbelow(_HALF),
        )

    async def _end(self, held: _Held) -> None:
        for stream_id, stream in held.streams:
            count = await asyncio.wrap_future(self._engine.remove(stream_id))
            self._sent.append(SentStream(stream.host, stream.port, stream.ssrc, count.packets))
        try:
            await held.session.end()
        except (PeerSilent, PeerGone) as error:
            self._failures[f"BYE {failure_name(error)}"] += 1


@asynccontextmanager
async def open_load(target: Target, *, max_calls: int) -> AsyncIterator[CallLoad]:
    """A generator with room for `max_calls`; what is still up at the end of the block is left."""
    async with connect(target) as signalling:
        host = signalling.local.rpartition(b":")[0].decode()
        with (
            _uncollected(),
            open_sources(host, len(SIDES)) as sources,
            MediaEngine(sources, max_streams=max_calls) as engine,
        ):
            yield CallLoad(target, signalling, engine, [source.port for source in sources])


@contextmanager
def _uncollected() -> Iterator[None]:
    """Collect no cycles in this block: the pauses would look like answers that come late."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
