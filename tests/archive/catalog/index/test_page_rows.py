"""A ledger page becomes rows of its own tables, however its parts come."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import select, update

from archive.call.adoption import Adoption
from archive.call.events import CallEnded
from archive.catalog.database.engine import reading, writing
from archive.catalog.index.writer import CatalogWriter, PartContradicted
from archive.catalog.tables.catalog import ledger_page, recording, refused_call
from tests.archive.catalog.examples import (
    NOW_US,
    STARTED_US,
    adopt,
    adoption,
    inbound,
    index_dump,
    new_catalog,
)
from tests.archive.catalog.rebuilding import rebuild
from tests.support.catalog.ledger import page, refused, rows

WHOLE = page(1, refused(1), refused(2))


def cut_off() -> Adoption:
    """What a killed worker left of the page before anything of it was on disk."""
    nothing = replace(WHOLE, events=(), end_reason="recovered", is_last=False, sha256=b"c" * 32)
    return replace(nothing, path="cut", map_path="cut.rkm")


def in_second_part() -> Adoption:
    """The same page, written once more by the worker's successor."""
    return replace(WHOLE, part_name=replace(WHOLE.part_name, part=1), path="second")


def test_a_page_is_no_row_of_recording_and_has_no_conversation(tmp_path: Path) -> None:
    """No query has to remember that."""
    engine = new_catalog(tmp_path)
    adopt(engine, WHOLE)
    dump = index_dump(engine)

    assert [(name, len(found)) for name, found in dump.items() if found] == [
        ("refused_call", 2),
        ("ledger_page", 1),
    ]


@pytest.mark.parametrize("order", list(permutations((cut_off(), in_second_part()))))
def test_a_part_that_says_nothing_is_of_the_page_that_its_other_parts_are_of(
    tmp_path: Path, order: tuple[Adoption, ...]
) -> None:
    """Adopted first it looks like a recording; in which order parts come nobody decides."""
    engine = new_catalog(tmp_path)
    adopt(engine, *order)
    there = {name: len(found) for name, found in index_dump(engine).items() if found}
    rebuild(engine, order)

    assert there == {"refused_call": 2, "ledger_page": 2}
    assert {name: len(found) for name, found in index_dump(engine).items() if found} == there
    assert len(rows(engine)) == 2


def test_a_page_that_is_adopted_again_changes_nothing_and_may_not_differ(tmp_path: Path) -> None:
    """A keeper that was cut off does it again; other bytes under its name are no such thing."""
    engine = new_catalog(tmp_path)
    adopt(engine, WHOLE, WHOLE)

    assert len(rows(engine)) == 2
    with pytest.raises(PartContradicted):
        adopt(engine, replace(WHOLE, sha256=b"o" * 32))


def test_a_call_that_two_parts_tell_of_is_one_row(tmp_path: Path) -> None:
    """Parts repeat what came before them."""
    engine = new_catalog(tmp_path)
    adopt(engine, replace(WHOLE, is_last=False), in_second_part())

    assert len(rows(engine)) == 2


def test_rows_of_an_older_form_are_made_anew_from_their_events(tmp_path: Path) -> None:
    """Without a key: the file stays closed."""
    engine = new_catalog(tmp_path)
    adopt(engine, WHOLE, adoption(5))
    before = rows(engine)
    with writing(engine) as connection:
        connection.execute(update(refused_call).values(reason="older", started_us=STARTED_US))
        connection.execute(update(ledger_page).values(derived=0))
        connection.execute(update(recording).values(derived=0))
    writer = CatalogWriter(engine, lambda: NOW_US)

    assert [writer.derive(1), writer.derive(5), writer.derive(5)] == [1, 1, 0]
    assert rows(engine) == before
    with reading(engine) as connection:
        assert 0 not in connection.scalars(select(ledger_page.c.derived)).all()


def test_a_recording_that_ends_at_once_is_still_a_recording(tmp_path: Path) -> None:
    """Only what tells of calls without one is a page."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, (CallEnded(at_us=STARTED_US, reason="recovered"),)))

    assert len(index_dump(engine)["recording"]) == 1


def test_a_recording_with_a_refusal_in_it_is_a_recording(tmp_path: Path) -> None:
    """What has opened has audio; it is not to vanish from what people find."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, (*inbound(), refused(1))))

    assert {name for name, found in index_dump(engine).items() if found} >= {"recording", "leg"}
    assert index_dump(engine)["ledger_page"] == []
