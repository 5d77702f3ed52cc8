"""Tests of what one side has heard."""

import numpy as np
import pytest

from rokuon.selftest.heard import MAX_SAMPLES, Heard, HeardPacket, heard_of, words_of
from tests.support.selftest.heard import LOUD, SILENT, rtp


def heard(*datagrams: bytes) -> Heard:
    return heard_of([(datagram, float(at)) for at, datagram in enumerate(datagrams)])


@pytest.mark.parametrize(
    "datagram",
    [b"", bytes(12), rtp(0, b""), rtp(0, kind=8), b"\x90" + rtp(0)[1:], rtp(0, kind=101)],
)
def test_what_is_no_speech_is_not_heard(datagram: bytes) -> None:
    """RTCP, keep-alives, key presses, another codec."""
    assert heard(datagram).packets == ()


def test_a_marked_packet_is_speech_like_any_other() -> None:
    """RFC 3551 §4.1: the first one of a talkspurt."""
    assert heard(rtp(5, kind=0x80)).packets == (HeardPacket(0.0, 7, 5, LOUD),)


def test_packets_lie_by_their_timestamps_over_the_wrap_and_what_is_missing_is_silence() -> None:
    """Arrival is not time: what was late is in its place."""
    sound = heard(rtp(-160), rtp(320), rtp(0)).sound()

    assert [bool(piece.any()) for piece in np.split(sound, 4)] == [True, True, False, True]


def test_a_jump_of_the_timestamps_is_no_hour_of_silence() -> None:
    """Memory is not the peer's to choose."""
    assert len(heard(rtp(0), rtp(MAX_SAMPLES), rtp(-10_000)).sound()) == 160


def test_nothing_was_heard_of_nobody() -> None:
    """And asking for it is no error."""
    assert len(heard().sound()) == heard().voices == heard().arrival_of(0) == 0


def test_a_moment_of_the_sound_has_the_arrival_of_its_packet() -> None:
    """Which packet was the notice's last?"""
    said = heard(rtp(0), rtp(160), rtp(320))

    assert [said.arrival_of(sample) for sample in (0, 159, 160, 9_999)] == [0.0, 0.0, 1.0, 2.0]


def test_packets_are_told_by_their_words_and_by_their_time() -> None:
    """Byte for byte: what crosses a relay is not changed."""
    said = heard(rtp(0), rtp(160, SILENT, ssrc=8), rtp(320))

    assert [packet.at_s for packet in said.of(words_of(LOUD + LOUD)).packets] == [0.0, 2.0]
    assert [packet.at_s for packet in said.since(1.0).packets] == [1.0, 2.0]
    assert said.voices == 2
    assert said.of(words_of(LOUD)).voices == 1
