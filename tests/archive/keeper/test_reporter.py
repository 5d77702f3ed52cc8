"""What the keeper tells of itself, and when."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from archive.disk.archive_place import MARK_NAME, ArchivePlace
from archive.disk.files import LocalDisk
from archive.disk.trial import DiskTrials
from archive.keeper import reporter
from archive.keeper.reporter import AWAY, Reporter, WatchedDisks
from archive.keeper.scan import RoundNews
from archive.keeper.state_file import MAX_TOLD, Backlog, KeeperState, StateFile, read_state
from archive.keeper.stuck_parts import StuckFile, StuckReason

QUIET = RoundNews(ended_us=7, awaits="", problems=(), backlog=Backlog(parts=3))


def stuck(count: int) -> RoundNews:
    """A round after which so many parts are stuck."""
    problems = [
        StuckFile(path=Path(f"/s/{n}.rkn"), reason=StuckReason.DISK_FAILED) for n in range(count)
    ]
    return RoundNews(ended_us=9, awaits="keys", problems=tuple(problems), backlog=Backlog())


class Trials(DiskTrials):
    """Disks that refuse as they are told to."""

    def __init__(self) -> None:
        super().__init__()
        self.refusing: dict[Path, str] = {}

    def refusals(self, folders: Iterable[Path]) -> Mapping[Path, str]:
        return {each: self.refusing[each] for each in folders if each in self.refusing}


@dataclass
class Told:
    """A reporter over two folders, and what it has told."""

    folder: Path
    at_us: int = 1_000
    trials: Trials = field(default_factory=Trials)

    def __post_init__(self) -> None:
        for name in ("spool", "archive"):
            (self.folder / name).mkdir(exist_ok=True)
        (self.archive / MARK_NAME).touch()
        self.reporter = Reporter(
            StateFile(self.folder / "keeper.json", LocalDisk()),
            WatchedDisks(
                folders={"spool": self.folder / "spool", "archive": self.archive},
                require_archive=ArchivePlace(self.archive, tuple).require_mark,
                trials=self.trials,
            ),
            lambda: self.at_us,
        )

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    def state(self) -> KeeperState:
        """As it was told last."""
        return read_state(self.folder / "keeper.json") or KeeperState(at_us=0)

    async def until(self, count: int) -> None:
        """This one has told that so many parts are stuck."""
        while sum(self.state().counts.values()) != count or self.state().at_us != self.at_us:
            await asyncio.to_thread(self.folder.exists)


@asynccontextmanager
async def running(told: Told) -> AsyncIterator[None]:
    """The reporter, while the block lasts."""
    stop = asyncio.Event()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(told.reporter.run(stop))
        yield
        stop.set()


async def test_another_thing_that_is_stuck_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And all are counted, however many are named."""
    monkeypatch.setattr(reporter, "PERIOD_S", 3_600)
    told = Told(tmp_path)
    async with running(told):
        told.reporter.note(QUIET)
        await told.until(0)
        quiet = told.state()
        told.reporter.note(stuck(MAX_TOLD + 1))
        await told.until(MAX_TOLD + 1)

    assert (quiet.round_us, quiet.awaits, quiet.backlog.parts) == (7, "", 3)
    assert (told.state().round_us, told.state().awaits) == (9, "keys")
    assert len(told.state().stuck) == MAX_TOLD


async def test_a_disk_that_refuses_is_told_and_logged_until_it_takes_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where there is no call that would meet it."""
    monkeypatch.setattr(reporter, "PERIOD_S", 0.001)
    told = Told(tmp_path)
    told.trials.refusing[tmp_path / "spool"] = "ENOSPC"
    (told.archive / MARK_NAME).unlink()
    with capture_logs() as logs:
        async with running(told):
            told.reporter.note(stuck(1))
            await told.until(1)
            refusing = {each.name: each.refuses for each in told.state().disks}
            told.trials.refusing.clear()
            (told.archive / MARK_NAME).touch()
            while any(each.refuses for each in told.state().disks):
                await asyncio.to_thread(tmp_path.exists)

    assert refusing == {"spool": "ENOSPC", "archive": AWAY}
    assert [(each["event"], each["disk"], each.get("reason")) for each in logs][:4] == [
        ("keeper.disk_refuses", "spool", "ENOSPC"),
        ("keeper.disk_refuses", "archive", AWAY),
        ("keeper.disk_takes_files", "spool", None),
        ("keeper.disk_takes_files", "archive", None),
    ]


async def test_what_was_measured_outlives_the_keeper(tmp_path: Path) -> None:
    """Else a restart a day is a disk of which nothing is ever known; one that is away measures as
    the disk below it.
    """
    for at_us in (1_000, 7_200_001_000):
        told = Told(tmp_path, at_us)
        async with running(told):
            told.reporter.note(stuck(1))
            await told.until(1)
    (told.archive / MARK_NAME).unlink()
    before = {each.name: each.samples for each in told.state().disks}
    away = told.reporter._disks.look(told.state().disks, 10_800_001_000)

    assert {name: len(each) for name, each in before.items()} == {"spool": 2, "archive": 2}
    assert [len(each.samples) for each in away] == [3, 2]
    assert away[1].samples == before["archive"]
