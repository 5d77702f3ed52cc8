"""The kernel's notices."""

from pathlib import Path

import pytest

from archive.keeper.inotify import (
    IN_CLOSE_WRITE,
    IN_CREATE,
    IN_IGNORED,
    IN_ISDIR,
    IN_MOVED_TO,
    Inotify,
)


def test_what_happens_in_a_folder_is_told_in_order(tmp_path: Path) -> None:
    """Names of any length and letters, folders marked as such."""
    with Inotify() as inotify:
        number = inotify.watch(str(tmp_path), IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE)
        (tmp_path / "録音").write_bytes(b"x")
        (tmp_path / "録音").rename(tmp_path / ("b" * 200))
        (tmp_path / "day").mkdir()
        told = inotify.read()

    assert [(n.watch, n.mask, n.name) for n in told] == [
        (number, IN_CREATE, "録音"),
        (number, IN_CLOSE_WRITE, "録音"),
        (number, IN_MOVED_TO, "b" * 200),
        (number, IN_CREATE | IN_ISDIR, "day"),
    ]


def test_reading_does_not_wait(tmp_path: Path) -> None:
    """The keeper has one thread."""
    with Inotify() as inotify:
        inotify.watch(str(tmp_path), IN_CREATE)
        assert inotify.read() == []


def test_a_folder_that_goes_is_told(tmp_path: Path) -> None:
    """Its number may mean another folder later."""
    folder = tmp_path / "day"
    folder.mkdir()
    with Inotify() as inotify:
        number = inotify.watch(str(folder), IN_CREATE)
        folder.rmdir()

        assert [(n.watch, n.mask & IN_IGNORED) for n in inotify.read()] == [(number, IN_IGNORED)]


def test_links_and_files_are_no_folders(tmp_path: Path) -> None:
    """Who can write to the spool must not make the keeper watch something else."""
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "file").touch()
    with Inotify() as inotify:
        for name in ("link", "file", "none"):
            with pytest.raises(OSError, match=r"Not a directory|No such file"):
                inotify.watch(str(tmp_path / name), IN_CREATE)
