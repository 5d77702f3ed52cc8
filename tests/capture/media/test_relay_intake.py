"""What a relay has landed, sealed by an ingest worker: once, whole, from the gate on."""

import os
import random
import socket
from itertools import pairwise

import msgspec
import numpy as np
import pytest

from archive.format.end import Gap, GapCause
from archive.format.frames import FrameKind
from archive.format.packets import MASKED
from capture.holder.relay_buffer import RelayRing
from capture.links.recorder_messages import Close, Record, StreamWanted
from capture.media import relay_intake
from capture.media.batch_receiver import MAX_FROM_ONE
from capture.media.live import rtcp_owner, rtp_owner
from capture.media.open_part import OpenPart
from capture.media.relay_intake import UNKNOWN_HURRY_US, UNKNOWN_US
from capture.media.statistics import Reception
from tests.capture.media import scene
from tests.capture.media.scene import Heard, Ingest, Node, frames_of, record, recording_id, rtp

NAME = b"\2\0\x10\0\x7f\0\0\1" + bytes(8)
LANE = 4


class Landing:
    """What a relay does, without one."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.ring = RelayRing(node.holder.names["relay-ring-0"][0])
        self.ring.point()
        self.at_us = scene.wall_us() - 1_000_000
        self.sent: list[tuple[int, bytes]] = []

    def land(self, owner: int, *datagrams: bytes) -> None:
        for data in datagrams:
            self.at_us += 100
            self.ring.put(owner, data, NAME, self.at_us)
            self.ring.head += 1
            self.sent.append((owner, data))


@pytest.fixture
def landing(node: Node) -> Landing:
    made = Landing(node)
    table = node.ingest().gatherer.table
    table.gate_us[:] = table.began_us[:] = 1
    return made


def relayed(recording: bytes, *pairs: int, played: tuple[int, ...] = (), **more: object) -> Record:
    """A recording with streams 0, 1, … on pairs, then those that are played to pairs."""
    streams = tuple(
        StreamWanted(stream=number, pair=pair, clock_hz=8000, relayed=True,
                     played=number >= len(pairs), **more)  # type: ignore[arg-type]
        for number, pair in enumerate((*pairs, *played))
    )  # fmt: skip
    return msgspec.structs.replace(record(recording), streams=streams)


def closed(node: Node, ingest: Ingest, *recordings: bytes) -> list[Heard]:
    for each in recordings:
        ingest.roster.close(Close(recording=each, reason="bye", at_us=0))
    ingest.publish()
    return node.heard()


def test_what_landed_is_sealed_by_stream_in_the_order_of_arrival(
    node: Node, landing: Landing
) -> None:
    """Short and long, RTP and RTCP, what was played: all as it was."""
    recording, ingest = recording_id(), node.workers[0]
    ingest.roster.record(relayed(recording, 0, 1, played=(0,)))
    luck = random.Random(1)  # noqa: S311 - a test must be repeatable
    owners = [rtp_owner(0), rtp_owner(1), rtcp_owner(0), rtp_owner(LANE)]
    for number in range(400):
        size = luck.choice([0, 12, 172, 172, 173, 256, 257, 2048])
        landing.land(luck.choice(owners), rtp(number)[: min(size, 12)].ljust(size, b"x"))
    ingest.sweep()
    heard = closed(node, ingest, recording)

    for stream, rtcp, owner in [(0, 0, owners[0]), (1, 0, owners[1]), (0, 1, owners[2]),
                                (2, 0, owners[3])]:  # fmt: skip
        found = [each.data for each in heard if (each.stream, each.rtcp) == (stream, rtcp)]
        assert found == [data for who, data in landing.sent if who == owner]
    assert sorted(each.serial for each in heard) == [scene.FIRST_SEQUENCE + n for n in range(400)]
    assert {each.port for each in heard} == {0x1000}
    assert landing.ring.tail == landing.ring.head


def test_only_what_came_behind_the_gate_is_sealed(node: Node, landing: Landing) -> None:
    """To the packet; what was before is gone, and no loss."""
    recording, ingest = recording_id(), node.workers[0]
    ingest.roster.record(relayed(recording, 0, 1))
    ingest.gatherer.table.gate_us[0] = landing.at_us + 300
    ingest.gatherer.table.gate_us[1] = 0
    landing.land(rtp_owner(0), *[rtp(n) for n in range(5)])
    landing.land(rtp_owner(1), rtp(9))
    ingest.sweep()
    heard = closed(node, ingest, recording)

    assert [each.data for each in heard] == [rtp(2), rtp(3), rtp(4)]
    assert landing.ring.tail == landing.ring.head


def test_a_clock_that_is_set_back_closes_no_gate(node: Node, landing: Landing) -> None:
    """An hour of a call was missing then, and nothing said so; what was before stays out."""
    recording, ingest = recording_id(), node.workers[0]
    ingest.roster.record(relayed(recording, 0))
    ingest.gatherer.table.gate_us[0] = landing.at_us + 200
    landing.land(rtp_owner(0), *[rtp(n) for n in range(4)])
    landing.at_us -= 3_600_000_000
    landing.land(rtp_owner(0), rtp(4))
    ingest.sweep()
    landing.land(rtp_owner(0), rtp(5))
    ingest.sweep()

    ingest.gatherer.table.gate_us[0] = landing.at_us + 200
    landing.land(rtp_owner(0), *[rtp(n) for n in range(6, 9)])
    ingest.sweep()

    heard = closed(node, ingest, recording)
    assert [each.data for each in heard] == [rtp(n) for n in (1, 2, 3, 4, 5, 7, 8)]


def test_what_is_played_has_no_gate_but_is_of_this_call(node: Node, landing: Landing) -> None:
    """The notice is evidence; the former call's notice is not this one's."""
    recording, ingest = recording_id(), node.workers[0]
    ingest.roster.record(relayed(recording, played=(0,)))
    table = ingest.gatherer.table
    table.gate_us[0] = 0
    landing.land(rtp_owner(LANE), rtp(1))
    table.began_us[LANE] = landing.at_us + 1
    landing.land(rtp_owner(LANE), rtp(2))
    ingest.sweep()

    assert [each.data for each in closed(node, ingest, recording)] == [rtp(2)]


def test_a_close_takes_what_is_left(node: Node, landing: Landing) -> None:
    """END counts it."""
    recording, ingest = recording_id(), node.workers[0]
    ingest.roster.record(relayed(recording, 0))
    landing.land(rtp_owner(0), rtp(1), rtp(2))

    assert len(closed(node, ingest, recording)) == 2


def test_only_the_recordings_whose_turn_it_is_are_taken(node: Node, landing: Landing) -> None:
    """The others' slots wait, and the tail with them."""
    first, second, ingest = recording_id(1), recording_id(2), node.workers[0]
    ingest.roster.record(relayed(first, 0))
    ingest.roster.record(relayed(second, 1))
    landing.land(rtp_owner(1), rtp(1))
    landing.land(rtp_owner(0), rtp(2))
    ingest.gatherer.gather([ingest.roster.recordings[first]], 0)
    assert (landing.ring.tail, landing.ring.head) == (0, 2)
    ingest.gatherer.gather([ingest.roster.recordings[second]], 0)

    assert landing.ring.tail == 2
    assert len(closed(node, ingest, first, second)) == 2


def test_keys_are_masked_where_the_stream_wants_it(node: Node, landing: Landing) -> None:
    """As in a sweep."""
    recording, ingest = recording_id(), node.workers[0]
    ingest.roster.record(relayed(recording, 0, masked_types=(101,)))
    landing.land(rtp_owner(0), rtp(1), rtp(2, b"\5\0\0\0", kind=101))
    ingest.sweep()
    plain, masked = closed(node, ingest, recording)

    assert (plain.data, plain.flags) == (rtp(1), 0)
    assert (masked.data, masked.flags) == (rtp(2, b"****", kind=101), MASKED)


def test_what_is_relayed_is_counted_as_what_is_swept(node: Node, landing: Landing) -> None:
    """Losses, activity, the board."""
    recording, ingest = recording_id(), node.workers[0]
    ingest.roster.record(relayed(recording, 0))
    landing.land(rtp_owner(0), rtp(1), rtp(2), rtp(5))
    ingest.sweep()
    found = ingest.gatherer.sweeper.statistics.of(0)

    assert isinstance(found, Reception)
    assert (found.packets, found.lost) == (3, 2)
    assert ingest.board.last_arrival_us(0) == landing.at_us
    assert (int(ingest.board.packets[0]), int(ingest.board.lost[0])) == (3, 2)


def test_a_flood_on_one_stream_is_written_in_pieces(node: Node, landing: Landing) -> None:
    """No write has to hold all of it, and none is lost."""
    recording, ingest = recording_id(), node.workers[0]
    ingest.roster.record(relayed(recording, 0, 1))
    total = 2 * MAX_FROM_ONE + 10
    for number in range(total):
        landing.land(rtp_owner(0), rtp(number))
        if number % 500 == 0:
            landing.land(rtp_owner(1), rtp(number))
    ingest.sweep()
    heard = closed(node, ingest, recording)
    flood = [each for each in heard if each.stream == 0]

    assert [each.data for each in flood] == [rtp(n) for n in range(total)]
    assert all(before.serial < after.serial for before, after in pairwise(flood))
    assert len(heard) == total + 5


@pytest.mark.usefixtures("landing")
def test_what_found_no_room_is_a_gap(node: Node) -> None:
    """With its cause and its span; told once."""
    recording, ingest = recording_id(), node.workers[0]
    ingest.roster.record(relayed(recording, 0))
    ingest.gatherer.table.miss(0, 3, 5_000_000)
    ingest.gatherer.table.miss(0, 4, 5_200_000)
    ingest.sweep()
    ingest.sweep()
    closed(node, ingest, recording)
    frames = [each for each in frames_of(node.files()[0]) if each.kind is FrameKind.GAP]

    assert [Gap.decode(each.payload) for each in frames] == [
        Gap(cause=GapCause.RELAY_FULL, packets=7, from_us=5_000_000, until_us=5_200_000)
    ]


def test_what_a_closed_recording_leaves_does_not_stop_the_tail(
    node: Node, landing: Landing
) -> None:
    """Its call may go on for a moment in the relay."""
    first, second, ingest = recording_id(1), recording_id(2), node.workers[0]
    ingest.roster.record(relayed(first, 0))
    ingest.roster.record(relayed(second, 1))
    ingest.roster.close(Close(recording=first, reason="bye", at_us=0))
    landing.land(rtp_owner(0), rtp(1))
    landing.land(rtp_owner(1), rtp(2))
    ingest.sweep()

    assert landing.ring.tail == landing.ring.head
    assert len(closed(node, ingest, second)) == 1


@pytest.mark.parametrize(("slots", "patience_us"), [(1 << 16, UNKNOWN_US), (0, UNKNOWN_HURRY_US)])
def test_what_nobody_asks_for_is_let_go(
    node: Node, landing: Landing, monkeypatch: pytest.MonkeyPatch, slots: int, patience_us: int
) -> None:
    """After a while, for a recording may be told a moment late; sooner while the ring fills."""
    monkeypatch.setattr(relay_intake, "HURRY_SLOTS", slots)
    gatherer = node.workers[0].gatherer
    landing.land(rtp_owner(0), rtp(1), rtp(2))
    first_us = landing.at_us - 100

    assert gatherer.forget_unknown(first_us + patience_us) == 0
    assert gatherer.forget_unknown(first_us + patience_us + 1) == 1
    assert landing.ring.tail == 1
    assert gatherer.forget_unknown(landing.at_us + patience_us + 1) == 1
    assert landing.ring.tail == landing.ring.head


@pytest.mark.usefixtures("landing")
def test_a_relayed_stream_s_sockets_are_left_alone(node: Node) -> None:
    """They are the relay's: two readers would share its packets."""
    recording, ingest = recording_id(), node.workers[0]
    node.listen(0)
    ingest.roster.record(relayed(recording, 0))
    node.send(0, rtp(1))
    ingest.sweep()

    assert scene.readable(node_socket(node), 0)
    assert closed(node, ingest, recording) == []


def node_socket(node: Node) -> socket.socket:
    made = socket.socket(fileno=os.dup(node.holder.names["rtp-0"][0]))
    node.sockets.append(made)
    return made


STEPS = ("note_plan", "write", "written", "free", "clear_plan", "move_tail")


@pytest.mark.parametrize("before", STEPS)
def test_killed_before_any_step_every_packet_is_sealed_once(
    node: Node, landing: Landing, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    """As a reader sees it, who drops what has the same sequence."""
    first, second = recording_id(1), recording_id(2)
    node.workers[0].close()
    node.workers.clear()
    for number in range(30):
        landing.land(rtp_owner(number % 2), rtp(number, bytes([number]) * (100 + 9 * number)))

    def work() -> None:
        ingest = node.ingest()
        ingest.roster.record(relayed(first, 0))
        ingest.roster.record(relayed(second, 1))
        fall(monkeypatch, ingest, before)
        ingest.sweep()

    assert scene.dies(work)
    ingest = node.ingest()
    ingest.roster.record(relayed(first, 0))
    ingest.roster.record(relayed(second, 1))
    ingest.roster.adopt_landed()
    landing.land(rtp_owner(0), rtp(99))
    ingest.sweep()
    heard = closed(node, ingest, first, second)

    for stream_of in (0, 1):
        wanted = [data for owner, data in landing.sent if owner == rtp_owner(stream_of)]
        found = [each.data for each in heard if each.data in set(wanted)]
        assert found == wanted
    assert len(heard) == 31
    assert landing.ring.tail == landing.ring.head


def fall(monkeypatch: pytest.MonkeyPatch, ingest: Ingest, before: str) -> None:
    """Die where that step would be taken."""

    def die(*_: object) -> None:
        scene.die()

    if before == "write":
        monkeypatch.setattr(OpenPart, "write", die)
    elif before == "written":
        writes = OpenPart.write

        def write_then_die(part: OpenPart) -> None:
            writes(part)
            scene.die()

        monkeypatch.setattr(OpenPart, "write", write_then_die)
    else:
        monkeypatch.setattr(ingest.gatherer.ring, before, die)


def test_of_a_plan_what_no_recording_has_any_more_is_let_go(node: Node, landing: Landing) -> None:
    """The others keep the sequences that they had."""
    recording = recording_id()
    landing.land(rtp_owner(0), rtp(1), rtp(2))
    landing.land(rtp_owner(1), rtp(3))
    landing.land(rtp_owner(2), rtp(4))
    ring = node.workers[0].gatherer.ring
    ring.note_plan(np.arange(4))
    node.workers[0].close()
    node.workers.clear()
    ingest = node.ingest()
    ingest.roster.record(relayed(recording, 0, 2))
    assert ingest.gatherer.gather(list(ingest.roster.recordings.values()), 0) == 0
    ingest.roster.adopt_landed()
    heard = closed(node, ingest, recording)

    first = scene.FIRST_SEQUENCE
    assert [(each.serial - first, each.data) for each in heard] == [
        (0, rtp(1)), (1, rtp(2)), (3, rtp(4)),
    ]  # fmt: skip
    assert landing.ring.tail == landing.ring.head
