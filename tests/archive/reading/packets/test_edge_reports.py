"""What RTCP says of the time before a stream's first packet and behind its last."""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archive.call.adoption import StreamSound
from archive.call.events import Event, StreamLatched
from archive.reading.recording import RecordingReader
from tests.archive.reading.scenes import PACKET_US, START_US, Packet, Shelf, Talk, added

SECOND = 1_000_000
SSRC = 0xC0FFEE
# Nothing is lost of five seconds from the second one on.
SENT = Talk(packets=250, begin_us=START_US + 2 * SECOND).sent()


def rtcp(at_s: float, body: bytes) -> Packet:
    return Packet(arrival_us=START_US + int(at_s * SECOND), datagram=body, rtcp=True)


def count(at_s: float, packets: int, ssrc: int = SSRC) -> Packet:
    """A sender report: so many were sent until then (RFC 3550 section 6.4.1)."""
    ntp = (START_US // SECOND + 2_208_988_800) << 32
    return rtcp(at_s, struct.pack(">BBHIQIII", 0x80, 200, 6, ssrc, ntp, 0, packets, 0))


def no_count(at_s: float, ssrc: int = SSRC) -> Packet:
    """A receiver report: none was sent of late."""
    return rtcp(at_s, struct.pack(">BBHI", 0x80, 201, 1, ssrc))


def bye(at_s: float, ssrc: int = SSRC) -> Packet:
    return rtcp(at_s, struct.pack(">BBHI", 0x81, 203, 1, ssrc))


def words(folder: Path, packets: Iterable[Packet], told: Sequence[Event] = ()) -> tuple[str, str]:
    """What is said of the time before, and behind."""
    ordered = sorted(packets, key=lambda each: each.arrival_us)
    shelf = Shelf(folder=folder).write(ordered, [added(0), *told])
    with RecordingReader(shelf.parts) as reader:
        sounds = reader.maps[0].sounds
    assert isinstance(sounds, tuple)
    found = [each for each in sounds if not each.encoding]
    assert all(each.stretches == () for each in found)
    return (found[0].before, found[0].after) if found else ("", "")


@pytest.mark.parametrize(
    ("reports", "before"),
    [
        ([], ""),
        ([count(4, 100)], "not_sent"),
        ([count(4, 102)], "not_sent"),
        ([count(4, 200)], "lost"),
        ([count(4, 180)], "lost"),
        ([count(4, 120)], ""),
        ([count(4, 5_000)], ""),
        ([count(1, 0), count(4, 100)], "not_sent"),
        ([count(1, 90)], "lost"),
        ([count(4, 200, ssrc=9)], ""),
    ],
)
def test_the_first_count_says_whether_more_were_sent_than_came(
    tmp_path: Path, reports: list[Packet], before: str
) -> None:
    """The edge holds 100 packets; who has sent more than that began before he was asked."""
    assert words(tmp_path, [*SENT, *reports])[0] == before


@pytest.mark.parametrize(
    ("reports", "after"),
    [
        ([count(6, 200), count(9, 250)], "not_sent"),
        ([count(6, 200), count(9, 350)], "lost"),
        ([count(6, 200), count(9, 275)], ""),
        ([count(6, 700), count(9, 850)], "lost"),
        ([count(9, 250)], "not_sent"),
        ([count(9, 350)], ""),
        ([count(6, 200), no_count(12)], "not_sent"),
        ([count(6, 200), bye(7.5)], "not_sent"),
        ([no_count(4), no_count(6), no_count(9)], ""),
        ([count(6, 200)], ""),
        ([count(6, 200), bye(9, ssrc=8)], ""),
    ],
)
def test_a_count_behind_the_last_packet_says_whether_more_were_sent(
    tmp_path: Path, reports: list[Packet], after: str
) -> None:
    """Who sends no count has sent none of late, unless he never sends one."""
    assert words(tmp_path, [*SENT, *reports])[1] == after


@pytest.mark.parametrize(
    ("reports", "why"),
    [
        ([no_count(3), no_count(8)], "not_sent"),
        ([bye(3)], "not_sent"),
        ([count(3, 0), count(8, 0)], "not_sent"),
        ([count(3, 150), count(8, 400)], "lost"),
    ],
)
def test_of_a_stream_without_any_packet_the_reports_say_why(
    tmp_path: Path, reports: list[Packet], why: str
) -> None:
    """Something came of who sends, if no sound."""
    assert words(tmp_path, reports) == (why, why)


def test_where_anybody_may_send_reports_count_only_of_who_is_heard(tmp_path: Path) -> None:
    """A stranger does not explain a silence."""
    rule = StreamLatched(at_us=START_US, stream=0, rule="first", address="10.0.0.1", port=5004)

    (tmp_path / "heard").mkdir()
    assert words(tmp_path, [no_count(3)], [rule]) == ("", "")
    assert words(tmp_path / "heard", [*SENT, count(4, 200)], [rule])[0] == "lost"


def test_numbers_that_wrap_and_packets_that_come_late_are_counted(tmp_path: Path) -> None:
    """The report in the middle of a sweep counts what came before it."""
    wrapping = Talk(packets=250, begin_us=START_US + 2 * SECOND, sequence=65_500).sent()
    late = [replace(each, arrival_us=each.arrival_us + 2 * PACKET_US) for each in wrapping[50:52]]

    assert words(tmp_path, [*wrapping[:50], *late, *wrapping[52:], count(4, 102)])[0] == "not_sent"


def test_they_stand_beside_where_it_sounds(tmp_path: Path) -> None:
    """With no encoding of their own."""
    shelf = Shelf(folder=tmp_path).write([*SENT, count(8, 250)], [added(0)])
    with RecordingReader(shelf.parts) as reader:
        assert reader.maps[0].sounds == (
            StreamSound(0, "", (), "not_sent", "not_sent"),
            StreamSound(0, "PCMU", ((START_US + 2 * SECOND, START_US + 7 * SECOND),)),
        )
