"""kill -9 of a relay while calls go through it."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from capture.links.framed_messages import framed
from capture.links.recorder_messages import Close, Closed, MessageStream
from capture.links.relay_messages import RelayHello, RelayStream
from capture.native.choice import LoopWord, choose_loop
from rokuon.compose.processes.supervisor import Supervisor
from tests.capture.media.scene import heard_in
from tests.crash.relayed import PACKET_S, PARTS, Talk, moments, plans, prepare
from tests.support.supervising import process_id

pytestmark = pytest.mark.slow

# Signalling says nothing again to a successor here: all of it is what the table has.
SILENT_AT_MOST_S = 0.3
CALLS = 20
KILLS = 2
WITHIN_S = 30.0


class Signalling:
    """Its ends of the two links; successors are welcomed, and told nothing."""

    def __init__(self, folder: Path) -> None:
        self.listeners = [socket.socket(socket.AF_UNIX) for _ in range(2)]
        for listener, name in zip(self.listeners, ("relay.sock", "link.sock"), strict=True):
            listener.bind(str(folder / name))
            listener.listen()
            listener.settimeout(WITHIN_S)

    def welcome(self) -> tuple[socket.socket, socket.socket]:
        relay, worker = (listener.accept()[0] for listener in self.listeners)
        relay.settimeout(WITHIN_S)
        worker.settimeout(WITHIN_S)
        assert RelayHello in map(type, RelayStream().feed(relay.recv(4096)))
        return relay, worker

    def end(self, worker: socket.socket, recordings: list[bytes]) -> None:
        """Close them, and wait until the worker says that they are."""
        for each in recordings:
            worker.sendall(framed(Close(recording=each, reason="bye", at_us=0)))
        waiting, stream = set(recordings), MessageStream()
        while waiting:
            for message in stream.feed(worker.recv(1 << 16)):
                if isinstance(message, Closed):
                    waiting.discard(message.recording)

    def close(self) -> None:
        for listener in self.listeners:
            listener.close()


@pytest.mark.parametrize("loop", ["python", "native"])
async def test_calls_outlive_their_relay(
    tmp_path: Path, seed: int, loop: LoopWord, record_property: Callable[[str, object], None]
) -> None:
    """The spare goes on within 300 ms, from the table alone; no packet is lost to anybody.

    What came while nobody was there is sent late, with the numbers that it would have had.
    """
    if loop == "native" and choose_loop(loop).is_lacking:
        pytest.skip(f"native loop: {choose_loop(loop).because}")
    plan, signalling = prepare(tmp_path, 2 * CALLS, loop), Signalling(tmp_path)
    talk, stop = Talk(plan, CALLS), asyncio.Event()
    supervisor = Supervisor(plans(tmp_path), os.environ, stop_order=tuple(reversed(PARTS)))
    async with asyncio.TaskGroup() as group:
        group.create_task(supervisor.run(stop, on_ready={}))
        assert await supervisor.all_ready(stop)
        relay, worker = await asyncio.to_thread(signalling.welcome)
        talk.begin(relay, worker)
        await asyncio.sleep(0.5)  # their sockets are deaf until the relay has read of them
        speaking = group.create_task(asyncio.to_thread(talk.speak, 10.0))
        for pause_s in moments(seed, KILLS, 0.5):
            await asyncio.sleep(pause_s)
            process = process_id(supervisor, "relay-0")
            assert process is not None
            os.kill(process, signal.SIGKILL)
        await speaking
        await asyncio.sleep(0.5)
        for line in talk.lines:
            line.hear()
        await asyncio.to_thread(signalling.end, worker, talk.recordings)
        stop.set()
    signalling.close()
    talk.close()

    assert_everything_was_heard_and_kept(talk, tmp_path / "spool")
    silent_s = talk.longest_gap_s() - PACKET_S
    record_property("silent_ms", round(1_000 * silent_s))
    print(f"silent for {1_000 * silent_s:.0f} ms")  # noqa: T201 - a figure for whoever asks
    assert silent_s <= SILENT_AT_MOST_S


def assert_everything_was_heard_and_kept(talk: Talk, spool: Path) -> None:
    """By the other party, and by whoever listens later."""
    kept: dict[bytes, set[int]] = {}
    for path in sorted(spool.rglob("*.rkn*")):
        for each in heard_in(path):
            serials = kept.setdefault(each.data, set())
            serials.add(each.serial)
    for line in talk.lines:
        other = talk.lines[line.pair ^ 1]
        assert {number for number, _ in other.heard} == set(range(len(line.sent))), line.pair
        assert [len(kept.get(packet, ())) for packet in line.sent] == [1] * len(line.sent)
