"""What the key daemon does by itself, and when."""

from pathlib import Path

from archive.keys.clock_watch import ClockSeen, ClockWatch, KernelWord
from archive.keys.daemon.work import KeystoreWork
from archive.keys.guard.brake import latest_time
from tests.archive.keys.turning import DAY_US, Turning
from tests.support.keys.work import in_force, work_of


def do_all(work: KeystoreWork) -> None:
    while (job := work.next_job()) is not None:
        job.run()


def test_an_epoch_turns_when_its_day_is_over(tmp_path: Path) -> None:
    """Nobody has to remember it."""
    turning = Turning(tmp_path)
    work = work_of(turning, every_us=DAY_US)
    turning.now_us += DAY_US - 1
    do_all(work)
    assert in_force(turning) == 1
    turning.now_us += 1
    do_all(work)

    assert in_force(turning) == 2


def test_on_command_alone_it_waits_for_the_command(tmp_path: Path) -> None:
    """Zero hours: never by itself."""
    turning = Turning(tmp_path)
    work, woken = work_of(turning), list[int]()
    work.wake = lambda: woken.append(1)
    turning.now_us += 400 * DAY_US
    do_all(work)
    assert in_force(turning) == 1
    work.wish_turn()
    do_all(work)

    assert in_force(turning) == 2
    assert woken == [1]


def test_a_set_is_made_when_it_is_asked_for(tmp_path: Path) -> None:
    """And what it holds is off the list, some at a time."""
    turning = Turning(tmp_path)
    turning.adopt()
    work = work_of(turning)
    work.wish_set()
    do_all(work)

    assert len(list((tmp_path / "sets").glob("*.rkb"))) == 1
    assert turning.opened.connection.execute("SELECT count(*) FROM unbacked").fetchone() == (0,)


def test_what_stopped_it_is_told_until_it_goes_on(tmp_path: Path) -> None:
    """`rokuon keys status` shows it."""
    work = work_of(Turning(tmp_path))
    work.stopped_by(OSError(28, "No space left on device"))
    assert "No space" in work.fault
    work.went_well()

    assert work.fault == ""


def test_by_a_clock_that_nobody_vouches_for_no_epoch_turns_or_ends(tmp_path: Path) -> None:
    """What opens backups would be gone by a battery that was empty."""
    turning = Turning(tmp_path)
    work = work_of(turning, every_us=DAY_US)
    seen = [ClockSeen(wall_us=turning.now_us, since_boot_us=0, kernel=KernelWord.UNSYNCHRONISED)]
    work.clock = ClockWatch(read=lambda: seen[0], life_us=0, word=tmp_path / "word")
    turning.now_us += 3_650 * DAY_US
    do_all(work)
    doubted = (in_force(turning), latest_time(turning.opened.connection))
    work.clock.confirm()
    do_all(work)

    assert doubted == (1, 0)
    assert in_force(turning) == 2
    assert latest_time(turning.opened.connection) == turning.now_us
