"""Fifty calls that know every packet they sent: two G.711 streams each, by SSRC and sequence.

Knows the server by its address alone.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from bench.call_load import paced
from rokuon.selftest.client import SIDES, english_call, japanese_call
from rokuon.selftest.engine import MediaEngine
from rokuon.selftest.session import OutgoingSession
from rokuon.selftest.signalling import Signalling, Target, connect
from rokuon.selftest.slot import OutgoingStream
from rokuon.selftest.sources import Source, open_sources
from rokuon.selftest.speech_files import speech

OK: Final = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """Packets `first` to `first + packets` (modulo 2 ** 16) of one stream."""

    ssrc: int
    first: int
    packets: int

    def sequence(self, number: int) -> int:
        """The sequence number of packet `number`, from 0."""
        return (self.first + number) & 0xFFFF


@dataclass(slots=True)
class _Call:
    session: OutgoingSession
    streams: dict[int, OutgoingStream]


class Load:
    """Calls from one client over one transport, all from the same two ports."""

    def __init__(
        self,
        target: Target,
        signalling: Signalling,
        engine: MediaEngine,
        ports: Sequence[int],
        luck: random.Random,
    ) -> None:
        self._target, self._signalling, self._engine = target, signalling, engine
        self._ports, self._luck = ports, luck
        self._calls: list[_Call] = []

    async def place(self, calls: int, *, per_s: float) -> None:
        """Set up that many calls and let them speak; raises what a refused call raises."""
        await paced(range(calls), per_s, self._place)

    async def _place(self, number: int) -> None:
        script = (japanese_call(0), english_call(0))[number % 2]
        session = OutgoingSession(self._signalling, self._target, self._ports)
        answered = await session.begin((script.customer, script.agent))
        call = _Call(session, {})
        for at, (side, to) in enumerate(zip(SIDES, answered, strict=True)):
            stream = OutgoingStream(
                host=to.host,
                port=to.port,
                ssrc=self._luck.getrandbits(32),
                speech=speech(script.language, side),
                source=at,
                sequence=self._luck.getrandbits(16),
                timestamp=self._luck.getrandbits(32),
            )
            call.streams[self._engine.add(stream)] = stream
        self._calls.append(call)

    async def sent(self) -> list[Sent]:
        """What was sent of every stream up to now, all counted within a beat."""
        asked = [
            (stream, asyncio.wrap_future(self._engine.count(number)))
            for call in self._calls
            for number, stream in call.streams.items()
        ]
        return [
            Sent(stream.ssrc, stream.sequence, (await count).packets) for stream, count in asked
        ]

    async def silence(self) -> list[Sent]:
        """Stop sending, say nothing; what was sent."""
        sent = [one for call in self._calls for one in await self._silence(call)]
        for call in self._calls:
            call.session.forget()
        self._calls.clear()
        return sent

    async def _silence(self, call: _Call) -> list[Sent]:
        sent = []
        for number, stream in call.streams.items():
            count = await asyncio.wrap_future(self._engine.remove(number))
            assert count.failed == 0, "the generator itself must be whole"
            sent.append(Sent(stream.ssrc, stream.sequence, count.packets))
        return sent

    async def hang_up(self, *, per_s: float, most: int | None = None) -> list[Sent]:
        """End calls with BYE, the oldest first, each answered 200; what was sent of their streams.

        All of them, or at `most` so many.
        """
        count = len(self._calls) if most is None else most
        calls, self._calls = self._calls[:count], self._calls[count:]
        sent: list[Sent] = []

        async def end(call: _Call) -> None:
            sent.extend(await self._silence(call))
            assert await call.session.end() == OK

        await paced(calls, per_s, end)
        return sent


@asynccontextmanager
async def open_load(target: Target, luck: random.Random, *, calls: int) -> AsyncIterator[Load]:
    """A client with room for `calls`; what is up at the end of the block is left."""
    async with connect(target) as signalling:
        with (
            open_sources("127.0.0.1", len(SIDES)) as sources,
            MediaEngine(sources, max_streams=calls) as engine,
        ):
            yield Load(target, signalling, engine, _ports(sources), luck)


def _ports(sources: list[Source]) -> list[int]:
    return [source.port for source in sources]
