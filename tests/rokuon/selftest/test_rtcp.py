"""Tests of the RTCP that the self-test sends."""

import struct

from rokuon.selftest.speaker import description, goodbye, sender_report

SSRC = 0x11223344


def test_a_sender_report_ties_the_ntp_time_to_the_rtp_timestamp() -> None:
    """Two legs are aligned by exactly this pair (RFC 3550 §6.4.1)."""
    report = sender_report(SSRC, 1_500_000, 160, packets=3, octets=480)

    assert report == struct.pack(">BBHI", 0x80, 200, 6, SSRC) + struct.pack(
        ">IIIII", 2_208_988_801, 1 << 31, 160, 3, 480
    )


def test_counters_that_grew_beyond_32_bits_wrap_as_rtp_timestamps_do() -> None:
    """A call near the end of the timestamp's range still reports."""
    report = sender_report(SSRC, 0, (1 << 32) + 5, packets=1, octets=1)

    assert struct.unpack_from(">I", report, 16) == (5,)


def test_a_description_is_padded_to_words_with_at_least_one_zero() -> None:
    """RFC 3550 §6.5: the list of items ends with a null octet, the chunk with a word."""
    for cname in (b"a", b"ab", b"abc", b"abcd", b"abcde"):
        packet = description(SSRC, cname)
        (words,) = struct.unpack_from(">H", packet, 2)

        assert len(packet) == 4 * (words + 1)
        assert packet[8:10] == bytes((1, len(cname)))
        assert packet[10:].rstrip(b"\0") == cname
        assert packet.endswith(b"\0")


def test_a_goodbye_names_its_source() -> None:
    """RFC 3550 §6.6."""
    assert goodbye(SSRC) == bytes.fromhex("81cb000111223344")
