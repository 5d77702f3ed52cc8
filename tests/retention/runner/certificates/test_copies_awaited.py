"""No certificate before what was destroyed has gone from each copy in columns."""

from pathlib import Path

import pytest

from api.locate.column_keeper import ColumnKeeper, ColumnsNotReady
from archive.catalog.database.engine import reading
from archive.catalog.destruction.certificates import certificates_of
from archive.catalog.locating.copies import SILENT_US
from archive.ids import DEFAULT_TENANT
from tests.api.destruction.scene import Installation, installed
from tests.support.certificates.rounds import rounds


def columns_of(made: Installation, folder: Path, copy: bytes = b"c" * 16) -> ColumnKeeper:
    """Those of a process, made."""
    keeper = ColumnKeeper(
        engine=made.it.engine,
        tenant=DEFAULT_TENANT,
        folder=folder / copy.hex(),
        copy=copy,
        clock_us=lambda: made.it.now_us,
    )
    while keeper.step():
        pass
    return keeper


def rows_in(columns: ColumnKeeper) -> int:
    """That are not erased."""
    with columns.current() as now:
        return sum(int((file.rows.columns["recording"] > 0).sum()) for file in now.files)


def certified(made: Installation) -> int:
    with reading(made.it.engine) as connection:
        return len(certificates_of(connection, DEFAULT_TENANT))


async def run(made: Installation, *copies: ColumnKeeper) -> None:
    """A plan cools off while copies go on; then all of it is destroyed."""
    await made.applied()
    for each in copies:
        each.step()
    runner = made.runner()
    while runner.round() < 1:
        pass


async def test_a_certificate_waits_for_each_copy(tmp_path: Path) -> None:
    """Of two that answer the slower one counts."""
    async with installed(tmp_path / "a", 2) as made:
        quick, slow = (columns_of(made, tmp_path, own * 16) for own in (b"q", b"s"))
        assert rows_in(slow) == 2
        await run(made, quick, slow)
        certifier = rounds(made)
        seen = []
        for step in (lambda: None, quick.step, slow.step):
            step()
            certifier.round()
            seen.append(certified(made))

        assert seen == [0, 0, 1]
        assert (rows_in(quick), rows_in(slow)) == (0, 0)


async def test_a_copy_that_is_silent_for_an_hour_keeps_nothing_waiting(tmp_path: Path) -> None:
    """Its process was stopped: it has to begin anew before it answers."""
    async with installed(tmp_path / "a", 1) as made:
        stopped = columns_of(made, tmp_path)
        await run(made, stopped)
        certifier = rounds(made)
        certifier.round()
        before = certified(made)
        made.pass_us(SILENT_US + 1)
        certifier.round()

        assert (before, certified(made)) == (0, 1)
        with pytest.raises(ColumnsNotReady):
            rows_in(stopped)


async def test_calls_that_come_meanwhile_keep_no_certificate_waiting(tmp_path: Path) -> None:
    """What counts is the change at which the run had ended, not the last one."""
    async with installed(tmp_path / "a", 1) as made:
        columns = columns_of(made, tmp_path)
        await run(made, columns)
        certifier = rounds(made)
        certifier.round()
        columns.step()
        made.archive(1)
        certifier.round()

        assert certified(made) == 1
