"""Sweeps over real sockets: what was sent is what a part holds."""

import socket
from pathlib import Path

import pytest

from archive.format.end import Gap, GapCause
from archive.format.frames import FrameKind
from archive.format.packets import CUT
from capture.holder.landing_buffer import LARGE_BYTES, SMALL_BYTES
from capture.links.recorder_messages import Close
from tests.capture.media import scene
from tests.capture.media.scene import Node, frames_of, opened, record, recording_id, rtp

MAPPED = bytes(10) + b"\xff\xff" + bytes([127, 0, 0, 1])


def closed(node: Node, ingest: scene.Ingest, recording: bytes) -> Path:
    ingest.roster.close(Close(recording=recording, reason="bye", at_us=0))
    ingest.publish()
    return node.files()[-1]


@pytest.mark.parametrize(
    "lengths",
    [[172] * 30, [12, 172, 173, 257, 1, 600, 172], [2048, 300], [0, 172, 0, 172], [64] * 200],
    ids=["one length", "mixed", "large", "empty ones", "many"],
)
def test_what_was_sent_is_read_back_byte_for_byte(node: Node, lengths: list[int]) -> None:
    """Evidence is the datagram, not our idea of it."""
    recording, ingest = recording_id(), node.ingest()
    sent = [bytes([number % 251]) * length for number, length in enumerate(lengths)]
    node.listen(0)
    ingest.roster.record(record(recording, 0))
    before = scene.wall_us()
    node.send(0, *sent)
    after = scene.wall_us()
    ingest.sweep()
    closed(node, ingest, recording)
    heard = node.heard()

    assert [each.data for each in heard] == sent
    assert [each.serial for each in heard] == [
        scene.FIRST_SEQUENCE + index for index in range(len(sent))
    ]
    assert all(before <= each.arrival_us <= after for each in heard)
    assert {each.address for each in heard} == {MAPPED}
    assert {each.port for each in heard} == {node.sockets[0].getsockname()[1]}


def test_several_sources_on_one_port_keep_their_names(node: Node) -> None:
    """A peer that moves, or a stranger: whoever listens can tell them apart."""
    recording, ingest = recording_id(), node.ingest()
    node.listen(0)
    ingest.roster.record(record(recording, 0))
    peers = [node.sender(0) for _ in range(3)]
    order = [0, 1, 1, 2, 0, 2, 1]
    for number, who in enumerate(order):
        peers[who].send(rtp(number, bytes([who]) * 20))
    ingest.sweep()
    closed(node, ingest, recording)

    ports = [peer.getsockname()[1] for peer in peers]
    assert [(each.port, each.data[-1]) for each in node.heard()] == [
        (ports[who], who) for who in order
    ]


def test_what_is_longer_than_a_slot_is_kept_as_far_as_it_fits_and_marked(node: Node) -> None:
    """No audio packet is; what is cut must not pass for whole."""
    recording, ingest = recording_id(), node.ingest()
    node.listen(0)
    ingest.roster.record(record(recording, 0))
    node.send(0, bytes(range(250)) * 10, rtp(1))
    ingest.sweep()
    closed(node, ingest, recording)
    cut, whole = node.heard()

    assert (cut.flags, whole.flags) == (CUT, 0)
    assert cut.data == (bytes(range(250)) * 10)[: SMALL_BYTES + LARGE_BYTES]


def test_two_streams_and_their_rtcp_lie_in_one_part(node: Node) -> None:
    """Each frame says of which stream it is, and which of the two ports."""
    recording, ingest = recording_id(), node.ingest()
    node.listen(0, 1)
    ingest.roster.record(record(recording, 0, 1))
    for pair in (0, 1):
        node.send(pair, *[rtp(number, bytes([pair]) * 9) for number in range(5)])
        node.send(pair, b"\x80\xc8" + bytes([pair]) * 26, rtcp=True)
    ingest.sweep()
    path = closed(node, ingest, recording)
    heard = node.heard()

    assert [(e.stream, e.rtcp) for e in heard] == [(0, False)] * 5 + [(1, False)] * 5 + [
        (0, True), (1, True),
    ]  # fmt: skip
    assert all(each.data[-1] == each.stream for each in heard)
    with opened(path) as reader:
        report = reader.verify(scene.NODE_KEY.public_key())
    assert report.packets == {0: 5, 1: 5}
    assert report.end.last
    assert report.end.reason == "bye"


def test_ipv6_peers_keep_their_address(tmp_path: Path) -> None:
    """Sixteen bytes, not mapped."""
    node = scene.node(tmp_path, rtp="::1")
    recording, ingest = recording_id(), node.ingest()
    node.listen(0)
    ingest.roster.record(record(recording, 0))
    for index in range(2):
        node.send(0, rtp(index), rtp(index + 5))
    ingest.sweep()
    closed(node, ingest, recording)
    heard = node.heard()

    assert {each.address for each in heard} == {socket.inet_pton(socket.AF_INET6, "::1")}
    assert [each.port for each in heard[::2]] == [s.getsockname()[1] for s in node.sockets]
    node.close()


def test_idle_sockets_are_no_reason_to_write(node: Node) -> None:
    """A call on hold costs nothing on the disk."""
    recording, ingest = recording_id(), node.ingest()
    node.listen(0)
    ingest.roster.record(record(recording, 0))
    ingest.sweep()
    size = node.files()[0].stat().st_size
    ingest.sweep()

    assert node.files()[0].stat().st_size == size


def test_what_the_kernel_dropped_is_a_gap_with_its_count(node: Node) -> None:
    """A queue that ran over is said, never hidden."""
    recording, ingest = recording_id(), node.ingest()
    node.listen(0)
    ingest.roster.record(record(recording, 0))
    node.send(0, rtp(0))
    ingest.sweep()
    node.send(0, *[rtp(number) for number in range(1, 1501)])
    ingest.sweep()
    node.send(0, rtp(1501))
    ingest.sweep()
    path = closed(node, ingest, recording)
    gaps = [Gap.decode(f.payload) for f in frames_of(path) if f.kind is FrameKind.GAP]

    assert [gap.cause for gap in gaps] == [GapCause.KERNEL_DROPPED]
    assert gaps[0].packets + len(node.heard()) == 1502
    assert gaps[0].from_us < gaps[0].until_us
    with opened(path) as reader:
        end = reader.verify().end
    assert [lost.count for lost in end.lost] == [gaps[0].packets]


def test_drops_of_an_earlier_call_are_not_those_of_the_next(node: Node) -> None:
    """The kernel counts for a socket's life, and what a closed filter refused as well."""
    ingest = node.ingest()
    node.send(0, *[rtp(number) for number in range(40)])
    node.listen(0)
    ingest.roster.record(record(recording_id(), 0))
    node.send(0, rtp(0), rtp(1))
    ingest.sweep()
    kinds = [frame.kind for frame in frames_of(node.files()[0])]

    assert FrameKind.GAP not in kinds
    assert len(node.heard()) == 2


def test_the_last_arrival_of_a_pair_is_on_the_board(node: Node) -> None:
    """Signalling ends calls by it."""
    ingest = node.ingest()
    node.listen(1)
    ingest.roster.record(record(recording_id(), 1))
    node.send(1, rtp(1), rtp(2))
    ingest.sweep()

    assert ingest.board.last_arrival_us(1) == node.heard()[-1].arrival_us
    assert ingest.board.last_arrival_us(0) == 0


def test_a_payload_type_that_nobody_agreed_on_is_shown_by_its_number(node: Node) -> None:
    """The board says in what the stream is sent, until it is sent as agreed; marked ones too."""
    recording, ingest = recording_id(), node.ingest()
    node.listen(0, 1)
    ingest.roster.record(record(recording, 0, 1, types=(0, 8)))
    shown = []
    for kind in (0, 2, 0x82, 8):
        node.send(0, rtp(kind, kind=kind))
        node.send(1, rtp(kind))
        ingest.sweep()
        shown.append((ingest.board.unknown_type(0), ingest.board.unknown_type(1)))

    assert shown == [(None, None), (2, None), (2, None), (None, None)]
