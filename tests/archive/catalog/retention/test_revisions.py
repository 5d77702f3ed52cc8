"""Retention policies that were taken over, in the register."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from archive.catalog.database.engine import reading, writing
from archive.catalog.retention.revisions import (
    NewRevision,
    StoredRevision,
    append_call_back,
    append_revision,
    read_revisions,
    sha256_of,
    stored_revisions,
)
from archive.catalog.tables.catalog import retention_revision
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT, TenantId
from tests.archive.catalog.examples import NOW_US, OTHER_TENANT, author, new_catalog
from tests.archive.catalog.rebuilding import rebuild
from tests.told import all_told

FIRST = NewRevision(text="form = 1\n", in_force_us=NOW_US, is_retroactive=False)
SECOND = NewRevision(text="年 = 2\n", in_force_us=NOW_US + 1, is_retroactive=True, one_person=True)


def taken_over(engine: Engine, *new: NewRevision) -> list[StoredRevision]:
    """One after the other."""
    with writing(engine) as connection:
        return [append_revision(connection, author(), each) for each in new]


def test_a_revision_is_read_as_it_was_taken_over(tmp_path: Path) -> None:
    """Numbers go up by one; of each is known who took it over, and whether alone."""
    engine = new_catalog(tmp_path)
    written = taken_over(engine, FIRST, SECOND)
    with reading(engine) as connection:
        own = ensure_tenant(connection, DEFAULT_TENANT)
        known = stored_revisions(connection, own)
        deciding = read_revisions(connection, own)

    assert list(known) == written
    assert deciding == [(1, FIRST.text, NOW_US, False), (2, SECOND.text, NOW_US + 1, True)]
    assert [(each.author, each.taken_us) for each in known] == [(author().access.actor, NOW_US)] * 2


def test_the_journal_says_which_text_was_taken_over(tmp_path: Path) -> None:
    """By the digest that anybody can make of the text with another tool."""
    engine = new_catalog(tmp_path)
    written = taken_over(engine, FIRST, SECOND)
    with reading(engine) as connection:
        first, second = all_told(connection)[-2:]

    assert [first.seq, second.seq] == [each.journal for each in written]
    assert (first.entry.action, first.entry.target) == ("policy_taken_over", "policy:1")
    digest = hashlib.sha256(FIRST.text.encode()).hexdigest()
    assert first.entry.detail == {"sha256": digest, "in_force_us": NOW_US}
    assert second.entry.detail == {
        "sha256": sha256_of(SECOND.text).hex(),
        "in_force_us": NOW_US + 1,
        "retroactive": 1,
        "one_person": 1,
    }


def test_a_revision_that_is_called_back_stays_and_says_so(tmp_path: Path) -> None:
    """Once; the journal says who, and another tenant's of that number stands."""
    engine = new_catalog(tmp_path)
    taken_over(engine, FIRST, SECOND)
    with writing(engine) as connection:
        append_revision(connection, author(OTHER_TENANT), FIRST)
        append_call_back(connection, author(), 1)
    with pytest.raises(IntegrityError), writing(engine) as connection:
        append_call_back(connection, author(), 1)
    with reading(engine) as connection:
        own, other = (
            stored_revisions(connection, ensure_tenant(connection, each))
            for each in (DEFAULT_TENANT, OTHER_TENANT)
        )
        last = all_told(connection)[-1].entry

    assert [each.called_back for each in own] == [True, False]
    assert [each.called_back for each in other] == [False]
    assert (last.action, last.target) == ("policy_called_back", "policy:1")


def test_each_tenant_has_revisions_of_its_own(tmp_path: Path) -> None:
    """Nobody decides over another's recordings; both begin with 1."""
    engine = new_catalog(tmp_path)
    taken_over(engine, FIRST)
    with writing(engine) as connection:
        append_revision(connection, author(OTHER_TENANT), SECOND)
        texts = [_texts(connection, tenant) for tenant in (DEFAULT_TENANT, OTHER_TENANT)]

    assert texts == [[(1, FIRST.text)], [(1, SECOND.text)]]


def _texts(connection: Connection, tenant: TenantId) -> list[tuple[int, str]]:
    own = ensure_tenant(connection, tenant)
    return [each[:2] for each in read_revisions(connection, own)]


def test_a_number_is_given_once(tmp_path: Path) -> None:
    """Two who take over at once do not become one revision: the second fails and asks again."""
    engine = new_catalog(tmp_path)
    taken_over(engine, FIRST)
    with reading(engine) as connection:
        kept = dict(connection.execute(select(retention_revision)).mappings().one())
    del kept["row"]

    with pytest.raises(IntegrityError, match=r"UNIQUE|unique"), writing(engine) as connection:
        connection.execute(insert(retention_revision).values(kept))


@pytest.mark.parametrize(
    "change",
    [lambda: delete(retention_revision), lambda: update(retention_revision).values(text="")],
)
def test_the_database_itself_keeps_revisions(tmp_path: Path, change: Callable[[], object]) -> None:
    """By which policy something went must be true years later."""
    engine = new_catalog(tmp_path)
    taken_over(engine, FIRST)

    with pytest.raises(DBAPIError, match="only added"), writing(engine) as connection:
        connection.execute(change())  # type: ignore[call-overload]  # a statement


def test_a_rebuild_keeps_revisions(tmp_path: Path) -> None:
    """They are in no recording."""
    engine = new_catalog(tmp_path)
    written = taken_over(engine, FIRST, SECOND)
    rebuild(engine, [])
    with reading(engine) as connection:
        known = stored_revisions(connection, ensure_tenant(connection, DEFAULT_TENANT))

    assert list(known) == written
