"""The worker's loop, with a holder in its own process and signalling played by the test."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.format.intake import seal_page
from capture.holder.client import HolderClient
from capture.holder.landing_buffer import LandingRing
from capture.holder.worker_board import Board
from capture.links.framed_messages import Ping, Pong
from capture.links.recorder_messages import Closed, Everything, PartBegins, Unkept
from capture.media import open_part, worker
from capture.media.batch_receiver import receive
from capture.media.worker import Worker
from tests.capture.media import scene
from tests.capture.media.scene import heard_in, opened, record, recording_id, rtp
from tests.support.media.holder import serving
from tests.support.media.worker import LONGEST_S, SWEEP_S, Stage, close


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with serving(tmp_path, 2) as plan, HolderClient(plan.socket_path) as holder:
        made = Stage(tmp_path, plan, holder)
        yield made
        made.ended()
        made.listener.close()
        made.peer.close()


def test_a_call_is_recorded_from_its_record_to_its_close(stage: Stage) -> None:
    """Closed is said when the part has its last name, not before."""
    recording = recording_id()
    stage.start()
    stage.connected()
    stage.listen(1)
    stage.tell(record(recording, 1), Everything())
    assert stage.next_message() == PartBegins(recording=recording, part=0)
    sent = [rtp(number) for number in range(40)]
    stage.send(1, *sent)
    stage.tell(close(recording))
    assert stage.next_message() == Closed(recording=recording)
    (path,) = stage.spool.rglob("*.sealed")

    assert [each.data for each in heard_in(path)] == sent
    with opened(path) as reader:
        assert reader.verify(scene.NODE_KEY.public_key()).packets == {0: 40}


def landed(stage: Stage, pair: int, *datagrams: bytes) -> None:
    """What a predecessor had received when it was killed."""
    ring = LandingRing(stage.holder.take_one("ring-0"))
    ring.begin(scene.FIRST_SEQUENCE)
    stage.listen(pair)
    stage.send(pair, *datagrams)
    assert scene.readable(stage.rtp[pair])
    assert receive(ring, [(stage.rtp[pair], 2 * pair + 1)])


def test_a_successor_seals_what_has_landed_before_it_reads_more(stage: Stage) -> None:
    """A sweep would write over it; so it waits until it knows every recording."""
    recording = recording_id()
    landed(stage, 0, rtp(0), rtp(1))
    stage.send(0, rtp(2))
    stage.start()
    stage.connected()
    stage.tell(record(recording_id(1), 1), record(recording, 0))
    until_s = time.monotonic() + 5 * SWEEP_S
    while time.monotonic() < until_s:  # more than a period, in which a sweep would be due
        stage.tell(close(b"u" * 16))
        assert stage.next_message() == Closed(recording=b"u" * 16)
    stage.tell(Everything(), close(recording))
    answers = [stage.next_message() for _ in range(3)]
    assert Closed(recording=recording) in answers
    (path,) = stage.spool.rglob("*.sealed")

    assert [each.data for each in heard_in(path)] == [rtp(0), rtp(1), rtp(2)]


def test_a_worker_that_is_stopped_ends_its_parts_and_not_the_recordings(stage: Stage) -> None:
    """The next one goes on with them."""
    recording = recording_id()
    stage.start()
    stage.connected()
    stage.listen(0)
    stage.tell(record(recording, 0), Everything())
    stage.next_message()
    stage.send(0, rtp(0))
    (path,) = stage.ended()
    with opened(path) as reader:
        end = reader.verify(scene.NODE_KEY.public_key()).end

    assert path.suffix == ".sealed"
    assert (end.reason, end.last, end.packets) == ("node_stopped", False, {0: 1})


def test_a_worker_comes_back_to_signalling_and_says_which_parts_it_has(stage: Stage) -> None:
    """Signalling was replaced; the worker and its parts go on."""
    recording = recording_id()
    stage.start()
    stage.connected()
    stage.listen(0)
    stage.tell(record(recording, 0), Everything())
    begins = stage.next_message()
    stage.link.close()
    stage.connected()
    assert stage.known == {recording: 1}
    assert stage.next_message() == begins
    stage.tell(record(recording, 0), Everything())
    stage.send(0, rtp(0))
    stage.tell(close(recording))
    assert stage.next_message() == Closed(recording=recording)
    (path,) = stage.ended()

    assert len(heard_in(path)) == 1


def test_without_signalling_a_worker_goes_on_sweeping(stage: Stage) -> None:
    """No packet is lost while signalling is away."""
    recording = recording_id()
    stage.start()
    stage.connected()
    stage.listen(0)
    stage.tell(record(recording, 0), Everything())
    stage.next_message()
    stage.listener.close()
    stage.link.close()
    sent = [rtp(number) for number in range(30)]
    stage.send(0, *sent)
    board, until_s = Board(stage.holder.take_one("board")), time.monotonic() + LONGEST_S
    while not board.last_arrival_us(0) and time.monotonic() < until_s:
        scene.readable(stage.peer, 0.005)
    assert board.last_arrival_us(0)
    (path,) = stage.ended()

    assert [each.data for each in heard_in(path)] == sent


def test_a_peer_that_is_no_signalling_is_left(stage: Stage) -> None:
    """A message that claims gigabytes is not waited for."""
    stage.start()
    stage.connected()
    stage.link.sendall(b"\xff" * 8)
    assert stage.link.recv(10) == b""
    stage.link.close()
    stage.connected()
    stage.tell(close(b"u" * 16))

    assert stage.next_message() == Closed(recording=b"u" * 16)


@pytest.mark.parametrize("at_once", [False, True], ids=["swept", "closed before the first sweep"])
def test_a_part_is_in_the_holder_s_memory_before_it_holds_a_key(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, *, at_once: bool
) -> None:
    """Killed together with signalling, that is all that keeps its number from coming twice."""
    recording, board = recording_id(), Board(stage.holder.take_one("board"))
    found: list[int] = []

    def sealed_later(*arguments: Any, **named: Any) -> bytes:
        found.append(board.next_part([1], recording))
        return seal_page(*arguments, **named)

    monkeypatch.setattr(open_part, seal_page.__name__, sealed_later)
    stage.start()
    stage.connected()
    ends = [close(recording)] if at_once else []
    stage.tell(record(recording, 1), *ends, Everything())
    assert stage.next_message() == PartBegins(recording=recording, part=0)
    stage.ended()

    assert found == [1]


def test_after_a_failed_sync_calls_go_on_in_next_parts(stage: Stage) -> None:
    """What the disk lost is at most what it had not synced."""
    recording = recording_id()
    stage.start()
    stage.connected()
    stage.tell(record(recording, 0), Everything())
    stage.next_message()
    stage.worker._syncer.failure = OSError(5, "Input/output error")

    assert stage.next_message() == PartBegins(recording=recording, part=1)
    assert len(stage.ended()) == 2


def test_a_worker_shows_that_it_lives(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signalling gives no new call to one that does not."""
    monkeypatch.setattr(worker, "BEAT_S", 0.01)
    before = scene.wall_us()
    stage.start()
    stage.connected()
    stage.tell(record(recording_id(), 0), Everything())
    stage.next_message()
    stage.ended()
    state = Board(stage.holder.take_one("board")).state(0)

    assert before <= state.beat_us <= scene.wall_us()
    assert 0 <= state.busy_permille <= 1000
    assert not state.failing


def test_nothing_is_forgotten_that_signalling_may_still_ask_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what came well before all that it had to say was heard: not while the link is down, nor
    before its greeting is through, nor while who was kept by a disk has not read it.
    """
    monkeypatch.setattr(worker, "BEAT_S", 0.01)
    made = Worker(stage.worker_plan, stage.holder, scene.wall_us)
    asked: list[int] = []
    monkeypatch.setattr(made._gatherer, "forget_unknown", lambda now_us: asked.append(now_us) or 0)
    made._beat(time.monotonic())
    assert asked.pop() == 0
    made._housekeeping(time.monotonic())
    stage.connected()
    stage.tell(Everything())
    assert scene.readable(made._linked)
    made._read_link()
    made._beat(time.monotonic())
    assert asked.pop() == 0
    stage.tell(Ping(at_us=77))
    assert scene.readable(made._linked)
    made._read_link()
    made._beat(time.monotonic())
    assert asked.pop() == 77
    assert stage.next_message() == Pong(at_us=77)
    stage.link.close()
    assert scene.readable(made._linked)
    made._read_link()
    made._beat(time.monotonic())

    assert asked.pop() == 0


def test_a_recording_that_no_volume_takes_is_told_to_signalling(stage: Stage) -> None:
    """Its route may want no call without."""
    recording = recording_id()
    stage.start()
    stage.connected()
    stage.listen(0)
    stage.spool.rename(stage.folder / "away")
    stage.spool.write_bytes(b"")
    stage.tell(record(recording, 0), Everything())
    stage.send(0, rtp(1))

    while not isinstance(message := stage.next_message(), Unkept):
        assert message == PartBegins(recording=recording, part=0)
    assert message == Unkept(recording=recording)
    stage.spool.unlink()
    (stage.folder / "away").rename(stage.spool)
