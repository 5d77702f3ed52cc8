"""RTP columns and sender reports, row by row."""

import struct

import numpy as np
import pytest
from hypothesis import given, strategies as st

from archive.reading.packets import rtp


def columns(*datagrams: bytes) -> rtp.RtpColumns:
    lengths = np.array([len(d) for d in datagrams], dtype=np.int64)
    data = np.frombuffer(b"".join(datagrams), np.uint8)
    return rtp.parse_columns(data, np.cumsum(lengths) - lengths, lengths)


def packet(first: int = 0x80, second: int = 0, rest: bytes = b"") -> bytes:
    return struct.pack(">BBHII", first, second, 7, 0xFFFFFF00, 0xDEADBEEF) + rest


def test_a_plain_header_gives_its_fields() -> None:
    """Every column comes from the place that RFC 3550 section 5.1 gives it."""
    seen = columns(packet(second=0x88, rest=b"abcd"))

    assert seen.valid.tolist() == [True]
    assert seen.payload_type.tolist() == [8]
    assert (seen.sequence[0], seen.timestamp[0], seen.ssrc[0]) == (7, 0xFFFFFF00, 0xDEADBEEF)
    assert (seen.payload_starts[0], seen.payload_lengths[0]) == (12, 4)


def test_contributors_extension_and_padding_are_not_payload() -> None:
    """Header bytes played as audio are clicks."""
    rest = bytes(8) + struct.pack(">HH", 0xBEDE, 1) + bytes(4) + b"voice" + b"\0\0\3"
    seen = columns(packet(), packet(first=0x80 | 0x20 | 0x10 | 2, rest=rest))

    assert seen.payload_starts.tolist() == [12, 12 + 12 + 8 + 8]
    assert seen.payload_lengths.tolist() == [0, 5]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\x80",
        packet()[:11],
        packet(first=0x00),
        packet(first=0x80 | 15),
        packet(first=0x80 | 0x10, rest=struct.pack(">HH", 0, 65535)),
        packet(first=0x80 | 0x20, rest=b"\xff"),
        packet(first=0x80 | 0x20, rest=b"\x00"),
        packet(second=200 & 0x7F),
    ],
)
def test_what_lies_about_itself_is_marked_and_has_no_payload(broken: bytes) -> None:
    """One datagram of an attacker must not cost the call beside it."""
    seen = columns(broken, packet(rest=b"ok"))

    assert seen.valid.tolist() == [False, True]
    assert seen.payload_lengths.tolist() == [0, 2]


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_no_datagram_makes_a_payload_leave_its_bounds(datagrams: list[bytes]) -> None:
    """A payload that reached into its neighbour would be another packet's audio."""
    seen = columns(*datagrams)
    ends = np.cumsum([len(d) for d in datagrams])

    for i in np.flatnonzero(seen.valid):
        start = int(seen.payload_starts[i])
        assert ends[i] - len(datagrams[i]) + 12 <= start
        assert start + seen.payload_lengths[i] <= ends[i]


@pytest.mark.parametrize(("bits", "first"), [(16, 0xFFFE), (32, 0xFFFFFFFE)])
def test_a_counter_goes_on_over_its_end_and_back(bits: int, first: int) -> None:
    """A sequence number wraps every 22 minutes, a timestamp within six days."""
    raw = np.array([first, first + 1, first + 3, first + 2]) % (1 << bits)

    assert rtp.unwrap(raw, bits, first).tolist() == [first, first + 1, first + 3, first + 2]
    assert rtp.distance(raw, first, bits).tolist() == [0, 1, 3, 2]


def report(kind: int = 200, ntp: int = 0) -> bytes:
    return struct.pack(">BBHIQIII", 0x80, kind, 6, 0xDEADBEEF, ntp, 160, 50, 8000)


def test_a_sender_report_says_when_its_timestamp_was() -> None:
    """Reports of one sender put both parties on one clock."""
    ntp = (rtp.NTP_TO_UNIX_S + 1_795_000_000) << 32 | 1 << 31
    description = struct.pack(">BBHI", 0x81, 202, 1, 1)

    (seen,) = rtp.sender_reports(description + report(ntp=ntp))

    assert (seen.ssrc, seen.rtp_timestamp) == (0xDEADBEEF, 160)
    assert seen.ntp_us == 1_795_000_000_500_000


def described(*chunks: bytes) -> bytes:
    body = b"".join(chunks)
    return struct.pack(">BBH", 0x80 | len(chunks), 202, len(body) // 4) + body


def test_a_source_has_the_name_that_its_description_gives_it() -> None:
    """Sources of one name share a clock; other items and sources do not get in the way."""
    one = b"\xde\xad\xbe\xef" + b"\2\3Bob" + b"\1\6a@host" + bytes(3)
    nameless = b"\xde\xad\xbe\xee" + bytes(4)
    other = b"\xde\xad\xbe\xed" + b"\1\6b@host" + bytes(4)
    seen = list(rtp.source_names(report() + described(one, nameless, other)))

    assert [name.ssrc for name in seen] == [0xDEADBEEF, 0xDEADBEED]
    assert [name.name for name in seen] == [b"a@host", b"b@host"]


@given(st.binary(max_size=64))
def test_a_name_that_reaches_over_the_end_of_its_packet_is_none(body: bytes) -> None:
    """It would be made of another packet's bytes; and any garbage is read to an end."""
    cut = b"\0\0\0\7" + bytes((1, len(body) + 1)) + body
    datagram = described(cut[: len(cut) // 4 * 4]) + report()
    whole = described(body[: len(body) // 4 * 4])

    assert all(seen.ssrc != 7 for seen in rtp.source_names(datagram))
    assert all(seen.name in body for seen in rtp.source_names(whole))


def test_ntp_goes_on_after_2036() -> None:
    """NTP seconds wrap in February 2036; recordings are kept longer than that."""
    before, after = rtp.ntp_to_us(0xFFFFFFFF << 32), rtp.ntp_to_us(0)

    assert after - before == 1_000_000


@pytest.mark.parametrize("broken", [b"", b"\x80\xc8", report()[:-1], b"\0" + report()[1:]])
def test_a_broken_report_says_nothing(broken: bytes) -> None:
    """A lie about a clock is worse than no word."""
    assert list(rtp.sender_reports(broken)) == []
