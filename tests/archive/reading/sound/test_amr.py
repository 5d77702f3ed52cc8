"""Payloads of AMR: the examples of RFC 4867, and what is cut or foreign."""

import pytest
from hypothesis import given, strategies as st

from archive.reading.sound.amr import AMR_BITS, AMR_WB_BITS, MAX_FRAMES, MISSING, frames


def test_a_single_frame_lies_behind_six_bits_of_table() -> None:
    """RFC 4867 §4.3.5.1: one frame of 6.7 kbit/s, its 134 bits from the eleventh on."""
    bits = "1111" + "0" + "0011" + "1" + "10" * 67
    payload = int(bits.ljust(144, "0"), 2).to_bytes(18, "big")
    (frame,) = frames(payload, AMR_BITS, aligned=False)

    assert frame[0] == 3 << 3 | 4
    assert frame[1:] == int(("10" * 67).ljust(136, "0"), 2).to_bytes(17, "big")


def test_several_aligned_frames_follow_their_table() -> None:
    """RFC 4867 §4.4.5.2: a lost frame has an entry and no bits; a pause has five bytes."""
    silence, speech = bytes(range(5)), bytes(range(13))
    payload = bytes([0xF0, 0x80 | 8 << 3 | 4, 0x80 | 15 << 3 | 4, 1 << 3]) + silence + speech

    assert frames(payload, AMR_BITS, aligned=True) == [
        bytes([8 << 3 | 4]) + silence,
        MISSING,
        bytes([1 << 3]) + speech,
    ]


@pytest.mark.parametrize("aligned", [True, False])
def test_a_frame_that_is_cut_or_of_no_type_ends_the_payload(aligned: bool) -> None:
    """A length that is believed is how a reader is led astray."""
    types = {True: bytes([0xF0, 9 << 3 | 4]) + bytes(60), False: b"\xf4\xc0" + bytes(60)}

    assert frames(types[aligned], AMR_BITS, aligned=aligned) == []
    assert frames(b"\xf0\x3c\x00", AMR_BITS, aligned=aligned) == []
    assert frames(b"", AMR_WB_BITS, aligned=aligned) == []


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_give_frames_that_fit(payload: bytes, aligned: bool) -> None:
    """Whatever a peer sends: whole frames, no more than a packet may have, nothing raised."""
    for bits in (AMR_BITS, AMR_WB_BITS):
        found = frames(payload, bits, aligned=aligned)
        assert len(found) <= MAX_FRAMES
        for frame in found:
            kind = frame[0] >> 3
            assert len(frame) == 1 + (-(-bits[kind] // 8) if kind < len(bits) else 0)
