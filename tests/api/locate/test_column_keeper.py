"""The columns of a process: what is adopted, corrected, imported or removed is in them at once."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.locate.column_keeper import ColumnsNotReady
from archive.call.corrections import NumberCorrected, QueueCorrected
from archive.catalog.database.engine import catalog_url, open_engine, writing
from archive.catalog.index.agents import import_agents
from archive.catalog.locating import changes
from archive.catalog.locating.copies import SILENT_US
from archive.catalog.locating.identity import draw_identity
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    MINUTE_US,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
)
from tests.archive.locate.columns.examples import bytes_below
from tests.crash.crashing import CrashingDisk, Fuse, PowerCut
from tests.support.catalog.amendment import OF_CUSTOMER, amend
from tests.support.locate.kept_columns import Clock, behind, expected, keeper, made, remove, rows_in

MONTH_US = 31 * 24 * 60 * MINUTE_US
GONE = "sip:+81355554444@carrier.example"
GONE_DIGITS = b"444455553"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return new_catalog(tmp_path)


def test_what_happens_is_in_when_somebody_asks(engine: Engine, tmp_path: Path) -> None:
    """Adopted, corrected, imported, removed: without a round in between."""
    adopt(engine, adoption(1), adoption(2, inbound(STARTED_US - MONTH_US)))
    columns = made(keeper(engine, tmp_path))
    assert rows_in(columns) == expected(engine)

    adopt(engine, adoption(3, inbound(STARTED_US + MONTH_US)))
    assert rows_in(columns) == expected(engine)
    amend(engine, NumberCorrected(whom=OF_CUSTOMER, number="0398765432"))
    assert rows_in(columns) == expected(engine)
    amend(engine, QueueCorrected(queue="sales"))
    assert rows_in(columns) == expected(engine)
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())
    assert rows_in(columns) == expected(engine)
    remove(engine, 1)
    assert rows_in(columns) == expected(engine) != []


def test_a_catalog_without_calls_has_columns_without_rows(engine: Engine, tmp_path: Path) -> None:
    """And goes on with the first."""
    columns = made(keeper(engine, tmp_path))
    assert rows_in(columns) == []
    adopt(engine, adoption(1))

    assert rows_in(made(columns)) == expected(engine) != []


def test_who_asks_while_they_are_made_hears_how_far(engine: Engine, tmp_path: Path) -> None:
    """Newest month first; half of the months is no answer."""
    adopt(engine, adoption(1), adoption(2, inbound(STARTED_US - MONTH_US)))
    columns = keeper(engine, tmp_path)
    with pytest.raises(ColumnsNotReady) as first:
        rows_in(columns)
    assert columns.step()
    with pytest.raises(ColumnsNotReady) as second:
        rows_in(columns)
    assert not columns.step()

    assert [(each.value.made, each.value.months) for each in (first, second)] == [(0, 2), (1, 2)]
    assert rows_in(columns) == expected(engine)


def test_a_start_goes_on_with_what_lies_there(engine: Engine, tmp_path: Path) -> None:
    """No month is made again."""
    adopt(engine, adoption(1))
    made(keeper(engine, tmp_path))
    before = {path.name for path in (tmp_path / "columns").glob("*.col")}
    adopt(engine, adoption(2, inbound(STARTED_US + MONTH_US)))

    assert rows_in(keeper(engine, tmp_path)) == expected(engine)
    assert before < {path.name for path in (tmp_path / "columns").glob("*.col")}


def test_changes_that_are_gone_make_all_anew(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As does another index, whose rows have other numbers."""
    monkeypatch.setattr(changes, "KEPT", 2)
    monkeypatch.setattr(changes, "_TRIMMED_EVERY", 1)
    adopt(engine, adoption(1))
    columns = made(keeper(engine, tmp_path))
    adopt(engine, *(adoption(n) for n in range(2, 9)))
    with pytest.raises(ColumnsNotReady):
        rows_in(columns)
    assert rows_in(made(columns)) == expected(engine)

    with writing(engine) as connection:
        draw_identity(connection)
    with pytest.raises(ColumnsNotReady):
        rows_in(columns)
    assert rows_in(made(columns)) == expected(engine)


@pytest.mark.sqlite
def test_a_catalog_put_back_that_went_on_otherwise_has_its_own_columns(tmp_path: Path) -> None:
    """By hand, so that no other identity was drawn; it has as many changes by now, of others."""
    engine, restored = new_catalog(tmp_path), tmp_path / "restored.db"
    adopt(engine, adoption(1))
    made(keeper(engine, tmp_path))
    engine.dispose()  # folds the log in
    shutil.copy(tmp_path / "catalog.db", restored)
    adopt(engine, adoption(2), adoption(3))
    made(keeper(engine, tmp_path))
    other = open_engine(catalog_url(restored))
    adopt(other, *(adoption(number, inbound(customer=GONE)) for number in (4, 5, 6)))
    columns = keeper(other, tmp_path)
    with pytest.raises(ColumnsNotReady):
        rows_in(columns)

    assert rows_in(made(columns)) == expected(other) != expected(engine)


def test_a_torn_month_is_made_anew_at_the_start(engine: Engine, tmp_path: Path) -> None:
    """And nobody is answered without it."""
    adopt(engine, adoption(1))
    made(keeper(engine, tmp_path))
    (file,) = (tmp_path / "columns").glob("*.col")
    file.write_bytes(file.read_bytes()[:-1])
    columns = keeper(engine, tmp_path)
    with pytest.raises(ColumnsNotReady):
        rows_in(columns)

    assert rows_in(made(columns)) == expected(engine)


def test_a_copy_says_when_it_has_passed_a_destruction(engine: Engine, tmp_path: Path) -> None:
    """And then no byte of it is left in its folder."""
    adopt(engine, adoption(1, inbound(customer=GONE)), adoption(2))
    columns = made(keeper(engine, tmp_path))
    assert GONE_DIGITS in bytes_below(tmp_path / "columns")
    change = remove(engine, 1)
    assert behind(engine, change) == 1
    columns.step()

    assert behind(engine, change) == 0
    assert GONE_DIGITS not in bytes_below(tmp_path / "columns")


def test_a_copy_that_is_silent_is_dropped_and_begins_anew(engine: Engine, tmp_path: Path) -> None:
    """Whoever wakes up answers nothing from what he has; nor who is started."""
    clock = Clock()
    adopt(engine, adoption(1, inbound(customer=GONE)), adoption(2))
    columns = made(keeper(engine, tmp_path, clock))
    change = remove(engine, 1)
    clock.now_us += SILENT_US + MINUTE_US
    assert behind(engine, change, clock.now_us) == 0
    with pytest.raises(ColumnsNotReady):
        rows_in(columns)
    again = keeper(engine, tmp_path, clock)
    with pytest.raises(ColumnsNotReady):
        rows_in(again)

    assert GONE_DIGITS not in bytes_below(tmp_path / "columns")
    assert rows_in(made(again)) == expected(engine)


def test_cut_off_anywhere_nothing_is_left_once_it_is_said(engine: Engine, tmp_path: Path) -> None:
    """Killed before each step on the disk, then started again: said only when it is so."""
    adopt(engine, adoption(1, inbound(customer=GONE)), adoption(2))
    made(keeper(engine, tmp_path))
    change = remove(engine, 1)
    for calls in range(60):
        columns = keeper(engine, tmp_path)
        columns.disk = CrashingDisk(Fuse(calls))
        try:
            while columns.step():
                _said_only_when_so(engine, tmp_path, change)
        except PowerCut:
            _said_only_when_so(engine, tmp_path, change)
            continue
        _said_only_when_so(engine, tmp_path, change)
        assert behind(engine, change) == 0
        break
    else:
        pytest.fail("it never came to its end")
    assert rows_in(made(keeper(engine, tmp_path))) == expected(engine)


def _said_only_when_so(engine: Engine, folder: Path, change: int) -> None:
    if not behind(engine, change):
        assert GONE_DIGITS not in bytes_below(folder / "columns")
