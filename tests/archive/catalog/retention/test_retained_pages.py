"""Pages of the ledger as a policy sees them: by their calls, with all of their parts."""

from dataclasses import replace
from pathlib import Path

from archive.catalog.database.engine import reading
from archive.catalog.index.intentions import page_intentions
from archive.catalog.retention.retained_pages import (
    count_pages,
    page_keys,
    pages_from,
    retained_pages,
)
from archive.ids import KeyId
from tests.archive.catalog.examples import SECOND_US, STARTED_US, adopt, adoption, new_catalog
from tests.support.catalog.ledger import page, refused


def test_a_page_of_two_parts_is_one_with_two_keys_and_all_their_files(tmp_path: Path) -> None:
    """A worker was killed, and its successor told the rest."""
    engine = new_catalog(tmp_path)
    first = replace(page(1, refused(2), refused(5)), is_last=False)
    name = replace(first.part_name, part=1)
    second = replace(first, part_name=name, key_id=KeyId(b"2" * 16), path="2", map_path="2.rkm")
    own, other = first.part_name.recording, adoption(9).part_name.recording
    adopt(engine, adoption(9), first)
    with reading(engine) as connection:
        (begun,) = retained_pages(connection, 1, [own, other])
    adopt(engine, replace(second, is_last=True))
    with reading(engine) as connection:
        (whole,) = retained_pages(connection, 1, [own])
        keys = page_keys(connection, 1, [own, other])
        intended = page_intentions(connection, 1, [own, other])
        count = count_pages(connection, 1)

    assert (begun.is_known, whole.is_known) == (False, True)
    assert (whole.oldest_us, whole.youngest_us) == tuple(
        STARTED_US + each * SECOND_US for each in (2, 5)
    )
    assert whole.size_bytes == 2 * begun.size_bytes
    assert keys == {own: 2}
    assert count == 1
    assert set(intended) == {own}
    assert [each.path for each in intended[own].parts] == [first.path, "2"]
    assert intended[own].call == ""


def test_pages_come_by_their_youngest_call(tmp_path: Path) -> None:
    """One that has a call behind the moment is not among those before it."""
    engine = new_catalog(tmp_path)
    wide, narrow = page(1, refused(1), refused(9)), page(2, refused(3), refused(4))
    adopt(engine, wide, narrow)
    one, other = (each.part_name.recording for each in (narrow, wide))

    def found(before: int) -> set[object]:
        with reading(engine) as connection:
            until_us, some = pages_from(connection, 1, 0, STARTED_US + before * SECOND_US)
        assert until_us == STARTED_US + before * SECOND_US
        return {each.page for each in some}

    assert [found(before) for before in (4, 5, 9, 10)] == [
        set(), {one}, {one}, {one, other},
    ]  # fmt: skip
