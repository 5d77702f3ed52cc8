"""Telephone events: their payload is overwritten, and nothing else."""

import pytest

from archive.format.packets import MASKED
from capture.links.recorder_messages import Close
from tests.capture.media.scene import Node, record, recording_id, rtp

EVENT = 101
DIGIT = b"\x05\x8a\x03\xc0"


def with_header(first: int, middle: bytes = b"", payload: bytes = DIGIT) -> bytes:
    plain = rtp(7, b"", kind=EVENT)
    return bytes([first]) + plain[1:] + middle + payload


def kept(
    node: Node, *datagrams: bytes, masked: tuple[int, ...] = (EVENT,)
) -> list[tuple[int, bytes]]:
    """What a recording holds of these: flags and bytes."""
    recording, ingest = recording_id(), node.ingest()
    node.listen(0)
    ingest.roster.record(record(recording, 0, masked_types=masked))
    node.send(0, *datagrams)
    ingest.sweep()
    ingest.roster.close(Close(recording=recording, reason="bye", at_us=0))
    ingest.publish()
    return [(each.flags, each.data) for each in node.heard()]


EXTENSION = b"\xbe\xde\x00\x02" + b"\x10abcdefg"
CASES = {
    "plain": (with_header(0x80), 12),
    "marker": (b"\x80\xe5" + with_header(0x80)[2:], 12),
    "two CSRC": (with_header(0x82, b"csrccsrc"), 20),
    "extension": (with_header(0x90, EXTENSION), 24),
    "both": (with_header(0x91, b"csrc" + EXTENSION), 28),
    "CSRC that are not there": (with_header(0x8F), 12),
    "extension that is not there": (with_header(0x90), 12),
    "extension longer than the packet": (with_header(0x90, b"\xbe\xde\xff\xff"), 12),
    "header that fills the packet": (with_header(0x81), 12),
    "long": (with_header(0x80, payload=b"9" * 700), 12),
    "long, extension": (with_header(0x90, EXTENSION, b"9" * 700), 24),
}


@pytest.mark.parametrize("case", CASES)
def test_the_payload_is_overwritten_and_the_header_stays(node: Node, case: str) -> None:
    """A digit may be part of a card number; a header that lies must not save it."""
    sent, payload_at = CASES[case]
    (found,) = kept(node, sent)

    assert found == (MASKED, sent[:payload_at] + b"*" * (len(sent) - payload_at))


def test_speech_beside_it_is_untouched(node: Node) -> None:
    """Masking is by payload type, packet by packet."""
    sent = [rtp(1), with_header(0x80), rtp(3, kind=8), rtp(4, b"\x65" * 20)]
    flags = [flag for flag, _ in kept(node, *sent)]
    data = [data for _, data in kept_again(node)]

    assert flags == [0, MASKED, 0, 0]
    assert [data[index] for index in (0, 2, 3)] == [sent[index] for index in (0, 2, 3)]


def kept_again(node: Node) -> list[tuple[int, bytes]]:
    return [(each.flags, each.data) for each in node.heard()]


def test_a_packet_without_payload_is_left_as_it_is(node: Node) -> None:
    """Nothing to hide; and what is shorter than a header is no RTP."""
    sent = [with_header(0x80, payload=b""), with_header(0x80)[:5], b""]

    assert kept(node, *sent) == [(0, data) for data in sent]


def test_without_a_type_to_mask_nothing_is(node: Node) -> None:
    """A source may allow telephone events."""
    assert kept(node, with_header(0x80), masked=()) == [(0, with_header(0x80))]


def test_rtcp_is_never_masked(node: Node) -> None:
    """Its second byte is no payload type."""
    recording, ingest = recording_id(), node.ingest()
    ingest.roster.record(record(recording, 0, masked_types=(EVENT, 0x48)))
    node.send(0, b"\x80\xc8" + bytes(26), with_header(0x80), rtcp=True)
    ingest.sweep()

    assert [each.data for each in node.heard()] == [b"\x80\xc8" + bytes(26), with_header(0x80)]


def test_masking_ends_with_the_call(node: Node) -> None:
    """The next call on the pair has payload types of its own."""
    first, ingest = recording_id(1), node.ingest()
    node.listen(0)
    ingest.roster.record(record(first, 0, masked_types=(EVENT,)))
    node.send(0, with_header(0x80))
    ingest.roster.close(Close(recording=first, reason="bye", at_us=0))
    node.listen(0)
    ingest.roster.record(record(recording_id(2), 0))
    node.send(0, with_header(0x80))
    ingest.sweep()
    ingest.publish()

    assert [each.flags for each in node.heard()] == [MASKED, 0]
