"""Where the packets of a stream sound, as the map of a part tells it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archive.call.adoption import StreamSound
from archive.reading.packets.sounds import MAX_STRETCHES, few, joined
from archive.reading.recording import RecordingReader
from tests.archive.reading.scenes import DIGITS, PACKET_US, START_US, Packet, Shelf, Talk, added

SECOND = 1_000_000


def sounds_of(folder: Path, packets: Sequence[Packet]) -> object:
    with RecordingReader(Shelf(folder=folder).write(packets, [added(0)]).parts) as reader:
        return reader.maps[0].sounds


def at(*places: tuple[int, int], encoding: str = "PCMU") -> StreamSound:
    """From one packet's place to another's."""
    laid = tuple((START_US + a * PACKET_US, START_US + b * PACKET_US) for a, b in places)
    return StreamSound(0, encoding, laid)


def later(talk: Talk, packets: int, **changes: int) -> list[Packet]:
    """The same source, from so many packets later on."""
    moved = replace(
        talk,
        begin_us=talk.begin_us + packets * PACKET_US,
        sequence=talk.sequence + packets,
        timestamp=talk.timestamp + packets * 160,
        **changes,  # type: ignore[arg-type]
    )
    return moved.sent()


def test_a_stream_sounds_from_its_first_packet_to_the_end_of_its_last(tmp_path: Path) -> None:
    """To the packet."""
    assert sounds_of(tmp_path, Talk(packets=100).sent()) == (at((0, 100)),)


def test_a_second_without_packets_parts_two_stretches(tmp_path: Path) -> None:
    """Less than that is a pause of breath, in one block of packets or across blocks."""
    talk = Talk(packets=100)

    assert sounds_of(tmp_path, [*talk.sent(), *later(talk, 150), *later(talk, 299)]) == (
        at((0, 100), (150, 399)),
    )


def test_a_burst_behind_a_stall_is_no_hole(tmp_path: Path) -> None:
    """Timestamps say where they belong, however late they came."""
    sent = Talk(packets=200).sent()
    stalled = [replace(each, arrival_us=sent[199].arrival_us) for each in sent[100:]]

    assert sounds_of(tmp_path, [*sent[:100], *stalled]) == (at((0, 200)),)


def test_the_noise_of_a_pause_has_its_own_stretches_and_digits_have_none(tmp_path: Path) -> None:
    """Neither is a voice."""
    talk = Talk(packets=50)
    noise = later(talk, 50, payload_type=13)
    keys = later(talk, 100, payload_type=DIGITS.payload_type)

    speech, told = sounds_of(tmp_path, [*talk.sent(), *noise, *keys])[::-1]  # type: ignore[index]

    assert speech == at((0, 50))
    assert (told.encoding, told.stretches[0][0]) == ("CN", START_US + 50 * PACKET_US)


def test_two_sources_of_one_stream_are_laid_beside_each_other(tmp_path: Path) -> None:
    """Who has begun anew is heard on the same stream."""
    talk = Talk(packets=50)
    other = replace(talk, ssrc=9, begin_us=START_US + 4 * SECOND, sequence=7, timestamp=3)

    assert sounds_of(tmp_path, [*talk.sent(), *other.sent()]) == (at((0, 50), (200, 250)),)


def music(begin: int, packets: int, ssrc: int = 9) -> list[Packet]:
    """Another source from one packet's place on."""
    return later(Talk(packets=packets, ssrc=ssrc, seed=2), begin)


def others(folder: Path, *packets: Sequence[Packet]) -> list[tuple[int, int]]:
    """Where they are told, in packets from the begin."""
    (told,) = sounds_of(folder, [each for own in packets for each in own])  # type: ignore[misc]
    return [tuple((us - START_US) // PACKET_US for us in own) for own in told.others]


def test_another_source_in_the_place_of_one_that_comes_back_is_told(tmp_path: Path) -> None:
    """As a PBX plays its music: as often as it does, and of nobody who spoke before it."""
    talk = Talk(packets=100)
    packets = [talk.sent(), music(102, 90), later(talk, 200), music(310, 80), later(talk, 400)]

    assert others(tmp_path, *packets) == [(102, 192), (310, 390)]


@pytest.mark.parametrize(
    ("played", "returns"),
    [
        (music(110, 49), True),  # less than a second
        (music(110, 90), False),  # who follows, follows
        (music(20, 100), True),  # both at once, for the most part
    ],
)
def test_another_source_is_told_in_the_place_of_nobody_else(
    tmp_path: Path, played: list[Packet], *, returns: bool
) -> None:
    """Who is not silent, or does not come back, has not been replaced for a while."""
    talk = Talk(packets=100)

    assert others(tmp_path, talk.sent(), played, later(talk, 200) if returns else []) == []


def test_a_flood_of_sources_tells_of_none(tmp_path: Path) -> None:
    """It is no music."""
    talk = Talk(packets=100)
    flood = [each for n in range(40) for each in music(110 + n, 60, ssrc=100 + n)]

    assert others(tmp_path, talk.sent(), flood, later(talk, 300)) == []


def test_of_a_stream_that_stutters_the_longest_silences_are_left() -> None:
    """A hostile one cannot fill a row."""
    stutter = [(2 * SECOND * n, 2 * SECOND * n + 9) for n in range(2 * MAX_STRETCHES)]
    stutter[40:] = [(a + SECOND, b + SECOND) for a, b in stutter[40:]]

    found = few(joined(stutter))

    assert len(found) == MAX_STRETCHES
    assert (found[0][0], found[-1][1]) == (stutter[0][0], stutter[-1][1])
    assert stutter[39][1] in {end for _, end in found}


@pytest.mark.parametrize("near", [1, 5])
def test_neighbours_are_joined_where_they_are_nearer(near: int) -> None:
    """Those that overlap always are."""
    assert joined([(0, 10), (5, 8), (14, 20)], near) == (
        [(0, 10), (14, 20)] if near == 1 else [(0, 20)]
    )
