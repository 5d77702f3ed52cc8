"""Payloads of Speex: frames of what a foreign encoder packed."""

from hypothesis import given, strategies as st

from archive.reading.sound.speex import MAX_FRAMES, frames, head_of
from tests.archive.reading.vectors import payloads


def test_each_packet_gives_the_frames_that_went_into_it() -> None:
    """One of 8 and of 32 kHz, three of 16 kHz, as the encoder was told."""
    for name, count in (("speex8", 1), ("speex16", 3), ("speex32", 1)):
        assert {len(frames(payload)) for _, payload in payloads(name)} == {count}


def test_a_packet_of_one_frame_is_that_frame() -> None:
    """The encoder fills up with a 0 and ones, and so do we."""
    for _, payload in payloads("speex8"):
        assert frames(payload) == [payload]


def test_a_cut_packet_gives_the_frames_that_are_whole() -> None:
    """Its end is lost, its begin is not."""
    _, payload = next(payloads("speex16"))
    whole = frames(payload)

    assert frames(payload[: len(whole[0]) + 1]) == whole[:1]
    assert frames(b"") == []


@given(st.binary(max_size=300))
def test_any_bytes_give_no_more_than_a_packet_may_have(payload: bytes) -> None:
    """Whatever a peer sends."""
    found = frames(payload)

    assert len(found) <= MAX_FRAMES
    assert sum(len(frame) - 1 for frame in found) <= len(payload)


def test_the_head_says_one_frame_a_packet() -> None:
    """80 bytes as the Speex manual has them."""
    head = head_of(16_000)

    assert (len(head), head[:8]) == (80, b"Speex   ")
    assert int.from_bytes(head[64:68], "little") == 1
