"""What each part may write on a server, where it has a login of its own."""

from pathlib import Path

import pytest

pytest.importorskip("psycopg", reason="the driver comes with `make postgresql`")

from sqlalchemy import Engine, insert, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from archive.catalog.destruction_plans import (
    PlanContent,
    append_plan,
    end_plan,
    note_begun,
    note_work,
)
from archive.catalog.engine import open_engine, reading, writing
from archive.catalog.planned_recordings import drop_rest
from archive.catalog.sealing import SEALED
from archive.catalog.tables import row_seal, tenant
from archive.catalog.writer import CatalogWriter
from archive.ids import PlanId
from tests.archive.catalog.examples import adoption, author, new_catalog

pytestmark = pytest.mark.postgresql

GRANTS = Path(__file__).parents[2] / "deploy" / "postgresql" / "grants.sql"
PARTS = ("keeper", "retention")


def granted(owner: Engine) -> dict[str, Engine]:
    """The same catalog as each part opens it."""
    statements = GRANTS.read_text()
    with writing(owner) as connection:
        for part in PARTS:
            name = f"rokuon_{part}"
            known = text("SELECT 1 FROM pg_roles WHERE rolname = :name")
            if connection.scalar(known, {"name": name}) is None:
                connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN")
            statements = statements.replace(f':"{part}"', name)
        connection.exec_driver_sql(statements)
    url = make_url(owner.url.render_as_string(hide_password=False))
    return {
        part: open_engine(url.set(username=f"rokuon_{part}").render_as_string()) for part in PARTS
    }


@pytest.mark.parametrize("part", PARTS)
def test_no_part_but_the_api_writes_what_is_sealed(tmp_path: Path, part: str) -> None:
    """Neither puts a row in, nor changes one, nor takes it out; it reads all of them."""
    owner = new_catalog(tmp_path)
    own = granted(owner)[part]
    for table in (*SEALED, row_seal):
        column = table.c.row
        for statement in (
            insert(table).values(row=1),
            update(table).values({column: column + 1}),
            table.delete(),
        ):
            with pytest.raises(ProgrammingError, match="42501"), writing(own) as connection:
                connection.execute(statement)
        with reading(own) as connection:
            connection.execute(table.select()).all()
    own.dispose()


def test_each_part_does_its_own_work(tmp_path: Path) -> None:
    """The keeper archives, the runner writes down what becomes of a plan, and no approval."""
    owner = new_catalog(tmp_path)
    own = granted(owner)
    CatalogWriter(own["keeper"], lambda: 1).commit([adoption(1)])
    content = PlanContent(
        id=PlanId(bytes(16)),
        sha256=bytes(32),
        decided_us=1,
        recordings=0,
        size_bytes=0,
        cooling_off_h=1,
    )
    with writing(owner) as connection:
        append_plan(connection, author(), content, [])
    with writing(own["retention"]) as connection:
        note_begun(connection, 1, 1)
        note_work(connection, 1, 2, "window")
        drop_rest(connection, 1, 1, "held")
        end_plan(connection, 1, 3, "done")
    for column in ("approved_us", "stopped_us", "keys_ended_us", "handed_us"):
        changed = f"UPDATE destruction_plan SET {column} = 1"  # noqa: S608  # ours
        with pytest.raises(ProgrammingError), writing(own["retention"]) as connection:
            connection.exec_driver_sql(changed)
    with reading(owner) as connection:
        assert connection.scalar(text("SELECT count(*) FROM part")) == 1
        assert connection.scalar(tenant.select()) is not None
    for engine in own.values():
        engine.dispose()
