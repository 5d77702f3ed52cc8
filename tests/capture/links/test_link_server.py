"""Workers come, are replaced, say nonsense, take nothing: what a socket to them does then."""

import asyncio
import socket
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from capture.links.framed_messages import Ping, Pong, framed
from capture.links.recorder_messages import MAX_MESSAGE_BYTES, Closed, Everything, Hello
from capture.links.worker_link import WorkerLink
from tests.support.capture.link import PATIENCE_S, Office, a_record


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    made = Office(tmp_path / "recorder.sock")
    await made.link.open()
    yield made
    made.link.close()


async def test_a_successor_takes_the_place_of_a_worker_whose_end_was_not_seen(
    office: Office,
) -> None:
    """The old connection ends later and takes nothing with it."""
    old = await office.worker(0)
    await old.hear(1)
    new = await office.worker(0)
    await new.hear(1)
    old.writer.close()
    office.link.tell(0, a_record())

    assert await new.hear(1) == [a_record()]
    new.say(Closed(recording=b"one"))
    assert await office.next_heard() == Closed(recording=b"one")


async def test_a_worker_that_has_left_again_is_not_greeted(office: Office) -> None:
    """Greetings of dead connections were most of what a late signalling did."""
    asked: list[int] = []
    office.link._commands_for = lambda worker: asked.append(worker) or []
    with socket.socket(socket.AF_UNIX) as gone:
        gone.connect(str(office.path))
        gone.sendall(framed(Hello(worker=0)))
    there = await office.worker(1)
    await there.hear(1)

    assert asked == [1]
    assert not office.link.is_there(0)


async def test_a_worker_is_greeted_on_one_connection_at_a_time(office: Office) -> None:
    """What waits for him on the one before is let go, and Hello said twice is greeted once."""
    former = await office.worker(0)
    await former.hear(1)
    worker = await office.worker(0)
    worker.say(Hello(worker=0))
    assert await worker.hear(1) == [Everything()]
    office.link.tell(0, a_record())

    assert await worker.hear(1) == [a_record()]
    assert await former.hear(1) == []
    assert office.link.rounds.breaks == {0: 1}


async def test_a_worker_is_asked_behind_what_was_said_and_once_until_he_answers(
    office: Office,
) -> None:
    """Whoever reads nothing is not asked the more for that."""
    worker = await office.worker(0)
    await worker.hear(1)
    office.link.ask(0, 5)
    office.link.ask(0, 6)
    office.link.tell(0, a_record())
    assert await worker.hear(2) == [Ping(at_us=5), a_record()]
    worker.say(Pong(at_us=5), Closed(recording=b"one"))
    await office.next_heard()
    assert office.link.waited_s(0) == 0.0
    office.link.ask(0, 7)

    assert await worker.hear(1) == [Ping(at_us=7)]


async def test_signalling_waits_for_every_worker(office: Office) -> None:
    """Before it takes calls."""
    waiting = asyncio.ensure_future(office.link.complete(2))
    first = await office.worker(0)
    await first.hear(1)
    assert not waiting.done()
    second = await office.worker(1)
    await second.hear(1)

    await asyncio.wait_for(waiting, PATIENCE_S)


@pytest.mark.parametrize(
    "noise",
    [(MAX_MESSAGE_BYTES + 1).to_bytes(4, "big"), b"\0\0\0\1\xc1", b"\0\0\0\2\x81\xa1"],
    ids=["too long", "no msgpack", "cut short"],
)
async def test_a_worker_that_speaks_nonsense_is_cut_off(office: Office, noise: bytes) -> None:
    """Once, in words; another may take its place."""
    with capture_logs() as logs:
        worker = await office.worker(0)
        await worker.hear(1)
        worker.writer.write(noise)

        assert await worker.hear(1) == []
    assert [entry["event"] for entry in logs] == ["worker's connection broke"]
    successor = await office.worker(0)
    assert await successor.hear(1) == [Everything()]


async def test_a_worker_that_takes_nothing_is_cut_off(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for him is bounded; he hears everything again when he comes back."""
    monkeypatch.setattr(WorkerLink, "max_waiting_bytes", 1 << 16)
    worker = await office.worker(0)
    await worker.hear(1)
    with capture_logs() as logs:
        for _ in range(20_000):
            office.link.tell(0, a_record())

    assert {entry["event"] for entry in logs} == {"worker takes nothing"}
    successor = await office.worker(0)
    assert await successor.hear(1) == [Everything()]


async def test_only_its_owner_may_speak_on_the_link(office: Office) -> None:
    """Who can say Close ends recordings."""
    assert stat.S_IMODE(office.path.stat().st_mode) == 0o600


@contextmanager
def left_behind(path: Path) -> Iterator[None]:
    """The socket's file of a predecessor that was killed."""
    path.touch()
    yield
    path.unlink(missing_ok=True)


async def test_the_socket_of_a_predecessor_is_replaced(tmp_path: Path) -> None:
    """A killed process leaves its file."""
    office = Office(tmp_path / "recorder.sock")
    with left_behind(office.path):
        await office.link.open()
        worker = await office.worker(0)

        assert await worker.hear(1) == [Everything()]
        office.link.close()
        assert await worker.hear(1) == []
