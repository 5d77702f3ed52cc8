"""A grant exists only once the journal says so."""

from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from archive.catalog.access.grants import (
    Ask,
    ExportGrant,
    Grant,
    ListenGrant,
    NotGranted,
    ReadGrant,
    SearchGrant,
    VerifyGrant,
    entry_of,
    grant,
)
from archive.catalog.database.engine import reading
from archive.catalog.journal.entries import WrittenEntry
from tests.archive.catalog.examples import NOW_US, access, new_catalog, recording_id
from tests.told import all_told

LINE = WrittenEntry(1, entry_of(ListenGrant, Ask(access=access(), target=recording_id())))


@pytest.mark.parametrize("kind", [SearchGrant, ReadGrant, ListenGrant, ExportGrant, VerifyGrant])
def test_a_grant_is_in_the_journal_when_it_is_handed_out(tmp_path: Path, kind: type[Grant]) -> None:
    """Another connection sees the entry, so it is committed."""
    engine = new_catalog(tmp_path)

    granted = grant(engine, kind, Ask(access=access(), target=recording_id()))

    with reading(engine) as connection:
        (found,) = all_told(connection)
    assert found.seq == granted.seq
    assert found.entry.action == kind.action
    assert (found.entry.actor, found.entry.at_us) == ("yamada", NOW_US)
    assert found.entry.target == granted.target == str(recording_id())


def test_a_journal_that_cannot_be_written_grants_nothing(tmp_path: Path) -> None:
    """A full disk must not open the archive."""
    engine = new_catalog(tmp_path)

    @event.listens_for(engine, "commit")
    def disk_full(_connection: object) -> None:
        raise SQLAlchemyError("disk full")

    with pytest.raises(SQLAlchemyError, match="disk full"):
        grant(engine, SearchGrant, Ask(access=access()))


def test_nobody_makes_a_grant_by_hand() -> None:
    """Forgetting the journal must be impossible, not forbidden."""
    with pytest.raises(NotGranted):
        ListenGrant(access=access(), target=str(recording_id()), line=LINE, proof=object())


def test_a_grant_is_for_one_thing(tmp_path: Path) -> None:
    """A grant for one call opens no other."""
    granted = grant(new_catalog(tmp_path), ListenGrant, Ask(access=access(), target=recording_id()))

    granted.require(recording_id())
    with pytest.raises(NotGranted):
        granted.require(recording_id(2))
