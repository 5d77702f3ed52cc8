"""What legs are called: each set of names once, as long as anybody is called so."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, select, update

from archive.access.query import AgentClue, CustomerClue
from archive.catalog.database.engine import reading, writing
from archive.catalog.index.facts_rows import facts_of, leave_facts
from archive.catalog.index.outdated_rows import derive_stale
from archive.catalog.index.removal import remove_orphans, remove_recording
from archive.catalog.tables.catalog import leg_name, leg_naming, naming, naming_word, recording
from tests.archive.catalog.examples import (
    adopt,
    adoption,
    inbound,
    index_dump,
    new_catalog,
    recording_id,
)
from tests.archive.catalog.plans import listening, planner
from tests.archive.catalog.rebuilding import rebuild
from tests.support.catalog.names_before import names_of_before
from tests.support.catalog.packed import change_events
from tests.support.catalog.search import found

TANAKA = ("田中 真由", "Tanaka Mayu")
WORDS = ["mayu", "tanaka", "tanakamayu", "田中", "田中真由", "真由"]
YAMADA = ("山田 太郎",)


def catalog_of_three(folder: Path) -> Engine:
    """Two calls of one agent, one of another; nobody knows the customers' names."""
    engine = new_catalog(folder)
    for number, names in enumerate((TANAKA, TANAKA, YAMADA), start=1):
        adopt(engine, adoption(number, inbound(agent_names=names)))
    return engine


def words(connection: Connection) -> list[str]:
    return sorted(connection.scalars(select(naming_word.c.folded)))


def remove(engine: Engine, number: int) -> None:
    with writing(engine) as connection:
        own = select(recording.c.row).where(recording.c.id == recording_id(number).raw)
        remove_recording(connection, 1, connection.scalars(own).one())


@pytest.mark.both
def test_who_is_called_the_same_has_one_set_with_each_word_once(tmp_path: Path) -> None:
    """A hundred thousand calls of an agent need not say it in a million rows."""
    with reading(catalog_of_three(tmp_path)) as connection:
        assert words(connection) == sorted([*WORDS, "山田", "山田太郎", "太郎"])
        assert len(connection.scalars(select(naming.c.row)).all()) == 2
        first, second, third = connection.scalars(
            select(leg_naming.c.naming).order_by(leg_naming.c.recording)
        )
    assert first == second != third


@pytest.mark.both
def test_a_name_goes_with_the_last_call_of_who_bore_it(tmp_path: Path) -> None:
    """It may be all that was known of somebody; nobody else's goes with it."""
    engine = catalog_of_three(tmp_path)
    remove(engine, 1)
    with reading(engine) as connection:
        assert set(WORDS) < set(words(connection))

    remove(engine, 2)
    with reading(engine) as connection:
        assert words(connection) == sorted(["山田", "山田太郎", "太郎"])
        assert len(connection.scalars(select(naming.c.row)).all()) == 1


@pytest.mark.sqlite
def test_its_words_go_by_a_key(tmp_path: Path) -> None:
    """Each destruction may take a name away; a hundred thousand others bear other ones."""
    engine = catalog_of_three(tmp_path)
    with listening(engine) as heard:
        remove(engine, 3)
    words = [each for each in heard if each.sql.startswith("DELETE FROM naming_word")]
    with planner(tmp_path / "catalog.db") as database:
        (steps,) = [each.plan(database) for each in words]

    assert [step for step in steps if "naming_word_tenant_naming (tenant=? AND naming=?)" in step]


def test_a_name_goes_too_where_the_last_call_turns_out_to_be_of_another(tmp_path: Path) -> None:
    """What its rows are made of says something else now, after a correction, say."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, inbound(agent_names=("田中 真由",))))
    with writing(engine) as connection:
        was, becomes = ("田中 真由".encode(), "山田 太郎".encode())
        change_events(
            connection, lambda told: {at: one.replace(was, becomes) for at, one in told.items()}
        )
        anew(connection)

        assert words(connection) == ["太郎", "山田", "山田太郎"]
        assert len(connection.scalars(select(naming.c.row)).all()) == 1


def anew(connection: Connection) -> None:
    connection.execute(update(recording).values(derived=0))
    assert derive_stale(connection, 1, 9).count == 1


def test_sets_that_nobody_points_to_go_with_a_rebuild(tmp_path: Path) -> None:
    """Nothing that we do leaves any; whoever has the database may."""
    engine = catalog_of_three(tmp_path)
    before = index_dump(engine)
    with writing(engine) as connection:
        content = '[["Nobody",""]]'
        connection.execute(insert(naming).values(tenant=1, digest=b"x", content=content))
        connection.execute(insert(naming_word).values(tenant=1, naming=99, folded="nobody"))
    remove_orphans(engine)

    assert index_dump(engine) == before


def test_what_somebody_made_of_a_set_is_mended_by_a_rebuild(tmp_path: Path) -> None:
    """Also where recordings share it."""
    engine = catalog_of_three(tmp_path)
    before = index_dump(engine)
    with writing(engine) as connection:
        connection.execute(update(naming).values(content='[["Nobody",""]]'))
        connection.execute(update(naming_word).values(folded="nobody"))
    parts = [
        adoption(number, inbound(agent_names=names))
        for number, names in enumerate((TANAKA, TANAKA, YAMADA), start=1)
    ]
    rebuild(engine, parts)

    assert index_dump(engine) == before


@pytest.mark.both
def test_names_of_before_are_found_until_they_move_and_afterwards(tmp_path: Path) -> None:
    """An upgrade takes no time, and nobody is missed meanwhile."""
    engine = catalog_of_three(tmp_path)
    asked = (AgentClue("まゆ"), AgentClue("Tanaka"), AgentClue("田中 mayu"), CustomerClue("田中"))
    before, seen = index_dump(engine), [found(engine, each) for each in asked]
    assert [len(each) for each in seen] == [0, 2, 2, 0]
    with writing(engine) as connection:
        names_of_before(connection)
        connection.execute(update(recording).values(derived=0))
    assert [found(engine, each) for each in asked] == seen
    with writing(engine) as connection:
        derive_stale(connection, 1, 1)
    assert [found(engine, each) for each in asked] == seen
    with writing(engine) as connection:
        derive_stale(connection, 1, 9)

    assert [found(engine, each) for each in asked] == seen
    assert index_dump(engine) == before


def test_names_of_facts_move_as_they_are(tmp_path: Path) -> None:
    """Their audio is gone: there is nothing to derive them from."""
    engine, own = catalog_of_three(tmp_path), recording_id(1)
    with writing(engine) as connection:
        leave_facts(connection, 1, own)
        facts = facts_of(connection, 1, [own])
        names_of_before(connection)
        assert facts_of(connection, 1, [own]) == facts
        connection.execute(update(recording).values(derived=0))
        derive_stale(connection, 1, 9)

        assert facts_of(connection, 1, [own]) == facts
        assert connection.scalars(select(leg_name.c.row)).all() == []
