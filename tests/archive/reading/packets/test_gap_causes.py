"""Where packets of a stream are missing, and why, as the map of a part tells it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archive.call.adoption import StreamGap
from archive.call.events import Event
from archive.format.end import UNKNOWN_PACKETS, Gap, GapCause
from archive.format.frames import Frame, FrameKind
from archive.reading.packets import gap_causes
from archive.reading.recording import RecordingReader
from tests.archive.reading.scenes import (
    PACKET_US,
    START_US,
    Packet,
    Shelf,
    Talk,
    added,
    event_frames,
    sweeps,
)

SECOND = 1_000_000
EVENTS: list[Event] = [added(0)]


def gaps_of(folder: Path, packets: Sequence[Packet], *told: Gap) -> tuple[StreamGap, ...]:
    frames = [Frame(FrameKind.GAP, 0, 0, gap.from_us, 0, gap.encode()) for gap in told]
    shelf = Shelf(folder=folder)
    shelf.write_frames([event_frames(EVENTS), *sweeps(packets), frames])
    with RecordingReader(shelf.parts) as reader:
        return reader.maps[0].streams[0].gaps


def told(cause: GapCause, begin: int, end: int, packets: int = 10) -> Gap:
    return Gap(
        cause=cause,
        packets=packets,
        from_us=START_US + begin * PACKET_US,
        until_us=START_US + end * PACKET_US,
    )


def at(
    begin: int, end: int, packets: int, because: gap_causes.GapBecause, absent: int | None = None
) -> StreamGap:
    """From one packet's place to another's; so many packets' time of it is missing, or all."""
    absent_us = (end - begin if absent is None else absent) * PACKET_US
    first_us = START_US + begin * PACKET_US
    return StreamGap(0, first_us, START_US + end * PACKET_US, packets, absent_us, because)


def test_missing_numbers_lie_where_their_packets_would_have_lain(tmp_path: Path) -> None:
    """To the packet: numbers and timestamps of those around them say it."""
    sent = Talk(packets=250).sent()

    assert gaps_of(tmp_path, [*sent[:100], *sent[120:]]) == (at(100, 120, 20, "lost"),)


def test_a_call_without_loss_has_no_gap(tmp_path: Path) -> None:
    """Nor has one of which nothing is known: that is None."""
    assert gaps_of(tmp_path, Talk(packets=100).sent()) == ()


def test_a_packet_that_comes_late_is_not_missing(tmp_path: Path) -> None:
    """Neither one that is late, nor one of several, nor one that comes twice."""
    sent = Talk(packets=250).sent()
    late = [replace(sent[n], arrival_us=sent[109].arrival_us) for n in (100, 100, 104)]
    (tmp_path / "late").mkdir()
    whole = [*sent[:100], *sent[101:104], *sent[105:110], *late, *sent[110:]]
    assert gaps_of(tmp_path / "late", whole) == ()

    torn = [*sent[:100], *sent[103:110], replace(late[0], datagram=sent[101].datagram), *sent[110:]]
    assert gaps_of(tmp_path, torn) == (at(100, 103, 2, "lost", 2),)


def test_holes_within_a_second_are_one_stretch_with_loss(tmp_path: Path) -> None:
    """So an ear hears it; those further apart are two."""
    sent = Talk(packets=250).sent()
    kept = [each for n, each in enumerate(sent) if n not in (50, 80, 200, 201)]

    assert gaps_of(tmp_path, kept) == (at(50, 81, 2, "lost", 2), at(200, 202, 2, "lost"))


def test_who_sends_nothing_while_he_is_silent_has_lost_nothing(tmp_path: Path) -> None:
    """Silence suppression: timestamps run on, numbers follow one another."""
    first = Talk(packets=100).sent()
    later = Talk(
        packets=50, begin_us=START_US + 5 * SECOND, sequence=1100, timestamp=40_000 + 40_000
    ).sent()

    assert gaps_of(tmp_path, [*first, *later]) == (at(100, 250, 0, "not_sent"),)


def test_a_loss_in_a_silence_takes_no_more_of_it_than_it_lasts(tmp_path: Path) -> None:
    """Nobody knows where in the silence it was: right before what came next."""
    first = Talk(packets=100).sent()
    later = Talk(
        packets=50, begin_us=START_US + 5 * SECOND, sequence=1101, timestamp=40_000 + 40_000
    ).sent()

    assert gaps_of(tmp_path, [*first, *later]) == (
        at(100, 249, 0, "not_sent"),
        at(249, 250, 1, "lost"),
    )


@pytest.mark.parametrize(
    ("cause", "because"),
    [
        (GapCause.KERNEL_DROPPED, "overrun"),
        (GapCause.RELAY_FULL, "overrun"),
        (GapCause.WRITER_FAILED, "not_written"),
        (GapCause.NODE_STOPPED, "node_stopped"),
    ],
)
def test_what_the_node_knows_it_has_lost_was_not_lost_on_the_way(
    tmp_path: Path, cause: GapCause, because: gap_causes.GapBecause
) -> None:
    """Numbers say where, the part's own account says why."""
    sent = Talk(packets=250).sent()
    kept = [*sent[:100], *sent[120:200], *sent[210:]]

    assert gaps_of(tmp_path, kept, told(cause, 100, 119)) == (
        at(100, 120, 20, because),
        at(200, 210, 10, "lost"),
    )


def test_what_a_pause_has_left_out_is_no_gap(tmp_path: Path) -> None:
    """It is told as a pause."""
    sent = Talk(packets=250).sent()

    assert gaps_of(tmp_path, [*sent[:100], *sent[200:]], told(GapCause.PAUSED, 100, 199)) == ()


def test_what_was_not_written_at_the_end_is_told_without_numbers(tmp_path: Path) -> None:
    """No packet follows it, so that no number is missing."""
    sent = Talk(packets=100).sent()
    account = told(GapCause.WRITER_FAILED, 105, 115, UNKNOWN_PACKETS)

    assert gaps_of(tmp_path, sent, account) == (at(105, 115, 0, "not_written"),)


def test_a_source_that_begins_anew_tells_nothing_of_numbers_between(tmp_path: Path) -> None:
    """Its first number is drawn by lot."""
    first = Talk(packets=50).sent()
    later = Talk(packets=50, begin_us=START_US + SECOND, ssrc=2, sequence=30_000).sent()

    assert gaps_of(tmp_path, [*first, *later]) == ()


def test_a_source_whose_clock_stands_still_misses_what_its_numbers_say(tmp_path: Path) -> None:
    """Its timestamps jump against our clock, its numbers go on."""
    first = Talk(packets=50).sent()
    later = Talk(packets=50, begin_us=START_US + 6 * SECOND, sequence=1060, timestamp=48_000).sent()

    assert gaps_of(tmp_path, [*first, *later]) == (at(50, 300, 10, "lost"),)


def test_of_very_many_holes_fewer_are_told_and_none_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their packets are still counted."""
    monkeypatch.setattr(gap_causes, "MAX_GAPS", 3)
    sent = Talk(packets=1200).sent()
    kept = [each for n, each in enumerate(sent) if n % 100 != 50]
    found = gaps_of(tmp_path, kept)

    assert len(found) <= 3
    assert sum(each.packets for each in found) == 12
