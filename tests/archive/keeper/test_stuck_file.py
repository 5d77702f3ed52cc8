"""What does not go into the archive, told to who watches."""

from pathlib import Path

from archive.disk import LocalDisk
from archive.keeper.problems import Problem, Reason
from archive.keeper.stuck_file import StuckFile, StuckPart, read_stuck

STUCK = Problem(path=Path("/spool/2026/x-p00.rkn"), reason=Reason.CATALOG_REFUSED, detail="54000")


def test_what_is_stuck_is_told_until_it_is_through(tmp_path: Path) -> None:
    """The keeper is another process, and its catalog may be what refuses."""
    path = tmp_path / "catalog" / "stuck.json"
    file = StuckFile(path, LocalDisk())

    file.tell([STUCK])
    assert read_stuck(path) == (StuckPart("x-p00.rkn", "catalog_refused", "54000"),)
    file.tell([])
    assert read_stuck(path) == ()


def test_a_list_that_cannot_be_read_or_written_stops_nobody(tmp_path: Path) -> None:
    """Neither the keeper nor who asks it."""
    (tmp_path / "broken").write_bytes(b"{")
    StuckFile(tmp_path / "broken" / "stuck.json", LocalDisk()).tell([STUCK])

    assert read_stuck(tmp_path / "broken") == ()
    assert read_stuck(tmp_path / "absent") == ()
