"""Signalling's side of the socket to the relay workers."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from capture.links.framed_messages import framed
from capture.links.relay_link import RelayLink
from capture.links.relay_messages import (
    Keyed,
    RelayAnswer,
    RelayCall,
    RelayEverything,
    RelayGone,
    RelayHello,
    RelayMessage,
    RelayStream,
    Side,
)
from capture.native.choice import RelayLoop
from tests.support.capture.relaying import END

PATIENCE_S = 10.0
CALL = RelayCall(call=b"one", ends=(END, END), is_joined=True, is_landed=True)
KEYED = Keyed(call=b"one", side=Side.CALLER, digit="9", at_us=1)


class Relay:
    """A relay's end of the link."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self.writer = reader, writer
        self._stream = RelayStream()
        self._heard: list[RelayMessage] = []

    async def hear(self, count: int) -> list[RelayMessage]:
        """The next messages; fewer where the link ends before."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self._heard) < count and (data := await self._reader.read(1 << 16)):
                self._heard += self._stream.feed(data)
        heard, self._heard = self._heard[:count], self._heard[count:]
        return heard


class Office:
    """A link with one call of relay 0, and what it heard."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.heard: asyncio.Queue[RelayAnswer] = asyncio.Queue()
        self.link = RelayLink(path, lambda w: [CALL] if w == 0 else [], self.heard.put_nowait)

    async def relay(self, number: int, loop: RelayLoop = RelayLoop.PYTHON) -> Relay:
        """A relay that has connected and said who it is."""
        relay = Relay(*await asyncio.open_unix_connection(self.path))
        relay.writer.write(framed(RelayHello(worker=number, loop=loop)))
        return relay


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    made = Office(tmp_path / "relay.sock")
    await made.link.open()
    yield made
    made.link.close()


async def test_a_relay_first_hears_everything_that_is_his(office: Office) -> None:
    """A successor goes on with it; what is not named is over."""
    relay, other = await office.relay(0), await office.relay(1)

    assert await relay.hear(2) == [CALL, RelayEverything()]
    assert await other.hear(1) == [RelayEverything()]


async def test_a_command_reaches_its_relay_and_one_for_who_is_away_is_no_error(
    office: Office,
) -> None:
    """It will be said when he comes back."""
    relay = await office.relay(0)
    await relay.hear(2)
    office.link.tell(0, RelayGone(call=b"one"))
    office.link.tell(7, RelayGone(call=b"one"))

    assert await relay.hear(1) == [RelayGone(call=b"one")]


async def test_the_loop_of_each_relay_that_is_there_is_known(office: Office) -> None:
    """One that has ended runs none; its successor may run the other one."""
    relay, other = await office.relay(0, RelayLoop.NATIVE), await office.relay(1)
    await relay.hear(2)
    await other.hear(1)
    both = office.link.loops()
    other.writer.write_eof()
    assert await other.hear(1) == []

    assert both == {0: RelayLoop.NATIVE, 1: RelayLoop.PYTHON}
    assert office.link.loops() == {0: RelayLoop.NATIVE}


async def test_what_a_relay_says_is_heard(office: Office) -> None:
    """Keys, prompts, places."""
    relay = await office.relay(0)
    relay.writer.write(framed(KEYED))

    async with asyncio.timeout(PATIENCE_S):
        assert await office.heard.get() == KEYED
