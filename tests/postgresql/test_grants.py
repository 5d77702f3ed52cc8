"""What each part may write on a server, where it has a login of its own."""

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("psycopg", reason="the driver comes with `make postgresql`")

from sqlalchemy import Engine, insert, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from archive.catalog.database.engine import open_engine, reading, writing
from archive.catalog.database.schema_revision import HEAD, present_revision
from archive.catalog.destruction.planned_recordings import drop_rest
from archive.catalog.destruction.plans import (
    PlanContent,
    append_plan,
    end_plan,
    note_begun,
    note_work,
)
from archive.catalog.destruction.tombstone_counts import counted_tombstones, dispute
from archive.catalog.destruction.tombstones import place_bare
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.journal.sealed_rows import SEALED
from archive.catalog.migrate import upgrade
from archive.catalog.register.legal_holds import note_keys
from archive.catalog.tables.catalog import hold, row_seal, tenant
from archive.ids import PlanId
from archive.lifecycle.tombstone import digest_of
from tests.api.destruction.scene import Installation, installed
from tests.archive.catalog.examples import adoption, author, new_catalog
from tests.support.catalog.later_version import later_version

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


def may(engine: Engine, table: str) -> str:
    """What the server says that a login may do to a table: the first letter of each verb."""
    verbs = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
    asked = ", ".join(f"has_table_privilege('{table}', '{verb}')" for verb in verbs)
    with reading(engine) as connection:
        said = connection.execute(text(f"SELECT {asked}")).one()
    return "".join(verb[0] for verb, has in zip(verbs, said, strict=True) if has)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("table", ["hold", "case_measure", "retention_event", "proposal_recording"])
def test_no_part_but_the_api_writes_what_keeps_a_recording(
    tmp_path: Path, table: str, part: str
) -> None:
    """Who was taken over takes no hold and no freeze away, and tells no event of retention."""
    own = granted(new_catalog(tmp_path))

    assert may(own[part], table) == ""
    for engine in own.values():
        engine.dispose()


def test_the_keeper_says_of_nothing_that_it_was_destroyed(tmp_path: Path) -> None:
    """Nor of what two persons did not believe that they did."""
    own = granted(new_catalog(tmp_path))
    tables = ("planned_recording", "tombstone", "tombstone_count", "disputed_tombstone")

    assert {may(own["keeper"], each) for each in tables} == {""}
    assert [may(own["retention"], each) for each in tables] == ["U", "I", "IU", "D"]
    for engine in own.values():
        engine.dispose()


async def test_a_run_goes_through_with_the_runners_own_login(tmp_path: Path) -> None:
    """The keeper archives with its own, and a tombstone that was disputed is settled, too."""
    async with installed(tmp_path) as it:
        own = granted(it.it.engine)
        it.archive(2, register=CatalogWriter(own["keeper"], lambda: 1))
        plan = await it.applied()
        dispute_first(it)
        runner = it.runner(replace(it.sweep(), engine=own["retention"]))
        runner.round()
        stages = {each.stage for each in it.lines(plan.stored.number)}
        with reading(it.it.engine) as connection:
            counted = counted_tombstones(connection).members
        for engine in own.values():
            engine.dispose()

    assert (stages, counted) == ({"gone"}, 2)


def dispute_first(it: Installation) -> None:
    """Somebody said once that the first recording was destroyed, and two persons did not."""
    with writing(it.it.engine) as connection:
        digest = digest_of(it.recordings[0])
        place_bare(connection, 1, digest, 1, 1)
        dispute(connection, [digest])


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
    with writing(own["keeper"]) as connection:
        note_keys(connection, 1, 2)
    for column in ("released_us", "cancelled_us", "scope"):
        with pytest.raises(ProgrammingError), writing(own["keeper"]) as connection:
            connection.execute(update(hold).values({column: None}))
    for column in ("approved_us", "stopped_us", "keys_ended_us", "handed_us"):
        changed = f"UPDATE destruction_plan SET {column} = 1"  # noqa: S608  # ours
        with pytest.raises(ProgrammingError), writing(own["retention"]) as connection:
            connection.exec_driver_sql(changed)
    with reading(owner) as connection:
        assert connection.scalar(text("SELECT count(*) FROM part")) == 1
        assert connection.scalar(tenant.select()) is not None
    for engine in own.values():
        engine.dispose()


def test_a_step_of_the_schema_is_the_owners(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keeper with a login of its own changes no table; it writes the new ones once granted."""
    owner = new_catalog(tmp_path)
    own = granted(owner)
    CatalogWriter(own["keeper"], lambda: 1).commit([adoption(1)])
    later_version(tmp_path, monkeypatch)
    with pytest.raises(ProgrammingError, match="42501"):
        upgrade(own["keeper"].url.render_as_string(hide_password=False))
    assert present_revision(owner.url.render_as_string(hide_password=False)) == HEAD

    upgrade(owner.url.render_as_string(hide_password=False))

    assert may(own["keeper"], "made_up") == ""
    granted(owner)
    assert may(own["keeper"], "made_up") == "IUD"
    for engine in own.values():
        engine.dispose()
