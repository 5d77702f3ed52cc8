"""The register of copies: one a recording, replaced and removed."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.catalog.database.engine import writing
from archive.catalog.index.facts_rows import leave_facts
from archive.catalog.register.kept_facts import (
    digests_of_facts,
    forget_facts,
    keep_facts,
    rows_of_facts,
    sealed_facts,
)
from archive.ids import DEFAULT_TENANT
from archive.lifecycle.tombstone import digest_of
from tests.archive.catalog.examples import adopt, adoption, new_catalog
from tests.archive.catalog.plans import listening, planner
from tests.support.catalog.kept_facts import FIRST, OTHER, OWN

SECOND = replace(FIRST, until_us=7, sealed=b"b")


def test_a_recording_has_one_copy_the_last(tmp_path: Path) -> None:
    """A runner that was cut off copies again."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1), adoption(2))
    with writing(engine) as connection:
        keep_facts(connection, 1, [FIRST])
        keep_facts(connection, 1, [SECOND])
        leave_facts(connection, 1, OWN)

        assert list(sealed_facts(connection, 1, DEFAULT_TENANT)) == [SECOND]
        digests = [digest_of(OWN), digest_of(OTHER)]
        assert digests_of_facts(connection, 1, digests) == {digest_of(OWN)}
        assert len(rows_of_facts(connection, 1)) == 1
        forget_facts(connection, 1, [OWN, OTHER])
        assert list(sealed_facts(connection, 1, DEFAULT_TENANT)) == []


@pytest.mark.sqlite
def test_copies_are_looked_for_from_the_copies(tmp_path: Path) -> None:
    """Ten million recordings were looked through for a handful: half a minute."""
    engine = new_catalog(tmp_path)
    with listening(engine) as heard, writing(engine) as connection:
        rows_of_facts(connection, 1)
    with planner(tmp_path / "catalog.db") as database:
        (steps,) = [each.plan(database) for each in heard if "kept_facts" in each.sql]

    assert [each for each in steps if "recording" in each and "id=?" in each]
    assert "SEARCH recording USING INDEX" in steps[0]
    assert "(tenant=? AND id=?)" in steps[0]
