"""The archive told from the mount point of its disk."""

from pathlib import Path

import pytest

from archive.disk.archive_place import MARK_NAME, ArchiveAway, ArchivePlace
from archive.disk.files import LocalDisk

NAME = "t/2026/11/30/one.rkn"


def place(folder: Path, *expected: str) -> ArchivePlace:
    return ArchivePlace(folder, lambda: expected)


def test_a_new_archive_is_marked(tmp_path: Path) -> None:
    """The first start stays one step; from then on the mark alone says what the folder is."""
    place(tmp_path).mark(LocalDisk())

    assert b"archive of Rokuon" in (tmp_path / MARK_NAME).read_bytes()
    place(tmp_path, NAME).require()
    place(tmp_path, NAME).require_mark()


def test_an_archive_of_an_earlier_version_is_known_by_any_of_its_files(tmp_path: Path) -> None:
    """One of those that the catalog knows is enough: others may be lost."""
    file = tmp_path / NAME
    file.parent.mkdir(parents=True)
    file.touch()

    place(tmp_path, "t/lost.rkn", NAME).mark(LocalDisk())

    assert place(tmp_path).is_marked()


def test_a_bare_mount_point_is_refused_and_stays_bare(tmp_path: Path) -> None:
    """What would be written there would vanish below the disk once it is mounted."""
    bare = place(tmp_path, NAME)

    with pytest.raises(ArchiveAway) as away:
        bare.mark(LocalDisk())

    assert (away.value.root, away.value.looked_for) == (tmp_path, 1)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ArchiveAway):
        place(tmp_path).require_mark()
