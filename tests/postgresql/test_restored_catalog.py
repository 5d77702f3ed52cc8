"""A catalog that PostgreSQL restored from a dump: columns of what is lost are not believed."""

import subprocess
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.locate.column_keeper import ColumnsNotReady
from archive.catalog.database.engine import open_engine
from tests.archive.catalog import examples
from tests.archive.catalog.examples import adopt, adoption, inbound, new_catalog
from tests.postgresql.cluster import programs
from tests.support.locate.kept_columns import expected, keeper, made, rows_in

pytestmark = pytest.mark.postgresql


def _run(program: str, engine: Engine, *arguments: str | Path) -> None:
    """PostgreSQL's own, on the database of a catalog."""
    binaries = programs()
    assert binaries is not None
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    subprocess.run([binaries / program, "-d", url, *arguments], check=True)


def test_a_restored_catalog_that_went_on_otherwise_has_its_own_columns(tmp_path: Path) -> None:
    """It has the same identity, and as many changes by now: of other calls in the same rows."""
    engine, dumped = new_catalog(tmp_path), tmp_path / "dumped"
    adopt(engine, adoption(1))
    made(keeper(engine, tmp_path))
    _run("pg_dump", engine, "-Fc", "-f", dumped)
    adopt(engine, adoption(2), adoption(3))
    made(keeper(engine, tmp_path))
    other = open_engine(examples.SERVERS[-1].new_database())
    _run("pg_restore", other, "--no-owner", dumped)
    customer = "sip:+81355554444@carrier.example"
    adopt(other, *(adoption(number, inbound(customer=customer)) for number in (4, 5, 6)))
    columns = keeper(other, tmp_path)
    with pytest.raises(ColumnsNotReady):
        rows_in(columns)

    assert rows_in(made(columns)) == expected(other) != expected(engine)
