"""When a plan is carried out, and when it waits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import event

from archive.disk.archive_place import ArchiveAway
from archive.lifecycle.intention import Intention
from archive.moments import ClockReading
from retention.policies.policy import Limits
from retention.runner import schedule as runners
from retention.runner.schedule import IDLE_S
from retention.runner.sweep import Remover
from tests.api.destruction.scene import DAY_US, Installation, installed
from tests.retention.examples import rule

HALF = Limits(share_per_day=Fraction(1, 2))
BY_NIGHT = Limits(share_per_day=Fraction(1), window=(time(1), time(5)))
HOUR_US = 3_600_000_000


def stages(it: Installation, number: int = 1) -> list[str]:
    """Of a plan's lines."""
    return sorted(each.stage for each in it.lines(number))


async def waits(it: Installation) -> str:
    """What the plan waits for."""
    return (await it.plans.show(it.owner, 1)).stored.course.waits


async def test_a_days_share_stops_the_run_and_the_next_day_goes_on(tmp_path: Path) -> None:
    """What is due is destroyed by the first run whose brakes permit."""
    async with installed(tmp_path) as it:
        it.take_over(rule("year", after="P1Y"), limits=HALF)
        it.archive(4)
        await it.applied()
        runner = it.runner()
        seen = []
        for later_us in (0, DAY_US + HOUR_US, DAY_US + HOUR_US):
            it.pass_us(later_us)
            rest = [runner.round() for _ in range(3)]
            seen.append((stages(it).count("gone"), await waits(it), rest[-1]))

    assert seen == [(2, "share", IDLE_S), (3, "share", IDLE_S), (4, "", IDLE_S)]


async def test_outside_its_window_nothing_is_begun(tmp_path: Path) -> None:
    """In the policy's zone; when the window opens it goes on."""
    async with installed(tmp_path) as it:
        it.take_over(rule("year", after="P1Y"), limits=BY_NIGHT)
        it.archive(1)
        await it.applied()
        it.pass_us(DAY_US + 12 * HOUR_US - (it.it.now_us + 9 * HOUR_US) % DAY_US)
        it.runner().round()
        closed = (stages(it), await waits(it))
        it.pass_us(14 * HOUR_US)
        it.runner().round()

    assert closed == (["planned"], "window")
    assert stages(it) == ["gone"]


@pytest.mark.parametrize("stepped_us", [20_000_000, -20_000_000])
async def test_after_a_clock_that_was_set_nothing_goes_until_a_person_applies_it_again(
    tmp_path: Path, stepped_us: int
) -> None:
    """Nobody makes a cooling off shorter by setting a clock."""
    async with installed(tmp_path, 1) as it:
        await it.applied()
        it.pass_us(DAY_US)
        runner = it.runner()
        start_us = it.it.now_us
        it.keeper.scene.now_us -= DAY_US + 1
        readings = iter([0, stepped_us, stepped_us, stepped_us])
        runner.clock = lambda: ClockReading(wall_us=start_us + next(readings), monotonic_us=0)
        runner.round()
        it.keeper.scene.now_us = start_us
        seen = []
        for _ in range(2):
            runner.round()
            seen.append((stages(it), await waits(it)))
        await it.plans.apply(it.owner, 1)
        it.runner().round()

    assert seen == [(["planned"], "clock")] * 2
    assert stages(it) == ["gone"]


async def test_a_moment_before_the_last_one_that_was_written_down_is_none(tmp_path: Path) -> None:
    """The clock was put back while no runner was there to see it."""
    async with installed(tmp_path) as it:
        it.take_over(rule("year", after="P1Y"), limits=HALF)
        it.archive(4)
        await it.applied()
        it.pass_us(DAY_US)
        it.runner().round()
        it.it.now_us -= HOUR_US
        it.runner().round()

        assert await waits(it) == "clock"
        assert stages(it).count("gone") == 2


async def test_the_archive_is_counted_once_a_day_however_many_batches_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counting ten million for each batch took longer than the batch; what it has done it knows."""
    monkeypatch.setattr(runners, "MAX_BATCH", 1)
    asked: list[str] = []
    async with installed(tmp_path) as it:
        it.take_over(rule("year", after="P1Y"), limits=HALF)
        it.archive(6)
        await it.applied()
        event.listen(
            it.it.engine, "before_cursor_execute", lambda *told: asked.append(str(told[2]))
        )
        runner = it.runner()
        for _ in range(5):
            runner.round()
        first = stages(it).count("gone")
        it.pass_us(DAY_US)
        for _ in range(5):
            runner.round()

    counted = [each for each in asked if "count(*)" in each and "FROM recording " in each]
    assert (first, stages(it).count("gone"), len(counted)) == (3, 5, 2)


async def test_it_waits_for_what_its_batch_has_left_of_the_time_at_the_rate(
    tmp_path: Path,
) -> None:
    """Waiting as long whatever the batch took, a busy disk had half of what was asked."""
    async with installed(tmp_path, 8) as it:
        await it.applied()
        runner = it.runner()
        runner.per_second = 4
        at_us = iter([0, 250_000, 1_000_000, 4_000_000])
        wall_us = it.it.now_us
        runner.clock = lambda: ClockReading(wall_us=wall_us, monotonic_us=next(at_us))
        waited_s = [runner.round(), runner.round()]

    assert stages(it) == ["gone"] * 8
    assert waited_s == [0.75, 0.0]


async def test_what_was_cut_off_counts_for_the_share_of_its_day(tmp_path: Path) -> None:
    """Its keys are gone, also where its files could not be removed at first."""
    async with installed(tmp_path) as it:
        it.take_over(rule("year", after="P1Y"), limits=HALF)
        it.archive(4)
        await it.applied()
        runner = it.runner(it.sweep(files=OnceBroken(it.sweep().files)))
        with pytest.raises(OSError, match="broken"):
            runner.round()
        for _ in range(3):
            runner.round()

    assert stages(it).count("gone") == 2


@dataclass
class OnceBroken:
    """A disk that fails at the first call."""

    real: Remover
    is_broken: bool = True

    def require_archive(self) -> None:
        self.real.require_archive()

    def remove(self, intended: Sequence[Intention]) -> None:
        """Fail once, then do it."""
        if self.is_broken:
            self.is_broken = False
            raise OSError("broken")
        self.real.remove(intended)


async def test_no_key_is_destroyed_while_the_archive_is_not_mounted(tmp_path: Path) -> None:
    """Files on a disk that is away would be said to be gone, and come back with it."""
    async with installed(tmp_path) as it:
        it.take_over(rule("year", after="P1Y"), limits=HALF)
        it.archive(4)
        await it.applied()
        it.keeper.expected = ("t/one.rkn",)
        root = it.keeper.store().root
        disk = root.rename(tmp_path / "disk")
        root.mkdir()
        with pytest.raises(ArchiveAway):
            it.runner().round()
        before = stages(it)
        root.rmdir()
        disk.rename(root)
        it.runner().round()

        assert "gone" not in before
        assert "keyless" not in before
        assert stages(it).count("gone") == 2


async def test_while_nobody_knows_whether_the_clock_is_right_plans_wait_and_go_on_by_themselves(
    tmp_path: Path,
) -> None:
    """Off over New Year: the night's plan runs when the kernel vouches, without a person."""
    async with installed(tmp_path, 1) as it:
        await it.applied()
        it.pass_us(DAY_US)
        sure = [False]
        runner = replace(it.runner(), is_clock_sure=lambda: sure[0])
        rests = [runner.round(), runner.round()]
        doubted = (stages(it), await waits(it), rests)
        sure[0] = True
        runner.round()

    assert doubted == (["planned"], "clock_unsure", [IDLE_S, IDLE_S])
    assert stages(it) == ["gone"]
