"""Entries of the journal by the ids that the key daemon knows."""

from pathlib import Path

from archive.catalog.access.grants import Ask, ListenGrant, SearchGrant, grant
from archive.catalog.checks.journal_walk import count_openings, told_by_opening
from archive.catalog.database.engine import reading, writing
from archive.ids import TenantId
from tests.archive.catalog.examples import access, new_catalog, recording_id

OTHER = TenantId(bytes(15) + b"\x02")


def test_entries_are_found_by_their_ids_whosever_they_are(tmp_path: Path) -> None:
    """A key daemon serves all tenants. What opens no key has no id."""
    engine = new_catalog(tmp_path)
    mine = grant(engine, ListenGrant, Ask(access=access(), target=recording_id()))
    theirs = grant(engine, ListenGrant, Ask(access=access(OTHER), target=recording_id()))
    grant(engine, SearchGrant, Ask(access=access()))

    asked = [mine.line.opening, theirs.line.opening, bytes(16)]
    with reading(engine) as connection:
        found = told_by_opening(connection, asked)
        assert count_openings(connection) == 2
    assert found == {each.line.opening: each.line.told for each in (mine, theirs)}


def test_a_catalog_without_tenants_has_none(tmp_path: Path) -> None:
    """Before the first start."""
    with writing(new_catalog(tmp_path)) as connection:
        assert told_by_opening(connection, [bytes(16)]) == {}
        assert count_openings(connection) == 0
