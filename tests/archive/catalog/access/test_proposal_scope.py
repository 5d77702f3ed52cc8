"""Which recordings a proposal is of: one seal for all of them, whoever looks at which of them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, text

from archive.access.approvals import Kind
from archive.access.reach import ReachRule
from archive.catalog.access.approvals import propose
from archive.catalog.access.proposal_scope import SCOPES, lies_within
from archive.catalog.accounts.persons import add_user
from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.sealed_rows import SEALED
from archive.catalog.tables.catalog import proposal_recording
from archive.ids import RecordingId
from tests.archive.catalog.examples import author, new_catalog, recording_id
from tests.archive.catalog.seals import sealed
from tests.support.catalog.reach import put_three

ONE, BOTH = [recording_id(1)], [recording_id(1), recording_id(2)]


def proposed(engine: Engine, *scopes: Sequence[RecordingId]) -> None:
    with writing(engine) as connection:
        add_user(connection, author(), "tanaka")
        for about in scopes:
            propose(connection, author(user=1), Kind.TAKE_MEASURE, bytes(32), "x", about)


def within_support(engine: Engine, number: int) -> bool:
    access = author().access
    support = replace(access.within, reach=(ReachRule(queues=frozenset({"support"})),))
    with reading(engine) as connection:
        return lies_within(connection, replace(access, within=support), number)


def test_a_number_in_seals_is_of_one_kind() -> None:
    """It stands there for ever."""
    assert (SCOPES.code, SCOPES.table.name) == (17, "proposal_recording")
    assert SCOPES.code not in {each.code for each in SEALED.values()}


@pytest.mark.parametrize("catalog_has_seals", [True, False])
def test_what_is_of_recordings_within_the_reach_lies_within(
    tmp_path: Path, *, catalog_has_seals: bool
) -> None:
    """Of all of them; who has no seals reads the rows."""
    plain = new_catalog(tmp_path)
    put_three(plain)
    engine = sealed(plain, tmp_path)[0] if catalog_has_seals else plain
    proposed(engine, ONE, BOTH, [])

    assert [within_support(engine, number) for number in (1, 2, 3)] == [True, False, False]
    plain.dispose()


def test_a_scope_that_was_altered_or_taken_out_is_named_until_root_seals_it_again(
    tmp_path: Path,
) -> None:
    """The next start of the API and `rokuon user seals` look at all of them."""
    plain = new_catalog(tmp_path)
    put_three(plain)
    under, _ = sealed(plain, tmp_path)
    proposed(under, BOTH, ONE, ONE)
    with writing(plain) as connection:
        connection.execute(delete(proposal_recording).where(proposal_recording.c.row == 1))
        connection.execute(text("DELETE FROM proposal_recording WHERE proposal = 2"))
    under, seals = sealed(plain, tmp_path)
    named = seals.altered
    before = [within_support(under, number) for number in (1, 2, 3)]
    with writing(under) as connection:
        again = seals.seal_again(connection)
    after = sealed(plain, tmp_path)[1].altered
    plain.dispose()

    assert named == (("proposal_recording", 1), ("proposal_recording", 2))
    assert before == [False, False, True]
    assert (again, after) == ({"proposal_recording": 2}, ())


def test_more_recordings_than_a_statement_takes_are_one_scope(tmp_path: Path) -> None:
    """They are counted in portions, and sealed together."""
    plain = new_catalog(tmp_path)
    put_three(plain)
    under, seals = sealed(plain, tmp_path)
    many = [recording_id(1), *map(recording_id, range(10, 5_100))]
    proposed(under, many)
    size = seals.log.path.stat().st_size

    assert not within_support(under, 1)
    assert size < 34 * 20, "one record of the log for all of them"
    assert sealed(plain, tmp_path)[1].altered == ()
    plain.dispose()
