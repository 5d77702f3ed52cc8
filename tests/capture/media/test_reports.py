"""Receiver reports over real sockets: when they are due, and to whom."""

import struct

import pytest

from capture.links.recorder_messages import Close
from capture.media.reports import REPORT_EVERY_S
from tests.capture.media import scene
from tests.capture.media.scene import Ingest, Node, record, recording_id, rtp
from tests.support.media.reports import due_at, send


def begun(node: Node, *, rtcp_to: str = scene.LOOPBACK, port: int = 0) -> tuple[Ingest, bytes]:
    recording, ingest = recording_id(), node.ingest()
    node.listen(0)
    ingest.roster.record(record(recording, 0, rtcp_to=rtcp_to, rtcp_port=port))
    return ingest, recording


def test_a_report_goes_to_the_peers_rtcp_address_from_ours(node: Node) -> None:
    """And repeats the sender report's time, so that the peer can tell the way."""
    peer = node.sender(0, rtcp=True)
    ingest, recording = begun(node, port=peer.getsockname()[1])
    peer.send(struct.pack(">BBHIQIII", 0x80, 200, 6, 9, 0x0123456789ABCDEF, 8000, 50, 8600))
    node.send(0, rtp(1, ssrc=77), rtp(3, ssrc=77))
    ingest.sweep()
    due_s = due_at(ingest, recording)
    send(ingest, due_s - 0.01)
    assert not scene.readable(peer, 0)
    send(ingest, due_s)
    assert scene.readable(peer)
    data = peer.recv(2000)
    ssrc, lost, highest, _, lsr, _ = struct.unpack_from(">IIIIII", data, 8)

    assert (ssrc, lost & 0xFFFFFF, highest, lsr) == (77, 1, 3, 0x456789AB)
    assert due_at(ingest, recording) == due_s + REPORT_EVERY_S


@pytest.mark.parametrize("rtcp_to", ["", "not an address"])
def test_where_there_is_nowhere_to_report_to_nothing_is_said(node: Node, rtcp_to: str) -> None:
    """A report is a courtesy; a peer without an address is recorded all the same."""
    ingest, recording = begun(node, rtcp_to=rtcp_to, port=9)
    node.send(0, rtp(1))
    ingest.sweep()
    due_s = due_at(ingest, recording)
    send(ingest, due_s)

    assert due_at(ingest, recording) == due_s + REPORT_EVERY_S
    assert len(node.heard()) == 1


def test_a_stream_that_was_never_heard_is_not_reported(node: Node) -> None:
    """There is nothing to say of it."""
    peer = node.sender(0, rtcp=True)
    ingest, recording = begun(node, port=peer.getsockname()[1])
    send(ingest, due_at(ingest, recording))

    assert not scene.readable(peer, 0)


def test_a_stream_that_is_over_gives_its_socket_back(node: Node) -> None:
    """A descriptor a call would be the end after a day."""
    ingest, recording = begun(node)
    assert len(ingest.reports._sockets) == 1
    ingest.roster.close(Close(recording=recording, reason="bye", at_us=0))

    assert ingest.reports._sockets == {}


def test_where_both_share_a_port_reports_come_and_go_through_it(node: Node) -> None:
    """RFC 5761: what the peer sends there is heard, and not counted as speech that is missing."""
    peer = node.sender(0)
    recording, ingest = recording_id(), node.ingest()
    node.listen(0)
    port = peer.getsockname()[1]
    ingest.roster.record(
        record(recording, 0, rtcp_to=scene.LOOPBACK, rtcp_port=port, is_muxed=True)
    )
    report = struct.pack(">BBHIQIII", 0x80, 200, 6, 77, 0x0123456789ABCDEF, 8000, 50, 8600)
    for datagram in (rtp(1, ssrc=77), report, rtp(2, ssrc=77), report, report):
        peer.send(datagram)
    ingest.sweep()
    peer.send(report)
    ingest.sweep()
    send(ingest, due_at(ingest, recording))
    assert scene.readable(peer)
    data, sender = peer.recvfrom(2000)
    ssrc, lost, highest, _, lsr, _ = struct.unpack_from(">IIIIII", data, 8)

    assert sender[1] == node.port(0)
    assert (ssrc, lost & 0xFFFFFF, highest, lsr) == (77, 0, 2, 0x456789AB)
    assert len(node.heard()) == 6
