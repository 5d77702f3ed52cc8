"""Disks that take no file."""

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import pytest

from rokuon.config.load import parse
from rokuon.doctor import disks
from rokuon.doctor.disks import refusing_folders, written_folders
from rokuon.doctor.facts import RefusingFolder


@pytest.fixture
def thaw() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_each_disk_that_takes_nothing_is_named_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, thaw: threading.Event
) -> None:
    """One that hangs holds up neither the others nor the doctor."""
    whole, full, frozen = [tmp_path / name for name in ("whole", "full", "frozen")]

    @contextmanager
    def opened(*, dir: Path) -> Iterator[IO[bytes]]:  # as tempfile names it
        if dir == full:
            raise OSError(errno.ENOSPC, "No space left on device")
        if dir == frozen:
            thaw.wait()
        with TemporaryFile(dir=dir) as file:
            yield file

    monkeypatch.setattr(disks, "TemporaryFile", opened)
    monkeypatch.setattr(disks, "PATIENCE_S", 0.5)
    for folder in (whole, full, frozen):
        folder.mkdir()

    assert list(refusing_folders([whole, full, frozen, tmp_path / "none"])) == [
        RefusingFolder(full, "the disk is full"),
        RefusingFolder(frozen, "the disk hangs"),
    ]
    assert list(whole.iterdir()) == []


def test_every_folder_that_may_have_a_disk_of_its_own_is_looked_at(tmp_path: Path) -> None:
    """The second spool too."""
    config = parse('[spool]\nsecond = "/b"\n[node]\ndata = "/a"', name="-", base=tmp_path)

    assert written_folders(config) == (
        config.spool.path,
        Path("/b"),
        *(Path("/a") / name for name in ("capture", "archive", "catalog", "keys", "pages")),
    )
