"""What the keeper is told of the spool."""

import os
import select
from pathlib import Path

import pytest

from archive.keeper import inotify
from archive.keeper.inotify import IN_Q_OVERFLOW, Inotify, InotifyEvent
from archive.keeper.spool import SpoolFile
from archive.keeper.watch import Changes, NoWatch, SpoolWatch, watching
from capture.media.spool_trial import SpoolTrial

DAY = "0" * 32 + "/2026/11/25"
NOTHING = Changes((), (), is_in_doubt=False)


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    (tmp_path / "spool").mkdir()
    return tmp_path / "spool"


def put(spool: Path, name: str) -> Path:
    path = spool / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def stems(files: tuple[SpoolFile, ...]) -> list[str]:
    return [file.stem for file in files]


def test_it_begins_with_all_that_is_there_and_in_doubt(spool: Path) -> None:
    """What was closed before it began, nobody tells."""
    put(spool, f"{DAY}/a-p00-g00.rkn")
    with watching([spool]) as watch:
        first = watch.changes()

        assert stems(first.appeared) == ["a-p00-g00"]
        assert first.is_in_doubt
        assert watch.changes() == NOTHING


def test_a_part_is_told_when_it_appears_is_renamed_and_is_closed(spool: Path) -> None:
    """And while it is written to, nothing is: that happens twice a second for each call."""
    put(spool, f"{DAY}/x")
    with watching([spool]) as watch:
        watch.changes()
        path = spool / DAY / "a-p00-g00.rkn"
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR)
        (appeared,) = watch.changes().appeared
        assert (appeared.stem, appeared.inode, appeared.is_hinted) == (
            "a-p00-g00",
            path.stat().st_ino,
            False,
        )

        os.pwrite(descriptor, b"more", 0)
        assert watch.changes() == NOTHING

        sealed = path.with_name(f"{path.name}.sealed")
        path.rename(sealed)
        (renamed,) = watch.changes().appeared
        assert (renamed.path, renamed.is_hinted) == (str(sealed), True)

        os.close(descriptor)
        assert stems(watch.changes().closed) == ["a-p00-g00"]


def test_a_worker_that_tries_the_disk_wakes_nobody(spool: Path) -> None:
    """Once a second it writes to a file without a name, beside the folders of the parts."""
    put(spool, f"{DAY}/x")
    with watching([spool]) as watch:
        watch.changes()
        poll = select.poll()
        poll.register(watch.descriptor, select.POLLIN)
        SpoolTrial([spool]).make()
        told = poll.poll(0)
        put(spool, f"{DAY}/a-p00-g00.rkn")
        told_of_part = poll.poll(0)

    assert told == []
    assert told_of_part == [(watch.descriptor, select.POLLIN)]


def test_a_part_of_a_new_day_is_told_with_the_day(spool: Path) -> None:
    """At midnight a folder is made and a part begins in it before anybody could watch it."""
    with watching([spool]) as watch:
        watch.changes()
        put(spool, f"{DAY}/a-p00-g00.rkn")
        assert stems(watch.changes().appeared) == ["a-p00-g00"]

        put(spool, f"{DAY}/b-p00-g00.rkn")
        put(spool, f"{'0' * 32}/2026/11/26/c-p00-g00.rkn")
        assert stems(watch.changes().appeared) == ["b-p00-g00", "c-p00-g00"]


@pytest.mark.parametrize("name", [f"{DAY}/x.txt", f"{DAY}/.x.rkn", "x.rkn", f"{DAY}/deeper/x.rkn"])
def test_what_is_no_part_in_its_place_is_not_told(spool: Path, name: str) -> None:
    """The spool holds the ledger and drafts as well."""
    with watching([spool]) as watch:
        watch.changes()
        put(spool, name)

        assert watch.changes() == NOTHING


def test_links_are_not_followed(spool: Path, tmp_path: Path) -> None:
    """Who can write to the spool must not make the keeper read something else."""
    put(tmp_path / "elsewhere", f"{DAY}/a-p00-g00.rkn")
    put(spool, f"{DAY}/x")
    with watching([spool]) as watch:
        watch.changes()
        (spool / "linked").symlink_to(tmp_path / "elsewhere" / ("0" * 32))
        (spool / DAY / "b-p00-g00.rkn").symlink_to(tmp_path / "elsewhere" / DAY / "a-p00-g00.rkn")

        assert watch.changes() == NOTHING


def test_a_spool_that_is_not_there_is_in_doubt_until_it_comes(tmp_path: Path) -> None:
    """The second spool may be a disk that is mounted later."""
    with watching([tmp_path / "second"]) as watch:
        watch.changes()
        assert watch.changes().is_in_doubt

        put(tmp_path / "second", f"{DAY}/a-p00-g00.rkn")
        assert stems(watch.changes().appeared) == ["a-p00-g00"]
        assert watch.changes() == NOTHING


def test_a_queue_that_ran_over_is_in_doubt_once(spool: Path) -> None:
    """What the kernel dropped is found by looking at everything."""
    told = [[InotifyEvent(-1, IN_Q_OVERFLOW, "")], []]

    class Overflowing(Inotify):
        def read(self) -> list[InotifyEvent]:
            return told.pop(0) if self.full else super().read()

        full = False

    with Overflowing() as queue:
        watch = SpoolWatch(queue, [spool])
        watch.changes()
        queue.full = True

        assert watch.changes().is_in_doubt
        assert not watch.changes().is_in_doubt


def test_folders_beyond_what_the_kernel_watches_leave_it_in_doubt(spool: Path) -> None:
    """Then everything is looked at, as if nobody told anything."""
    put(spool, f"{DAY}/a-p00-g00.rkn")

    class Small(Inotify):
        def watch(self, folder: str, mask: int) -> int:
            if folder.endswith("25"):
                raise OSError(28, "No space left on device")
            return super().watch(folder, mask)

    with Small() as queue:
        watch = SpoolWatch(queue, [spool])
        watch.changes()

        assert watch.changes().is_in_doubt


def test_without_a_queue_nobody_watches(spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user may have 128 of them by default; the keeper then looks at everything."""

    def none(_self: Inotify) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(inotify.Inotify, "__init__", none)
    with watching([spool]) as watch:
        assert isinstance(watch, NoWatch)
        assert watch.changes().is_in_doubt
