"""What is left when everything else of a recording is gone."""

from pathlib import Path

from archive.access.reach import EVERYWHERE, ReachRule
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.planned_recordings import (
    intend,
    next_planned,
    note_keyless,
    under_way,
)
from archive.catalog.destruction.tombstones import find_tombstone
from archive.catalog.index.erasure import erase_recordings
from archive.catalog.index.intentions import intentions_of
from archive.ids import ConversationId
from tests.archive.catalog.examples import adopt, adoption, index_dump, new_catalog, recording_id
from tests.support.catalog.destruction_plans import append, line


def test_a_tombstone_is_found_by_both_ids_within_the_reach_and_the_index_is_empty(
    tmp_path: Path,
) -> None:
    """Of the recording and of its call; a reach by numbers finds none: nobody knows them."""
    engine = new_catalog(tmp_path)
    empty = index_dump(engine)
    adopt(engine, adoption(1))
    with writing(engine) as connection:
        append(connection, line(1))
        (planned,) = next_planned(connection, 1, 1, 1)
        going = intentions_of(connection, 1, [recording_id(1)])[recording_id(1)]
        intend(connection, [(planned.row, going)])
        note_keyless(connection, {planned.row: 9})
        erase_recordings(connection, 1, 1, 17, under_way(connection, 1, 1))
    call = ConversationId(bytes.fromhex(going.call))
    by_number = (ReachRule(numbers=frozenset({"+81312*"})),)
    with reading(engine) as connection:
        found = [find_tombstone(connection, 1, EVERYWHERE, each) for each in (going.id, call)]
        unseen = find_tombstone(connection, 1, by_number, going.id)

    assert index_dump(engine) == empty
    assert found[0] == found[1]
    assert found[0] is not None
    assert (found[0].destroyed_us, found[0].remains.plan, found[0].remains.rules) == (9, 1, ("a",))
    assert unseen is None
