"""Pauses: of what arrived within one nothing is in any file, whoever is killed when."""

import time
from collections.abc import Callable

import msgspec
import pytest

from archive.format.end import UNKNOWN_PACKETS, Gap, GapCause
from archive.format.frames import FrameKind
from capture.holder.relay_buffer import RelayRing
from capture.links.recorder_messages import Close, PauseBegan, PauseEnded, PauseWanted, Record
from capture.media import pauses
from tests.capture.media import scene
from tests.capture.media.scene import Ingest, Node, frames_of, recording_id, rtp

CALL = recording_id(1)
ASKED = PauseWanted(serial=0)
Told = list[PauseBegan | PauseEnded]


NAME = b"\2\0\x10\0\x7f\0\0\1" + bytes(8)


def land(ring: RelayRing, owner: int, data: bytes, at_us: int) -> None:
    """What a relay does, without one."""
    ring.point()
    ring.put(owner, data, NAME, at_us)
    ring.head += 1


def wanted(*pauses: PauseWanted, pair: int = 0, relayed: bool = False) -> Record:
    """The recording with these pauses."""
    return msgspec.structs.replace(scene.record(CALL, pair, relayed=relayed), pauses=pauses)


def worker(node: Node, told: Told | None = None) -> Ingest:
    """A worker whose words are kept."""
    ingest = node.ingest()
    if told is not None:
        ingest.roster.say = told.append
    return ingest


def resumed(began: PauseBegan, until_us: int = 0) -> PauseWanted:
    """A pause that is to be over, since the moment that was told."""
    return PauseWanted(serial=0, from_us=began.at_us, until_us=until_us, is_over=True)


def began_in(told: Told) -> PauseBegan:
    (found,) = [each for each in told if isinstance(each, PauseBegan)]
    return found


def kept(node: Node) -> list[bytes]:
    """The datagrams in all files."""
    return [each.data for each in node.heard()]


def gaps(node: Node) -> list[tuple[int, Gap]]:
    found = [f for path in node.files() for f in frames_of(path) if f.kind is FrameKind.GAP]
    return [(frame.stream, Gap.decode(frame.payload)) for frame in found]


def end(ingest: Ingest) -> None:
    ingest.roster.close(Close(recording=CALL, reason="bye", at_us=0))
    ingest.publish()


def test_nothing_that_arrives_in_a_pause_is_kept_and_everything_around_it_is(node: Node) -> None:
    """The cut is by arrival: what waits in a socket from before is still sealed."""
    told: Told = []
    ingest = worker(node, told)
    node.listen(0)
    ingest.roster.record(wanted())
    node.send(0, rtp(0), rtp(1))
    ingest.roster.record(wanted(ASKED))
    node.send(0, rtp(2), rtp(3))
    node.send(0, b"\x80\xc8" + bytes(26), rtcp=True)
    ingest.sweep()
    node.send(0, rtp(4))
    ingest.roster.record(wanted(resumed(began_in(told))))
    node.send(0, rtp(5))
    ingest.sweep()
    end(ingest)

    assert kept(node) == [rtp(0), rtp(1), rtp(5)]
    assert [type(each) for each in told] == [PauseBegan, PauseEnded]
    ((stream, gap),) = gaps(node)
    assert stream == 0
    assert (gap.cause, gap.packets) == (GapCause.PAUSED, 3)
    assert (gap.from_us, gap.until_us) == (told[0].at_us, told[1].at_us)


def test_what_is_not_kept_is_no_loss_and_counts_as_a_sign_of_life(node: Node) -> None:
    """END lists it as nothing lost; neither a media timeout nor `no_rtp` follows from a pause."""
    told: Told = []
    ingest = worker(node, told)
    node.listen(0)
    ingest.roster.record(wanted(ASKED))
    node.send(0, *(rtp(n) for n in range(5)))
    ingest.sweep()

    assert ingest.board.last_arrival_us(0) >= told[0].at_us
    assert ingest.sweeper.statistics.of(0).packets == 5
    assert ingest.roster.recordings[CALL].take_counts() == {0: 0}
    assert node.files() == [] or kept(node) == []


def test_a_call_that_ends_in_a_pause_keeps_nothing_of_it(node: Node) -> None:
    """Its sockets are read once more at its end, for what was said before."""
    ingest = worker(node, [])
    node.listen(0)
    ingest.roster.record(wanted(ASKED))
    node.send(0, rtp(1))
    end(ingest)

    assert kept(node) == []
    assert [gap.cause for _, gap in gaps(node)] == [GapCause.PAUSED]
    (path,) = node.files()
    with scene.opened(path) as reader:
        assert reader.end().lost == ()


def test_a_clock_that_is_set_back_in_a_pause_lets_nothing_through(
    node: Node,
) -> None:
    """Stamps from before its begin are no proof: all that was there then has been read."""
    told: Told = []
    ingest = worker(node, told)
    node.listen(0)
    ingest.roster.record(wanted())
    clock = ingest.parts.wall_us
    ingest.parts.wall_us = lambda: clock() + 3_600_000_000  # as if it were set back right after
    ingest.roster.record(wanted(ASKED))
    ingest.parts.wall_us = clock
    node.send(0, rtp(1))
    ingest.sweep()
    ingest.roster.record(wanted(resumed(began_in(told))))
    ingest.sweep()

    assert kept(node) == []
    assert told[1].at_us >= told[0].at_us


def test_the_times_are_told_again_to_who_asks_without_them(node: Node) -> None:
    """Signalling was killed before it heard: it learns what was done, and nothing is done twice."""
    told: Told = []
    ingest = worker(node, told)
    ingest.roster.record(wanted(ASKED))
    ingest.roster.record(wanted(ASKED))
    again: Told = []
    ingest.roster.pauses.repeat(again.append)

    assert told[0] == told[1] == again[0]
    ingest.roster.record(wanted(PauseWanted(serial=0, is_over=True)))
    ingest.roster.record(wanted(PauseWanted(serial=0, is_over=True)))
    ends = [each for each in told if isinstance(each, PauseEnded)]
    assert len(set(ends)) == 1
    assert len(ends) == 2


def test_a_pause_that_nothing_can_turn_up_of_is_let_go(node: Node) -> None:
    """A long call has many; a clock that is set back long after one loses nothing to it."""
    told: Told = []
    ingest = worker(node, told)
    ingest.roster.record(wanted(ASKED))
    over = resumed(began_in(told))
    ingest.roster.record(wanted(over))
    ingest.roster.pauses.settle(time.monotonic() + pauses.SETTLES_S - 1)
    assert ingest.roster.pauses
    ingest.roster.pauses.settle(time.monotonic() + pauses.SETTLES_S + 1)
    assert not ingest.roster.pauses

    ingest.roster.record(wanted(resumed(began_in(told), until_us=told[-1].at_us)))
    assert not ingest.roster.pauses
    ingest.roster.record(wanted(over, PauseWanted(serial=1)))
    assert [each.serial for each in told if isinstance(each, PauseBegan)] == [0, 1]


def relayed(node: Node) -> tuple[Ingest, Told]:
    told: Told = []
    ingest = worker(node, told)
    ingest.roster.record(wanted(relayed=True))
    ingest.gatherer.table.gate_us[0] = 1
    return ingest, told


def test_what_a_relay_lands_in_a_pause_is_not_kept(node: Node) -> None:
    """It is sent on all the same; the ring lets go of it."""
    ingest, told = relayed(node)
    land(ingest.gatherer.ring, 1, rtp(0), scene.wall_us())
    ingest.roster.record(wanted(ASKED, relayed=True))
    land(ingest.gatherer.ring, 1, rtp(1), scene.wall_us())
    land(ingest.gatherer.ring, 2, b"\x80\xc8" + bytes(26), scene.wall_us())
    ingest.sweep()
    ingest.roster.record(wanted(resumed(began_in(told)), relayed=True))
    land(ingest.gatherer.ring, 1, rtp(2), scene.wall_us())
    ingest.sweep()

    assert kept(node) == [rtp(0), rtp(2)]
    assert ingest.gatherer.ring.tail == ingest.gatherer.ring.head


def stopped(at_us: int, *pauses: PauseWanted, relayed: bool = False) -> Record:
    """The recording as it is when somebody has ended it by hand: it has no streams any more."""
    now = wanted(*pauses, relayed=relayed)
    return msgspec.structs.replace(now, streams=(), stopped_us=at_us)


def test_what_arrives_behind_a_stop_is_not_kept_however_late_it_is_heard_of(node: Node) -> None:
    """What had come before is; the recording is over, so that nothing is missing behind it."""
    ingest = worker(node)
    node.listen(0)
    ingest.roster.record(wanted())
    node.send(0, rtp(0), rtp(1))
    stopped_us = scene.wall_us() + 1
    while scene.wall_us() <= stopped_us:
        pass
    node.send(0, rtp(2), rtp(3))
    ingest.roster.record(stopped(stopped_us))
    end(ingest)

    assert kept(node) == [rtp(0), rtp(1)]
    assert gaps(node) == []
    assert not ingest.roster.pauses


def test_what_a_relay_lands_behind_a_stop_is_not_kept(node: Node) -> None:
    """It carries the call on, and hears of the stop last of all."""
    ingest, _ = relayed(node)
    stopped_us = scene.wall_us()
    land(ingest.gatherer.ring, 1, rtp(0), stopped_us - 1)
    land(ingest.gatherer.ring, 1, rtp(1), stopped_us)
    ingest.roster.record(stopped(stopped_us, relayed=True))
    end(ingest)

    assert kept(node) == [rtp(0)]
    assert ingest.gatherer.ring.tail == ingest.gatherer.ring.head


def test_what_arrives_behind_a_no_is_not_kept_however_late_it_is_heard_of(node: Node) -> None:
    """A party said so then; nobody chooses another moment. Nothing ends it but the call."""
    ingest, told = relayed(node)
    refused_us = scene.wall_us()
    land(ingest.gatherer.ring, 1, rtp(0), refused_us - 1)
    land(ingest.gatherer.ring, 1, rtp(1), refused_us)
    silent = PauseWanted(serial=0, from_us=refused_us)
    ingest.roster.record(wanted(silent, relayed=True))
    land(ingest.gatherer.ring, 1, rtp(2), refused_us - 1)
    ingest.sweep()
    end(ingest)

    assert kept(node) == [rtp(0)]
    assert [(gap.cause, gap.from_us) for _, gap in gaps(node)] == [(GapCause.PAUSED, refused_us)]
    assert told == []


def test_a_recording_that_is_stopped_while_it_is_paused_keeps_nothing_of_either(
    node: Node,
) -> None:
    """The pause is over where the recording is."""
    ingest, told = relayed(node)
    ingest.roster.record(wanted(ASKED, relayed=True))
    stopped_us = began_in(told).at_us + 10
    land(ingest.gatherer.ring, 1, rtp(0), stopped_us - 1)
    land(ingest.gatherer.ring, 1, rtp(1), stopped_us)
    over = resumed(began_in(told), until_us=stopped_us)
    ingest.roster.record(stopped(stopped_us, over, relayed=True))
    end(ingest)

    assert kept(node) == []
    assert [(gap.cause, gap.until_us) for _, gap in gaps(node)] == [(GapCause.PAUSED, stopped_us)]


# -- whoever dies, whenever ------------------------------------------------------------------------

# Where a worker may be killed that has heard of a pause, the beginning of each step.
DEATHS: tuple[Callable[[Ingest], None], ...] = (
    lambda ingest: setattr(ingest.roster, "say", lambda _: scene.die()),
    lambda ingest: setattr(ingest.sweeper, "seal", lambda *_: scene.die()),
    lambda ingest: setattr(ingest.sweeper._writing, "write", lambda *_: scene.die()),
    lambda ingest: setattr(ingest.ring, "commit", lambda *_: scene.die()),
    lambda ingest: setattr(ingest.roster.pauses, "drained", lambda *_: scene.die()),
    lambda ingest: setattr(ingest.roster.pauses, "end", lambda *_: scene.die()),
)


@pytest.mark.parametrize("death", range(len(DEATHS)))
@pytest.mark.parametrize("is_told", [True, False])
def test_a_worker_killed_at_the_begin_of_a_pause_keeps_nothing_of_it(
    node: Node, death: int, is_told: bool
) -> None:
    """Its successor takes the moment that was told; where none was, it is his own."""
    node.listen(0)
    node.send(0, rtp(0))
    moment = scene.wall_us()

    def life() -> None:
        ingest = worker(node)
        ingest.roster.record(wanted())
        DEATHS[death](ingest)
        ingest.roster.record(wanted(ASKED))
        ingest.sweep()

    assert scene.dies(life)
    node.send(0, rtp(1))
    told: Told = []
    successor = worker(node, told)
    successor.roster.waits_for_landed = bool(successor.ring.landed())
    pause = PauseWanted(serial=0, from_us=moment) if is_told else ASKED
    successor.roster.record(wanted(pause))
    if successor.roster.waits_for_landed:
        successor.roster.adopt_landed()
    node.send(0, rtp(2))
    successor.sweep()
    end(successor)

    before = [rtp(0)] if is_told else [rtp(0), rtp(1)]
    assert kept(node) == before
    assert len(told) == (0 if is_told else 1)


@pytest.mark.parametrize("death", range(1, len(DEATHS)))
def test_a_worker_killed_in_a_pause_or_at_its_end_keeps_nothing_of_it(
    node: Node, death: int
) -> None:
    """What lies in the ring came in the pause, for nobody has told of its end."""
    told: Told = []
    node.listen(0)
    node.send(0, rtp(0))
    began_us = scene.wall_us()
    pause = PauseWanted(serial=0, from_us=began_us)
    node.send(0, rtp(1))

    def life() -> None:
        ingest = worker(node)
        ingest.roster.record(wanted())
        DEATHS[death](ingest)
        ingest.roster.record(wanted(pause))
        ingest.roster.record(wanted(PauseWanted(serial=0, from_us=began_us, is_over=True)))
        ingest.sweep()

    assert scene.dies(life)
    node.send(0, rtp(2))
    successor = worker(node, told)
    successor.roster.waits_for_landed = bool(successor.ring.landed())
    successor.roster.record(wanted(PauseWanted(serial=0, from_us=began_us, is_over=True)))
    if successor.roster.waits_for_landed:
        successor.roster.adopt_landed()
    node.send(0, rtp(3))
    successor.sweep()
    end(successor)

    assert kept(node) == [rtp(0), rtp(3)]
    assert [type(each) for each in told] == [PauseEnded]
    assert gaps(node)[-1][1].packets == UNKNOWN_PACKETS


def test_a_plan_of_a_relays_ring_that_is_carried_out_again_leaves_the_pause_out(
    node: Node,
) -> None:
    """The worker died with what the relay had landed in his hands."""
    began_us = scene.wall_us()

    def life() -> None:
        ingest, _ = relayed(node)
        land(ingest.gatherer.ring, 1, rtp(0), began_us - 10)
        land(ingest.gatherer.ring, 1, rtp(1), began_us + 10)
        ingest.gatherer.sweeper.seal = lambda *_: scene.die()  # type: ignore[method-assign]  # dies
        ingest.sweep()

    assert scene.dies(life)
    successor = worker(node, [])
    successor.roster.waits_for_landed = True
    pause = PauseWanted(serial=0, from_us=began_us)
    successor.roster.record(wanted(pause, relayed=True))
    successor.roster.adopt_landed()

    assert kept(node) == [rtp(0)]
