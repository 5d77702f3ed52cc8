"""Whether the keystore's disk takes files."""

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from archive.disk.trial import DiskTrials
from archive.keys.daemon import disk_watch
from archive.keys.daemon.disk_watch import DiskWatch


class Trials(DiskTrials):
    """A disk that refuses twice, and takes files then."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = ["ENOSPC", "ENOSPC", ""]

    def refusals(self, folders: Iterable[Path]) -> Mapping[Path, str]:
        (folder,) = folders
        answer = self.answers.pop(0) if self.answers else ""
        return {folder: answer} if answer else {}


async def test_a_disk_that_refuses_is_told_each_time_and_logged_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody asks the key daemon for a key at night; the first call of the morning would."""
    monkeypatch.setattr(disk_watch, "PERIOD_S", 0.001)
    stop, told = asyncio.Event(), list[str]()

    def tell(reason: str) -> None:
        told.append(reason)
        if len(told) == 3:
            stop.set()

    with capture_logs() as logs:
        await DiskWatch(tmp_path, tell, Trials()).run(stop)

    assert told == ["ENOSPC", "ENOSPC", ""]
    assert [each["event"] for each in logs] == ["keys.disk_refuses", "keys.disk_takes_files"]
