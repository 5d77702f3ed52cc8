"""RTCP as bytes."""

import struct

from hypothesis import given, strategies as st

from capture.media.rtcp import (
    EXTENDED_REPORT,
    RECEIVER_REPORT,
    SENDER_REPORT,
    SOURCE_DESCRIPTION,
    Block,
    Reporter,
    SenderReport,
    SentPackets,
    blocks_of,
    discard_rate_of,
    full_report,
    goodbye,
    receiver_report,
    sender_report,
)
from capture.media.statistics import Reception

RECEPTION = Reception(
    ssrc=0xAABBCCDD, packets=300, lost=100, jitter_units=17,
    highest_sequence=70_000,
)  # fmt: skip
SR = struct.pack(">BBHIQIII", 0x80, 200, 6, 9, 0x0123456789ABCDEF, 8000, 50, 8600)
RR = struct.pack(">BBHI", 0x80, RECEIVER_REPORT, 1, 9)


def test_a_sender_report_says_ssrc_ntp_and_timestamp() -> None:
    """Also behind another packet of the compound (RFC 3550 §6.1)."""
    wanted = SenderReport(0x0123456789ABCDEF)

    assert sender_report(SR) == wanted
    assert sender_report(RR + SR) == wanted
    assert wanted.middle_ntp == 0x456789AB


def test_what_is_no_sender_report_is_none() -> None:
    """Cut, of another version, of another kind."""
    assert sender_report(b"") is None
    assert sender_report(SR[:27]) is None
    assert sender_report(b"\x40" + SR[1:]) is None
    assert sender_report(RR) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_to_an_end(data: bytes) -> None:
    """A length of zero or of 256 KiB is the peer's claim only."""
    found = sender_report(data)

    assert found is None or found.ntp >= 0


def test_a_receiver_report_has_its_block_and_our_name() -> None:
    """RFC 3550 §6.4.2, §6.5.1: a whole compound packet."""
    data = receiver_report(Reporter(5, b"node", 0x11223344, 1_000_000), RECEPTION, 1_500_000)
    head = struct.unpack_from(">BBHI", data)
    ssrc, lost, highest, jitter, lsr, dlsr = struct.unpack_from(">IIIIII", data, 8)
    kind, words = struct.unpack_from(">xBH", data, 32)

    assert head == (0x81, RECEIVER_REPORT, 7, 5)
    assert (ssrc, highest, jitter, lsr) == (0xAABBCCDD, 70_000, 17, 0x11223344)
    assert lost == 64 << 24 | 100
    assert dlsr == 65_536 // 2
    assert (kind, 32 + 4 * (words + 1)) == (SOURCE_DESCRIPTION, len(data))
    assert data[36:46] == (5).to_bytes(4, "big") + b"\x01\x04node"
    assert data[46:] == bytes(len(data) - 46)
    assert len(data) > 46


def test_without_a_sender_report_there_is_no_delay_to_report() -> None:
    """LSR and DLSR are zero then."""
    data = receiver_report(Reporter(5, b"n"), RECEPTION, 1_500_000)

    assert data[24:32] == bytes(8)


def test_numbers_that_do_not_fit_are_the_largest_that_do() -> None:
    """24 bits of loss, 8 of a fraction, 32 of a delay; a clock that was set back delays nothing."""
    much = Reception(
        ssrc=1, packets=0, lost=1 << 30, jitter_units=1 << 40,
        highest_sequence=1 << 40,
    )  # fmt: skip
    data = receiver_report(Reporter(5, b"n", 1, 2_000_000), much, 1_000_000)

    assert data[12:16] == b"\xff\x7f\xff\xff"
    assert data[28:32] == bytes(4)


REPORTER = Reporter(5, b"name")


def test_a_full_report_says_what_was_sent_and_what_has_come() -> None:
    """One that sends and receives tells both (RFC 3550 §6.4.1)."""
    sent = SentPackets(timestamp=8_000, packets=50, octets=8_600)
    report = full_report(REPORTER, sent, RECEPTION, 1_795_564_800_500_000)
    found = sender_report(report)

    assert found == SenderReport((1_795_564_800 + 2_208_988_800) << 32 | 1 << 31)
    assert struct.unpack_from(">II", report, 20) == (50, 8_600)
    assert blocks_of(report) == [Block(0xAABBCCDD, 100, 70_000, 17)]
    assert (report[0], report[1]) == (0x81, SENDER_REPORT)


def test_one_that_has_sent_or_heard_nothing_says_so() -> None:
    """A receiver report, with as many blocks as there are sources."""
    assert full_report(REPORTER, None, RECEPTION, 7) == receiver_report(REPORTER, RECEPTION, 7)
    empty = full_report(REPORTER, None, None, 7)

    assert empty[:8] == struct.pack(">BBHI", 0x80, RECEIVER_REPORT, 1, 5)
    assert empty[8 + 1] == SOURCE_DESCRIPTION


def test_blocks_are_read_behind_each_other_and_where_they_end() -> None:
    """Of all reports of a compound; one that is cut is none. Losses may be below zero (A.3)."""
    block = struct.pack(">IIIIII", 9, 0x80FFFFFE, 7, 3, 0, 0)
    report = struct.pack(">BBHI", 0x82, 201, 13, 1) + block + block

    assert blocks_of(RR + report) == [Block(9, -2, 7, 3)] * 2
    assert blocks_of(report[:-1]) == [Block(9, -2, 7, 3)]
    assert blocks_of(b"\x40" + report[1:]) == []


def test_a_goodbye_is_a_compound_that_ends_the_source() -> None:
    """RFC 3550 §6.1: a report first, then who it is, then BYE."""
    report = goodbye(REPORTER)

    assert report[1] == RECEIVER_REPORT
    assert report.endswith(struct.pack(">BBHI", 0x81, 203, 1, 5))
    assert len(report) % 4 == 0
    assert b"name" in report


@given(st.binary(max_size=120))
def test_no_bytes_break_the_reading_of_blocks(data: bytes) -> None:
    """They come from anybody."""
    blocks_of(data)


def test_a_rate_of_discarded_packets_is_read_of_its_own_source_alone() -> None:
    """RFC 3611 §4.7: behind other blocks, of this SSRC."""
    metrics = struct.pack(">BBHIBB", 7, 0, 8, 5, 1, 128) + bytes(26)
    report = RR + struct.pack(">BBHI", 0x80, EXTENDED_REPORT, 13, 9) + struct.pack(
        ">BBHQ", 4, 0, 2, 0
    ) + metrics  # fmt: skip

    assert discard_rate_of(report, 5) == 128
    assert discard_rate_of(report, 6) is None
    assert discard_rate_of(report[:-27], 5) is None


@given(st.binary(max_size=120))
def test_no_bytes_break_the_reading_of_extended_reports(data: bytes) -> None:
    """They come from anybody."""
    report = struct.pack(">BBHI", 0x80, EXTENDED_REPORT, 29, 9) + data

    assert discard_rate_of(report, 5) in {None, *range(256)}
