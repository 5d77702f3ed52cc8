"""The table of agents and what an import does to calls that are already there."""

from pathlib import Path

import pytest

from archive.access.query import AgentClue
from archive.agent_table import AgentTableRefused
from archive.catalog.database.engine import reading
from archive.catalog.index.agents import AgentImport, agents_in_force, import_agents
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    OTHER_TENANT,
    TOKYO,
    access,
    adopt,
    adoption,
    index_dump,
    new_catalog,
)
from tests.support.catalog.search import found
from tests.told import all_told

CORRECTED = AGENTS_CSV.replace("田中 真由", "棚加 真弓").replace("中田,2001", ",2001")


def test_a_late_import_finds_the_agents_of_old_calls(tmp_path: Path) -> None:
    """The table often comes weeks after the first recording."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption())
    assert found(engine, AgentClue("田中")) == []

    done = import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())

    assert done == AgentImport(added=3, ended=0, unchanged=0, legs=1)
    assert len(found(engine, AgentClue("田中"))) == 1


def test_a_correction_replaces_what_was_wrong(tmp_path: Path) -> None:
    """Old calls are found under the right name, and no longer under the wrong one."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption())
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())

    done = import_agents(engine, CORRECTED.encode(), TOKYO, access())

    assert done == AgentImport(added=1, ended=1, unchanged=2, legs=1)
    assert len(found(engine, AgentClue("棚加"))) == 1
    assert found(engine, AgentClue("田中")) == []


def test_who_changes_the_team_is_of_the_new_one_from_the_next_import_on(tmp_path: Path) -> None:
    """A row of the table is replaced by another one, which takes its calls."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption())
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())
    head, *rows = AGENTS_CSV.splitlines()
    teams = "\n".join([f"{head},team", *(f"{row},Red" for row in rows)])

    done = import_agents(engine, teams.encode(), TOKYO, access())

    assert done == AgentImport(added=3, ended=3, unchanged=0, legs=1)
    with reading(engine) as connection:
        assert {each.team for each in agents_in_force(connection, DEFAULT_TENANT)} == {"Red"}
    assert len(found(engine, AgentClue("田中"))) == 1


def test_a_row_that_is_gone_leaves_its_calls_to_nobody(tmp_path: Path) -> None:
    """The table is taken over whole: what it no longer says is no longer so."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption())
    before = index_dump(engine)
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())

    import_agents(engine, AGENTS_CSV.splitlines()[0].encode(), TOKYO, access())

    assert index_dump(engine) == before
    with reading(engine) as connection:
        assert agents_in_force(connection, DEFAULT_TENANT) == ()


def test_a_call_that_comes_later_is_not_given_to_a_row_that_is_gone(tmp_path: Path) -> None:
    """Rows that are no longer in force are kept, but only as history."""
    engine = new_catalog(tmp_path)
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())
    import_agents(engine, AGENTS_CSV.splitlines()[0].encode(), TOKYO, access())

    adopt(engine, adoption())

    assert found(engine, AgentClue("田中")) == []


def test_the_order_of_import_and_adoption_does_not_matter(tmp_path: Path) -> None:
    """The index is derived from both, however they came."""
    dumps = []
    for name in ("import first", "adopt first"):
        folder = tmp_path / name
        folder.mkdir()
        engine = new_catalog(folder)
        if name == "adopt first":
            adopt(engine, adoption())
        import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())
        if name == "import first":
            adopt(engine, adoption())
        dumps.append(index_dump(engine))

    assert dumps[0] == dumps[1]
    assert "A17" in repr(dumps[0]["leg"])


def test_importing_the_same_table_again_changes_nothing(tmp_path: Path) -> None:
    """Every night a job brings the whole table."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption())
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())
    before = index_dump(engine)

    done = import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())

    assert done == AgentImport(added=0, ended=0, unchanged=3, legs=0)
    assert index_dump(engine) == before


def test_a_tenants_table_is_its_own(tmp_path: Path) -> None:
    """Extension 2001 exists in every office."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption())
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access(OTHER_TENANT))

    assert found(engine, AgentClue("田中")) == []


def test_a_table_that_is_refused_changes_nothing(tmp_path: Path) -> None:
    """Not one row of it, and no line in the journal."""
    engine = new_catalog(tmp_path)
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())

    with pytest.raises(AgentTableRefused):
        import_agents(engine, AGENTS_CSV.encode() + b"A20,x,,,,2002,,\n", TOKYO, access())

    with reading(engine) as connection:
        assert len(agents_in_force(connection, DEFAULT_TENANT)) == 3
        assert len(all_told(connection)) == 1


def test_an_import_is_journalled_with_what_it_changed(tmp_path: Path) -> None:
    """It changes whose calls are found; who did it, and from which file?"""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption())
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())

    with reading(engine) as connection:
        entry = all_told(connection)[-1].entry

    assert (entry.action, entry.actor) == ("agents_imported", "yamada")
    assert entry.detail["added"] == 3
    assert entry.detail["legs"] == 1
    assert len(str(entry.detail["sha256"])) == 64
