"""The columns of a tenant: brought forward they are what they would be made anew."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.disk.files import LocalDisk
from archive.locate.columns import store as stores
from archive.locate.columns.errors import (
    ColumnsForeign,
    ColumnsMissing,
    ColumnsOtherForm,
    ColumnsRefused,
    ColumnsStale,
    ColumnsTorn,
)
from archive.locate.columns.manifest import MANIFEST, Manifest, Place
from archive.locate.columns.source import month_begin_us
from archive.locate.columns.store import ColumnStore
from tests.archive.locate.columns.examples import (
    IDENTITY,
    MONTHS,
    OCTOBER,
    Model,
    Row,
    built,
    changes,
    kept,
    luck,
    opened,
    rows_of,
    source,
)

ROW = Row(1, month_begin_us(OCTOBER), number=b"12", group='{"q":["sales"]}')


@pytest.mark.parametrize("seed", range(12))
def test_brought_forward_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Adopted, corrected, destroyed in any order; beside it a plain dictionary of rows."""
    monkeypatch.setattr(stores, "TAIL_ROWS", 8)  # tail and month are made one now and then
    by, model = luck(seed), Model()
    model.change(by)
    store = built(tmp_path / "columns", [row for rows in model.rows.values() for row in rows])
    for sequence in range(1, 40):
        store.apply(changes(sequence, *model.change(by)))
        store.tidy()
        if by.random() < 0.2:
            store = opened(tmp_path / "columns")
        assert rows_of(store.files) == model.all()
        assert store.manifest.sequence == sequence


def test_a_change_applied_twice_is_applied_once(tmp_path: Path) -> None:
    """Whoever was cut off begins again."""
    store = built(tmp_path / "columns", [ROW])
    other = Row(2, ROW.start_us + 5_000)
    for _ in range(2):
        store.apply(changes(1, [1, 2], [replace(ROW, number=b"34"), other]))

    assert rows_of(store.files) == sorted([kept(replace(ROW, number=b"34")), other], key=repr)


def test_a_recording_that_moves_to_another_month_is_in_it_alone(tmp_path: Path) -> None:
    """A clock may be corrected."""
    store = built(tmp_path / "columns", [ROW])
    moved = replace(ROW, start_us=month_begin_us(202609))
    store.apply(changes(1, [1], [moved]))

    assert rows_of(store.files) == [moved]


def test_months_that_are_to_be_made_are_known_after_a_start(tmp_path: Path) -> None:
    """Half of the months is not an answer, and says so; changes meanwhile are not lost."""
    ColumnStore.create(tmp_path / "columns", IDENTITY, Place(0, 0), MONTHS, LocalDisk())
    store = opened(tmp_path / "columns")
    assert set(store.refused) == set(MONTHS)
    store.replace_month(OCTOBER, source([ROW]), 0)
    store.apply(changes(1, [2], [Row(2, month_begin_us(MONTHS[0]))]))

    assert set(opened(tmp_path / "columns").refused) == set(MONTHS) - {OCTOBER}
    store.replace_month(MONTHS[0], source([Row(2, month_begin_us(MONTHS[0]))]), 1)
    assert [row.recording for row in rows_of(opened(tmp_path / "columns").files)] == [1, 2]


def test_a_month_that_is_torn_is_made_anew_alone(tmp_path: Path) -> None:
    """The others answer meanwhile; nothing of the torn one is left to be found."""
    september = Row(2, month_begin_us(202609), number=b"56")
    store = built(tmp_path / "columns", [ROW, september])
    torn = store.files[0].path
    torn.write_bytes(torn.read_bytes()[:-9])
    store = opened(tmp_path / "columns")

    assert isinstance(store.refused[OCTOBER], ColumnsTorn)
    assert rows_of(store.files) == [september]
    assert not torn.exists()
    store.replace_month(OCTOBER, source([ROW]), 0)
    assert rows_of(store.files) == [ROW, september]
    assert store.refused == {}


def test_a_file_from_a_copy_of_before_is_stale(tmp_path: Path) -> None:
    """Somebody restores a folder: what was erased in between would be back."""
    store = built(tmp_path / "columns", [ROW, replace(ROW, recording=2)])
    path = store.files[0].path
    before = path.read_bytes()
    store.apply(changes(1, [2], []))
    path.write_bytes(before)

    assert isinstance(opened(tmp_path / "columns").refused[OCTOBER], ColumnsStale)


def test_a_file_that_is_gone_is_missing(tmp_path: Path) -> None:
    """It is not taken for an empty month."""
    store = built(tmp_path / "columns", [ROW])
    store.files[0].path.unlink()

    assert isinstance(opened(tmp_path / "columns").refused[OCTOBER], ColumnsMissing)


def test_columns_that_changes_do_not_lead_on_from_are_stale(tmp_path: Path) -> None:
    """Changes were trimmed since; or a catalog of before was restored."""
    built(tmp_path / "columns", [ROW]).apply(changes(1, [1], [ROW]))
    asked: list[Place] = []
    with pytest.raises(ColumnsStale):
        ColumnStore.open(
            tmp_path / "columns", IDENTITY, lambda place: bool(asked.append(place)), LocalDisk()
        )

    assert asked == [Place(1, 0)]


def test_columns_of_another_catalog_are_foreign(tmp_path: Path) -> None:
    """A rebuild numbers the rows anew."""
    built(tmp_path / "columns", [ROW])
    other = replace(IDENTITY, catalog=bytes(16))
    with pytest.raises(ColumnsForeign):
        ColumnStore.open(tmp_path / "columns", other, lambda _: True, LocalDisk())


def test_a_manifest_cut_or_changed_anywhere_is_refused(tmp_path: Path) -> None:
    """With it go all months: they are derived."""
    store = built(tmp_path / "columns", [ROW])
    whole = store.manifest.encode()
    assert Manifest.decode(whole) == store.manifest
    for size in range(len(whole)):
        with pytest.raises(ColumnsTorn):
            Manifest.decode(whole[:size])
    for at in range(len(whole)):
        with pytest.raises(ColumnsRefused):
            Manifest.decode(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
    with pytest.raises(ColumnsOtherForm):
        Manifest.decode(whole.replace(b"columns 2", b"columns 9"))
    (tmp_path / "columns" / MANIFEST).unlink()
    with pytest.raises(ColumnsTorn):
        opened(tmp_path / "columns")
