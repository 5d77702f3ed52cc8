"""Cut off before each step on the disk: opened again it is as before or as after."""

from collections.abc import Callable
from pathlib import Path

import pytest

from archive.locate.columns import store as stores
from archive.locate.columns.errors import ColumnsRefused
from archive.locate.columns.source import month_begin_us
from archive.locate.columns.store import ColumnStore
from tests.archive.locate.columns.examples import (
    MONTHS,
    OCTOBER,
    Model,
    Row,
    built,
    changes,
    luck,
    opened,
    rows_of,
    source,
)
from tests.crash.crashing import CrashingDisk, Fuse, PowerCut

# More steps than any of these takes; that all are passed is asserted.
STEPS = 80
Work = Callable[[ColumnStore], None]


def cut(folder: Path, disk: CrashingDisk, work: Work, at: int) -> bool:
    """Do it on a disk that is cut off; whether it came to its end before."""
    store = opened(folder, disk)
    disk.fuse.calls.clear()
    disk.fuse.calls_until_cut = at
    try:
        work(store)
    except PowerCut:
        return False
    return True


@pytest.mark.parametrize("is_power_cut", [False, True])
@pytest.mark.parametrize("tail_rows", [1, 1_000])
def test_changes_cut_off_anywhere_are_applied_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_power_cut: bool, tail_rows: int
) -> None:
    """Every row is that of before or that of after, and the second time all are of after."""
    monkeypatch.setattr(stores, "TAIL_ROWS", tail_rows)
    for at in range(STEPS):
        folder, by, model = tmp_path / str(at), luck(5), Model()
        for _ in range(9):
            model.change(by)
        disk = CrashingDisk(Fuse(10_000))
        built(folder, [row for rows in model.rows.values() for row in rows], disk)
        before = set(model.all())
        batch = changes(1, *model.change(by))
        after = set(model.all())
        is_done = cut(folder, disk, lambda store, batch=batch: store.apply(batch), at)  # type: ignore[misc]
        if is_power_cut:
            disk.cut_power()

        store = opened(folder)
        whole = set(rows_of(store.files))
        refused = set(store.refused)
        own = {row for row in before | after if _month(row) not in refused}
        assert before & after & own <= whole <= own
        for month in refused:
            store.replace_month(month, source(row for row in after if _month(row) == month), 1)
        store.apply(batch)
        assert set(rows_of(store.files)) == after
        if is_done:
            return
    pytest.fail(f"more than {STEPS} steps")


@pytest.mark.parametrize("is_power_cut", [False, True])
def test_a_build_cut_off_anywhere_knows_what_it_has(tmp_path: Path, is_power_cut: bool) -> None:
    """A month is there whole, or it is known to be missing; or all begins again."""
    rows = [Row(n, month_begin_us(month)) for n, month in enumerate(MONTHS, start=1)]
    for at in range(STEPS):
        folder, disk = tmp_path / str(at), CrashingDisk(Fuse(at))
        folder.parent.mkdir(exist_ok=True)
        is_done = True
        try:
            built(folder, rows, disk)
        except PowerCut:
            is_done = False
        if is_power_cut:
            disk.cut_power()
        try:
            store = opened(folder)
        except ColumnsRefused:
            assert not is_done
            continue
        found = rows_of(store.files)
        assert {_month(row) for row in found} | set(store.refused) == set(MONTHS)
        assert set(found) <= set(rows)
        if is_done:
            assert found == sorted(rows, key=repr)
            return
    pytest.fail(f"more than {STEPS} steps")


def test_what_a_cut_left_behind_is_wiped_at_the_next_start(tmp_path: Path) -> None:
    """Drafts, and files that never came into force."""
    folder = tmp_path / "columns"
    built(folder, [Row(1, month_begin_us(OCTOBER))])
    own = {path.name for path in folder.iterdir()}
    for name in (".202610-9.col.draft", "202610-8.col", "somebody's"):
        (folder / name).write_bytes(b"left")
    opened(folder)

    assert {path.name for path in folder.iterdir()} == own


def _month(row: Row) -> int:
    return max(month for month in MONTHS if month_begin_us(month) <= row.start_us)
