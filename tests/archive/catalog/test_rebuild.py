"""The index from nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.adoption import Adoption
from archive.catalog.agents import import_agents
from archive.catalog.engine import reading
from archive.catalog.rebuild import Rebuilt, rebuild
from archive.errors import SegmentDamaged
from archive.ids import DEFAULT_TENANT
from archive.journal import entries
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    LOST_ONE,
    OTHER_TENANT,
    TOKYO,
    access,
    adopt,
    adoption,
    index_dump,
    new_catalog,
)

PARTS = [
    adoption(1),
    adoption(2, part=0, is_last=False),
    replace(adoption(2, part=1), lost=LOST_ONE, end_reason="recovered"),
    adoption(1, tenant=OTHER_TENANT),
]


def test_a_rebuild_gives_the_rows_that_were_there(tmp_path: Path) -> None:
    """The index holds nothing of its own; the archive alone is enough, in any order, repeated."""
    engine = new_catalog(tmp_path)
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())
    adopt(engine, *PARTS)
    before = index_dump(engine)

    rebuilt = rebuild(engine, [*reversed(PARTS), *PARTS])

    assert rebuilt == Rebuilt(len(PARTS), ())
    assert index_dump(engine) == before
    assert "A17" in repr(before["leg"])


def test_a_rebuild_forgets_what_is_not_in_the_archive(tmp_path: Path) -> None:
    """It is a replay, not a merge."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)

    rebuild(engine, PARTS[:1])

    assert len(index_dump(engine)["recording"]) == 1


def test_a_rebuild_does_not_touch_the_register(tmp_path: Path) -> None:
    """The journal tells what happened to the archive, not what happened to an index."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    with reading(engine) as connection:
        before = entries(connection, DEFAULT_TENANT)

    rebuild(engine, PARTS)

    with reading(engine) as connection:
        assert entries(connection, DEFAULT_TENANT) == before


def test_a_part_that_the_database_refuses_falls_out_of_a_rebuild_alone(tmp_path: Path) -> None:
    """Nobody could rebuild anything for one odd call; it is told of by name."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    refused = replace(adoption(7), segments=None)  # type: ignore[arg-type]  # what no column takes

    rebuilt = rebuild(engine, [*PARTS[:2], refused, *PARTS[2:]])

    assert rebuilt.parts == len(PARTS)
    ((name, said),) = rebuilt.refused
    assert name == refused.part_name
    assert "null" in said.lower()


def test_a_rebuild_that_meets_damage_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    """Half an index would hide calls that are there."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    before = index_dump(engine)

    def damaged() -> Iterator[Adoption]:
        yield PARTS[0]
        raise SegmentDamaged(3)

    with pytest.raises(SegmentDamaged):
        rebuild(engine, damaged())

    assert index_dump(engine) == before
