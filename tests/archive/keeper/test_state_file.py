"""How the keeper is, told to who watches."""

from pathlib import Path

from archive.disk.files import LocalDisk
from archive.disk.room import DiskState, RoomSample
from archive.keeper.state_file import Backlog, KeeperState, StateFile, StuckPart, read_state

STATE = KeeperState(
    at_us=9,
    round_us=8,
    awaits="keys",
    backlog=Backlog(parts=1, size_bytes=2, oldest_us=3, live=4),
    counts={"catalog_refused": 1},
    stuck=(StuckPart("x-p00.rkn", "catalog_refused", "54000"),),
    disks=(DiskState(name="archive", samples=(RoomSample(1, 2),)),),
)


def test_what_is_told_is_read_as_it_was(tmp_path: Path) -> None:
    """The keeper is another process, and its catalog may be what refuses."""
    path = tmp_path / "catalog" / "keeper.json"
    StateFile(path, LocalDisk()).tell(STATE)

    assert read_state(path) == STATE


def test_a_state_that_cannot_be_read_or_written_stops_nobody(tmp_path: Path) -> None:
    """Neither the keeper nor who asks it."""
    (tmp_path / "broken").write_bytes(b"{")
    StateFile(tmp_path / "broken" / "keeper.json", LocalDisk()).tell(STATE)

    assert read_state(tmp_path / "broken") is None
    assert read_state(tmp_path / "absent") is None
