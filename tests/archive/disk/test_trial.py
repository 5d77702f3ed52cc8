"""Whether disks take what is written."""

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import pytest

from archive.disk import trial
from archive.disk.trial import HANGS, DiskTrials, may_write


@pytest.fixture
def thaw() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_each_disk_that_takes_nothing_is_named_and_one_that_hangs_is_asked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, thaw: threading.Event
) -> None:
    """Asked every ten seconds for a night it would have a thread for each time."""
    whole, full, frozen = [tmp_path / name for name in ("whole", "full", "frozen")]
    asked: list[Path] = []

    @contextmanager
    def opened(*, dir: Path) -> Iterator[IO[bytes]]:  # as tempfile names it
        asked.append(dir)
        if dir == full:
            raise OSError(errno.ENOSPC, "No space left on device")
        if dir == frozen:
            thaw.wait()
        with TemporaryFile(dir=dir) as file:
            yield file

    monkeypatch.setattr(trial, "TemporaryFile", opened)
    for folder in (whole, full, frozen):
        folder.mkdir()
    trials = DiskTrials(patience_s=0.2)
    folders = [whole, full, frozen, tmp_path / "none"]

    for _ in range(2):
        assert trials.refusals(folders) == {
            full: "ENOSPC",
            frozen: HANGS,
            tmp_path / "none": "ENOENT",
        }
    assert asked.count(frozen) == 1
    assert list(whole.iterdir()) == []

    thaw.set()
    trials.patience_s = 20
    assert frozen not in trials.refusals([frozen])


def test_a_folder_that_is_not_there_lets_nobody_in(tmp_path: Path) -> None:
    """Nor is it anybody's."""
    assert may_write(tmp_path)
    assert not may_write(tmp_path / "none")


def test_a_disk_that_fails_keeps_nobody_out_by_its_mode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried, and named by the system's word; who asks whether he may is not ended by it."""

    def fails(_path: Path) -> None:
        raise OSError(errno.EIO, "a disk")

    monkeypatch.setattr(os, "statvfs", fails)

    assert may_write(tmp_path)
