"""Which files the catalog expects in the archive."""

from pathlib import Path

from archive.catalog.checks.expected_files import expected_files
from tests.archive.catalog.examples import adopt, adoption, new_catalog
from tests.archive.catalog.rebuilding import rebuild
from tests.support.catalog.ledger import page, refused


def test_parts_and_ledger_pages_are_expected_and_no_part_that_is_known_to_be_lost(
    tmp_path: Path,
) -> None:
    """What a rebuild found to be missing says nothing of the disk."""
    engine = new_catalog(tmp_path)
    before = expected_files(engine)
    pages, parts = [page(1, refused(1))], [adoption(2), adoption(3)]
    adopt(engine, *pages, *parts)
    known = expected_files(engine)
    rebuild(engine, parts[:1])
    left = expected_files(engine)

    assert before == ()
    assert set(known) == {each.path for each in (*pages, *parts)}
    assert set(known) - set(left) == {parts[1].path}
