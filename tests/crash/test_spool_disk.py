"""A worker whose spool's disk is slow, full, read-only or gone, and mended while a call is up.

The disk is a file system of its own and the faults are the kernel's; signalling is the test. As
root.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archive.format.end import Gap, GapCause
from archive.format.frames import FrameKind
from capture.holder.client import HolderClient
from capture.holder.worker_board import Board
from capture.links.recorder_messages import Closed, Everything, Message, PartBegins, Unkept
from capture.media import durability, spool_trial, worker
from capture.media.spool_trial import FAILED_US
from tests.capture.media.scene import frames_of, heard_in, record, recording_id, rtp
from tests.crash.disks import Fault, Volume, needs_disks, volumes
from tests.crash.whole import wait_until
from tests.support.media.holder import serving
from tests.support.media.worker import Stage, close

pytestmark = [needs_disks, pytest.mark.slow]
WITHIN_S = 20.0
PACKET_S = 0.02
# What a fault lasts for, and what is said behind it.
PACKETS = 20
A_LEAD_BYTES = 1 << 13


@dataclass
class Talking:
    """A worker at whose stage somebody talks without a pause."""

    stage: Stage
    spool: Volume
    sent: list[bytes] = field(default_factory=list)
    quiet: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.recording = recording_id()
        self.stage.tell(record(self.recording, 0), Everything())
        self.thread = threading.Thread(target=self._speak)
        self.thread.start()
        is_kept = [lambda: any(p.stat().st_size > A_LEAD_BYTES for p in self.parts), self.can_write]
        wait_until(lambda: all(each() for each in is_kept), within_s=WITHIN_S, what="a part")

    def _speak(self) -> None:
        while not self.quiet.wait(PACKET_S):
            self.sent.append(rtp(len(self.sent)))
            self.stage.send(0, self.sent[-1])

    def go_on(self) -> int:
        """Say some more; the number of the first packet of it."""
        first = len(self.sent)
        wait_until(lambda: len(self.sent) > first + PACKETS, within_s=WITHIN_S, what="speech")
        return first

    def hush(self) -> None:
        self.quiet.set()
        self.thread.join()

    def hang_up(self) -> list[Message]:
        """End the call; all that the worker has said from the first part on."""
        self.hush()
        self.stage.tell(close(self.recording))
        said: list[Message] = []
        while not said or said[-1] != Closed(recording=self.recording):
            said.append(self.stage.next_message())
        return said

    @property
    def parts(self) -> list[Path]:
        return sorted(self.stage.spool.rglob("*.rkn*"))

    @property
    def board(self) -> Board:
        return Board(self.stage.holder.take_one("board"))

    def can_write(self) -> bool:
        """As the worker says on the board."""
        return self.board.spool_since_us(0) != FAILED_US and not self.board.state(0).failing


@pytest.fixture
def talking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talking]:
    monkeypatch.setattr(worker, "BEAT_S", 0.05)
    monkeypatch.setattr(durability, "SYNC_PERIOD_S", 0.05)
    monkeypatch.setattr(spool_trial, "TRIAL_PERIOD_S", 0.05)
    with (
        volumes(tmp_path, ["spool"], tmp_path) as made,
        serving(tmp_path, 2) as plan,
        HolderClient(plan.socket_path) as holder,
    ):
        stage = Stage(tmp_path, plan, holder)
        stage.start()
        stage.connected()
        stage.listen(0)
        talk = Talking(stage, made["spool"])
        yield talk
        talk.hush()
        stage.ended()
        stage.listener.close()
        stage.peer.close()


@pytest.mark.parametrize("fault", [Fault.FULL, Fault.READ_ONLY, Fault.GONE])
def test_a_call_outlives_the_disk_under_it(talking: Talking, fault: Fault) -> None:
    """What could not be written is a gap that says so, and nobody has to do more than mend."""
    talking.spool.break_by(fault)
    wait_until(lambda: not talking.can_write(), within_s=WITHIN_S, what="a worker that says so")
    talking.go_on()
    talking.spool.mend(fault)
    wait_until(talking.can_write, within_s=WITHIN_S, what="a worker that writes again")
    after = talking.go_on()
    said = talking.hang_up()
    *_, last = talking.parts
    gaps = [Gap.decode(frame.payload) for frame in frames_of(last) if frame.kind is FrameKind.GAP]
    heard = [each.data for each in heard_in(last)]

    assert said.count(Unkept(recording=talking.recording)) == 1
    assert [each.part for each in said if isinstance(each, PartBegins)] == [0, 1], (
        "one part more, whose number is said once however often it is tried"
    )
    assert heard == talking.sent[-len(heard) :]
    assert len(heard) >= len(talking.sent) - after
    assert [gap.cause for gap in gaps] == [GapCause.WRITER_FAILED]
    assert gaps[0].packets >= PACKETS


def test_nothing_is_lost_with_a_disk_that_hangs_for_a_while(talking: Talking) -> None:
    """The kernel's queue waits; meanwhile the board says since when the disk owes an answer."""
    talking.spool.break_by(Fault.SLOW)
    wait_until(
        lambda: talking.board.spool_since_us(0) > FAILED_US, within_s=WITHIN_S, what="a debt"
    )
    talking.go_on()
    owed_us = talking.board.spool_since_us(0)
    talking.go_on()
    assert talking.board.spool_since_us(0) == owed_us
    talking.spool.mend(Fault.SLOW)
    wait_until(lambda: talking.board.spool_since_us(0) != owed_us, within_s=WITHIN_S, what="paid")
    talking.hang_up()
    (part,) = talking.parts

    assert [each.data for each in heard_in(part)] == talking.sent
