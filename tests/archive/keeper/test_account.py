"""What a part amounts to, as the catalog is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.call.adoption import LostRange, StreamPackets, StreamReplay
from archive.call.events import CallEnded
from archive.disk.store import StoredObject
from archive.errors import RecordingCut, SegmentDamaged
from archive.format.end import End, Gap, GapCause, Lost
from archive.format.frames import WHOLE_RECORDING, Frame, FrameKind
from archive.format.part_reader import PartReader
from archive.format.part_writer import finalise_recovered
from archive.format.segments import FileSource
from archive.keeper.account import PartAccount, read_account
from tests.archive.examples import NODE_KEY, START_US, data_key, header, packets_frame
from tests.archive.keeper.scene import event_frame
from tests.archive.reading.scenes import KEY, Shelf, Talk
from tests.support.parts import MemorySource, PartWriter, unsigned
from tests.support.reading.keyring import crypto, keyed, opening, sealed

STORED = StoredObject(name="t/2026/11/25/a.rkn", size_bytes=1, sha256=bytes(32))
GAP = Gap(cause=GapCause.KERNEL_DROPPED, packets=4, from_us=START_US, until_us=START_US + 9)
KNOWN_GAP = LostRange(stream=1, from_us=START_US, until_us=START_US + 9, packets=4)


def write(path: Path, frames: list[Frame], end: End | None) -> bytes:
    """A part with these frames; without an end it is closed by the keeper."""
    writer = PartWriter.create(path, header(), data_key())
    writer.append(frames)
    if end is None:
        writer.abandon()
        finalise_recovered(path, data_key(), sign=unsigned)
    else:
        writer.finish(end, at_us=START_US, sign=NODE_KEY.sign)
    return path.read_bytes()


def checked(content: bytes) -> tuple[PartAccount, End]:
    with PartReader(MemorySource(content), data_key()) as reader:
        account, _ = read_account(reader, bytes(32))
        return account, account.check()


def frames() -> list[Frame]:
    gap = Frame(FrameKind.GAP, 0, 1, START_US, 0, GAP.encode())
    ended = event_frame(7, CallEnded(at_us=START_US, reason="bye"))
    return [packets_frame(0, 5), packets_frame(6, 2, rtcp=True), packets_frame(11, 3), gap, ended]


def test_the_catalog_is_told_what_is_in_the_part(tmp_path: Path) -> None:
    """Packets with RTCP, arrivals of the first and the last one, events with their serials."""
    lost = Lost(1, START_US, START_US + 9, 4)
    end = End(reason="bye", segments=0, packets={0: 5, 1: 3}, lost=(lost,), last=True)
    content = write(tmp_path / "part", frames(), end)
    with PartReader(MemorySource(content), data_key()) as reader:
        account, _ = read_account(reader, bytes(32))
        adoption = account.adoption(account.check(), STORED, "t/2026/11/25/a.rkm")

    assert adoption.packets == (
        StreamPackets(stream=0, packets=7),
        StreamPackets(stream=1, packets=3),
    )
    assert adoption.events == ((7, CallEnded(at_us=START_US, reason="bye")),)
    assert (adoption.first_us, adoption.last_us) == (START_US, START_US + 13 * 20_000)
    assert adoption.lost == (KNOWN_GAP,)
    assert (adoption.end_reason, adoption.is_last, adoption.segments) == ("bye", True, 2)
    assert (adoption.part_name, adoption.key_id) == (header().part_name, header().key)


def test_a_part_lasts_from_its_first_to_its_last_packet(tmp_path: Path) -> None:
    """Each stream's latest frame holds its last arrival, whichever stream goes on longest."""
    many = [packets_frame(11 * sweep, 11) for sweep in range(5)]
    content = write(tmp_path / "part", [*many, packets_frame(0, 3, rtcp=True)], None)
    with PartReader(MemorySource(content), data_key()) as reader:
        account, _ = read_account(reader, bytes(32))
        adoption = account.adoption(account.check(), STORED, "t/2026/11/25/a.rkm")

    assert (adoption.first_us, adoption.last_us) == (START_US, START_US + 54 * 20_000)


def test_a_recovered_part_tells_its_own_gaps_and_the_open_one(tmp_path: Path) -> None:
    """The writer's END is missing, its GAP frames are not; behind the last frame nobody knows."""
    content = write(tmp_path / "part", frames(), None)
    with PartReader(MemorySource(content), data_key()) as reader:
        account, _ = read_account(reader, bytes(32))
        adoption = account.adoption(account.check(), STORED, "t/2026/11/25/a.rkm")

    assert adoption.lost[0] == KNOWN_GAP
    assert (adoption.lost[1].stream, adoption.lost[1].packets) == (WHOLE_RECORDING, None)
    assert adoption.end_reason == "recovered"


def test_a_part_without_packets_lasts_no_time(tmp_path: Path) -> None:
    """A call that was cancelled: first and last are its creation."""
    content = write(tmp_path / "part", [], None)
    with PartReader(MemorySource(content), data_key()) as reader:
        account, _ = read_account(reader, bytes(32))
        adoption = account.adoption(account.check(), STORED, "t/2026/11/25/a.rkm")

    assert adoption.first_us == adoption.last_us == adoption.created_us == START_US
    assert adoption.packets == ()


@pytest.mark.parametrize("packets", [{}, {0: 5}, {0: 5, 1: 4}, {0: 5, 1: 3, 2: 1}])
def test_an_end_that_counts_otherwise_is_not_believed(
    tmp_path: Path, packets: dict[int, int]
) -> None:
    """What is missing without a gap has to show before the spool file goes."""
    end = End(reason="bye", segments=0, packets=packets)
    content = write(tmp_path / "part", frames(), end)

    with pytest.raises(RecordingCut):
        checked(content)


def test_damage_counts_where_the_keeper_closed_and_is_raised_where_the_writer_did(
    tmp_path: Path,
) -> None:
    """A power cut leaves holes in what nobody closed; elsewhere a hole is damage."""
    many = [packets_frame(22 * sweep, 22) for sweep in range(9)]
    end = End(reason="bye", segments=0, packets={0: 110, 1: 88})
    closed = bytearray(write(tmp_path / "closed", many, end))
    open_end = bytearray(write(tmp_path / "open", many, None))
    for content in (closed, open_end):
        content[4096 * 3 + 99] ^= 1

    account, told = checked(bytes(open_end))
    assert (told.reason, len(account.damages)) == ("recovered", 1)
    with pytest.raises(SegmentDamaged):
        checked(bytes(closed))


def test_a_part_without_its_final_segment_is_cut(tmp_path: Path) -> None:
    """Nothing is archived that was not finalised."""
    end = End(reason="bye", segments=0, packets={0: 5, 1: 3})
    content = write(tmp_path / "part", frames(), end)

    with pytest.raises(RecordingCut):
        checked(content[: 4096 * 2])


def test_an_archived_part_tells_the_same_adoption_again(tmp_path: Path) -> None:
    """Rebuilding the index gives the rows that adoption gave."""
    content = write(tmp_path / "part", frames(), None)
    told = []
    for _ in range(2):
        with PartReader(MemorySource(content), data_key()) as reader:
            account, _ = read_account(reader, bytes(32))
            told.append(account.adoption(account.check(), STORED, "t/2026/11/25/a.rkm"))

    assert told[0] == told[1]


def test_a_hole_is_a_loss_whatever_follows(tmp_path: Path) -> None:
    """The next part cannot heal it: its place is inside this one."""
    many = [packets_frame(22 * sweep, 22) for sweep in range(9)]
    content = bytearray(write(tmp_path / "part", many, None))
    content[4096 * 3 + 99] ^= 1
    with PartReader(MemorySource(bytes(content)), data_key()) as reader:
        account, _ = read_account(reader, bytes(32))
        adoption = account.adoption(account.check(), STORED, "t/2026/11/25/a.rkm")

    assert [lost.is_open for lost in adoption.lost] == [False, True]


def test_what_was_not_kept_in_a_pause_is_no_loss(tmp_path: Path) -> None:
    """Also where the part was recovered, and its gaps are all that tells of losses."""
    gap = replace(GAP, cause=GapCause.PAUSED)
    paused = Frame(FrameKind.GAP, 0, 1, START_US, 0, gap.encode())
    content = write(tmp_path / "part", [packets_frame(0, 5), paused], None)
    account, end = checked(content)

    assert [each for each in account.adoption(end, STORED, "").lost if not each.is_open] == []


def test_the_catalog_is_told_what_came_a_second_time(tmp_path: Path) -> None:
    """As the map has it."""
    shelf, line = Shelf(folder=tmp_path), crypto()
    packets = sealed(Talk(packets=150).sent(), line)
    again = replace(packets[0], arrival_us=packets[-1].arrival_us + 1)
    shelf.write([*packets, again], opening(keyed(line)))
    with FileSource(shelf.parts[0].path) as source, PartReader(source, KEY) as reader:
        account, _ = read_account(reader, bytes(32))

    assert account.streams.replays == (StreamReplay(0, again.arrival_us, again.arrival_us, 1),)
