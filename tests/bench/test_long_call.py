"""Tests of what the bench of a long call measures and finds."""

import struct

from bench.long_call import DRAWN, SEEK, LongCallFigures, packets
from bench.questions import Waited


def figures(drawn_ms: float, seek_ms: float) -> LongCallFigures:
    """Of one drawing and one seek."""
    found = LongCallFigures(command=["bench"], machine={}, hours=3.0)
    found.waited = [
        Waited(name=DRAWN, times_ms=[drawn_ms]),
        Waited(name=SEEK, times_ms=[seek_ms]),
    ]
    return found


def test_what_is_promised_is_no_finding_and_more_is_one_in_words() -> None:
    """Up to and with what is promised."""
    assert figures(500.0, 100.0).missed == []
    assert figures(501.0, 160.0).missed == [f"{DRAWN}: 501 ms", f"{SEEK}: 160 ms"]


def test_the_table_has_a_line_for_each() -> None:
    """Medians, and the worst."""
    assert f"| {DRAWN} | 1 | 410.00 | 410.00 |" in figures(410.0, 80.0).table()


def test_a_long_call_goes_on_when_its_sequence_numbers_begin_anew() -> None:
    """After 22 minutes; a call that ended there would be drawn faster."""
    numbers = [
        struct.unpack_from(">BBHII", each.datagram)[2:4]
        for each in packets(1_312)
        if each.stream == 0
    ]

    assert len(numbers) == 1_312 * 50
    assert numbers[65_535:65_537] == [(65_535, 65_535 * 160), (0, 65_536 * 160)]
