"""Tests of the columns that packets are made of."""

import pytest

from rokuon.selftest.slot import OutgoingStream, Slot, SlotFull
from tests.rokuon.selftest.packets import packets_at

SPEECH = b"".join(bytes([number]) * 160 for number in range(3))


def stream(number: int) -> OutgoingStream:
    return OutgoingStream(
        host="127.0.0.1",
        port=10_000 + number,
        ssrc=number,
        speech=SPEECH,
        sequence=65_535,
        timestamp=(1 << 32) - 160,
        first_packet=number,
    )


def test_packets_count_on_and_the_speech_begins_again_at_its_end() -> None:
    """Sequence and timestamp wrap at 16 and 32 bits, speech at its last packet."""
    slot = Slot(1)
    slot.add(7, stream(1))
    seen = []
    for _ in range(3):
        slot.point()
        seen += packets_at(slot.address, 1)
        slot.advance()

    assert [packet.sequence for packet in seen] == [65_535, 0, 1]
    assert [packet.timestamp for packet in seen] == [(1 << 32) - 160, 0, 160]
    assert [packet.payload[:1] for packet in seen] == [b"\1", b"\2", b"\0"]
    assert {len(packet.payload) for packet in seen} == {160}


def test_only_the_first_packet_of_a_stream_carries_the_marker() -> None:
    """RFC 3551 §4.1: the marker begins a talkspurt."""
    slot = Slot(1)
    slot.add(7, stream(1))
    slot.point()
    first = packets_at(slot.address, 1)
    slot.advance()
    slot.point()

    assert first[0].marker
    assert not packets_at(slot.address, 1)[0].marker


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_ending_a_stream_leaves_the_others_where_they_were(gone: int) -> None:
    """The last row fills the hole; nobody's packets may change hands by that."""
    slot = Slot(3)
    for number in (1, 2, 3):
        slot.add(number, stream(number))
    slot.point()
    slot.advance()
    before = {number: slot.next_of(number) for number in (1, 2, 3)}

    slot.remove(gone)

    slot.point()
    left = packets_at(slot.address, len(slot))
    assert {packet.ssrc for packet in left} == {1, 2, 3} - {gone}
    assert all(packet.port == 10_000 + packet.ssrc for packet in left)
    assert all(packet.payload == SPEECH[160 * ((packet.ssrc + 1) % 3) :][:160] for packet in left)
    assert {number: slot.next_of(number) for number in before if number != gone} == {
        number: place for number, place in before.items() if number != gone
    }


def test_a_stream_that_was_never_sent_can_end() -> None:
    """A call may be over before its first packet was due."""
    slot = Slot(1)
    slot.add(1, stream(1))
    slot.remove(1)
    slot.advance()

    assert len(slot) == 0


def test_a_full_slot_says_so() -> None:
    """Room is fixed, because the kernel is given addresses."""
    slot = Slot(1)
    slot.add(1, stream(1))

    with pytest.raises(SlotFull):
        slot.add(2, stream(2))
