"""The keeper's state, told every ten seconds and whenever something else is stuck.

Measures the disks that the keeper writes to, beside its rounds: one that hangs is told of while
they wait for it. Knows nothing of rounds but what they say.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from archive.disk.archive_place import ArchiveAway
from archive.disk.room import DiskState, RoomSample, sampled
from archive.disk.trial import DiskTrials
from archive.keeper.scan import RoundNews
from archive.keeper.state_file import (
    MAX_TOLD,
    Backlog,
    KeeperState,
    StateFile,
    StuckPart,
    read_state,
)
from archive.rounds import Rounds

PERIOD_S: Final = 10.0
ARCHIVE: Final = "archive"
# Beside the words of `archive.disk.trial`: the folder is there, and is not the archive.
AWAY: Final = "away"
_NOTHING_YET: Final = RoundNews(ended_us=0, awaits="", problems=(), backlog=Backlog())

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedDisks:
    """Folders by the names of their disks; `require_archive` raises `ArchiveAway` or `OSError`."""

    folders: Mapping[str, Path]
    require_archive: Callable[[], None]
    trials: DiskTrials = field(default_factory=DiskTrials)

    def look(self, before: tuple[DiskState, ...], now_us: int) -> tuple[DiskState, ...]:
        """How they are now; `before`: how they were."""
        refusing = self.trials.refusals(self.folders.values())
        known = {each.name: each.samples for each in before}
        return tuple(
            _measured(name, folder, known.get(name, ()), now_us, self._refusal(name, refusing))
            for name, folder in self.folders.items()
        )

    def _refusal(self, name: str, refusing: Mapping[Path, str]) -> str:
        reason = refusing.get(self.folders[name], "")
        if reason or name != ARCHIVE:
            return reason
        try:
            self.require_archive()
        except (ArchiveAway, OSError):
            return AWAY
        return ""


def _measured(
    name: str, folder: Path, before: tuple[RoomSample, ...], now_us: int, refuses: str
) -> DiskState:
    try:
        volume = os.statvfs(folder)
    except OSError:
        return DiskState(name=name, refuses=refuses)
    free_bytes = volume.f_bavail * volume.f_frsize
    return DiskState(
        name=name,
        free_bytes=free_bytes,
        size_bytes=volume.f_blocks * volume.f_frsize,
        refuses=refuses,
        # Of a disk that is away this is the one that its folder lies on.
        samples=before if refuses == AWAY else sampled(before, RoomSample(now_us, free_bytes)),
    )


class Reporter:
    """Puts together what the rounds say and how the disks are; `now_us`: µs since 1970 UTC."""

    def __init__(self, file: StateFile, disks: WatchedDisks, now_us: Callable[[], int]) -> None:
        self._file, self._disks, self._now_us = file, disks, now_us
        self._news, self._ended_us = _NOTHING_YET, 0
        self._seen: tuple[DiskState, ...] = ()
        self._changed = asyncio.Event()

    def note(self, news: RoundNews) -> None:
        is_first = self._news is _NOTHING_YET
        if is_first or (news.problems, news.awaits) != (self._news.problems, self._news.awaits):
            self._changed.set()
        self._news, self._ended_us = news, news.ended_us or self._ended_us

    async def run(self, stop: asyncio.Event) -> None:
        """Tell after the first round, and on until stopped."""
        self._seen = await asyncio.to_thread(_disks_told, self._file.path)
        async for _ in Rounds(stop, PERIOD_S, first_s=PERIOD_S, bell=self._changed):
            before = self._seen
            self._seen = await asyncio.to_thread(self._tell, self._news, self._ended_us)
            _log_changes(before, self._seen)

    def _tell(self, news: RoundNews, ended_us: int) -> tuple[DiskState, ...]:
        now_us = self._now_us()
        disks = self._disks.look(self._seen, now_us)
        told = (StuckPart(each.path.name, each.reason, each.detail) for each in news.problems)
        self._file.tell(
            KeeperState(
                at_us=now_us,
                round_us=ended_us,
                awaits=news.awaits,
                backlog=news.backlog,
                counts=Counter(each.reason.value for each in news.problems),
                stuck=tuple(told)[:MAX_TOLD],
                disks=disks,
            )
        )
        return disks


def _log_changes(before: tuple[DiskState, ...], now: tuple[DiskState, ...]) -> None:
    refused = {each.name: each.refuses for each in before}
    for disk in now:
        if disk.refuses and disk.refuses != refused.get(disk.name, ""):
            log.error("keeper.disk_refuses", disk=disk.name, reason=disk.refuses)
        if not disk.refuses and refused.get(disk.name, ""):
            log.info("keeper.disk_takes_files", disk=disk.name)


def _disks_told(path: Path) -> tuple[DiskState, ...]:
    """What the keeper before told of them: a day's samples outlive a restart."""
    state = read_state(path)
    return () if state is None else state.disks
