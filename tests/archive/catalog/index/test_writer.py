"""Adopted parts become rows: all or nothing, once."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from archive.catalog.database.database_errors import is_away
from archive.catalog.database.engine import reading, writing
from archive.catalog.database.schema_revision import CatalogOutdated
from archive.catalog.index.writer import CatalogWriter, PartContradicted
from tests.archive.catalog.examples import (
    NOW_US,
    adopt,
    adoption,
    index_dump,
    new_catalog,
    recording_id,
)
from tests.told import all_told

# Past the commit of an ordinary call: this cut comes too late.
LAST_CUT = 57


def test_an_adoption_is_one_entry_in_the_journal(tmp_path: Path) -> None:
    """It says which bytes were taken into the archive, and when."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption())

    with reading(engine) as connection:
        (found,) = all_told(connection)

    assert (found.entry.action, found.entry.actor) == ("adopted", "keeper")
    assert (found.entry.at_us, found.entry.target) == (NOW_US, str(recording_id()))
    assert found.entry.detail["sha256"] == adoption().sha256.hex()


@pytest.mark.both
def test_adopting_again_changes_nothing(tmp_path: Path) -> None:
    """The keeper repeats whatever it cannot be sure of after a crash."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption())
    once = index_dump(engine)

    adopt(engine, adoption(), adoption())

    assert index_dump(engine) == once
    with reading(engine) as connection:
        assert len(all_told(connection)) == 1


@pytest.mark.both
def test_a_keeper_of_before_writes_nothing_to_a_newer_catalog(tmp_path: Path) -> None:
    """An upgrade goes on beside it: what it wrote the new version would misread."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption())
    before = index_dump(engine)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(CatalogOutdated, match="9999") as refused:
        adopt(engine, adoption(2))
    with pytest.raises(CatalogOutdated):
        CatalogWriter(engine, lambda: NOW_US).try_again()

    assert is_away(refused.value), "for every part alike, so that none is told as an odd one"
    assert index_dump(engine) == before


def test_other_bytes_under_the_same_name_are_refused(tmp_path: Path) -> None:
    """Evidence is not replaced; a rewrite has a generation of its own."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption())

    with pytest.raises(PartContradicted):
        adopt(engine, replace(adoption(), sha256=bytes(32)))


@pytest.mark.parametrize("statement", range(LAST_CUT + 1))
def test_power_lost_at_any_statement_leaves_all_or_nothing(tmp_path: Path, statement: int) -> None:
    """Rows without an entry would be a call that nobody adopted."""
    engine = new_catalog(tmp_path)
    left = [statement]

    def power_cut(*_args: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise SQLAlchemyError("power cut")

    event.listen(engine, "before_cursor_execute", power_cut)
    event.listen(engine, "commit", power_cut)
    try:
        adopt(engine, adoption())
        cut = False
    except SQLAlchemyError:
        cut = True
    left[0] = 1_000

    assert statement < LAST_CUT or not cut
    with reading(engine) as connection:
        journalled = len(all_told(connection))
    assert journalled == len(index_dump(engine)["recording"]) == (0 if cut else 1)
