"""A plan before it is written down."""

from pathlib import Path

import pytest

from api.destruction.drafts import due_now
from api.permissions.errors import NothingDue
from archive.access.reach import WHOLE_TENANT
from archive.catalog.access.grants import Access
from archive.catalog.database.engine import reading
from archive.catalog.journal.authors import Author
from archive.ids import DEFAULT_TENANT
from archive.lifecycle.tombstone import digest_of
from tests.api.destruction.scene import NOW_US, START_US, installed


def at(us: int) -> Author:
    return Author(access=Access(tenant=DEFAULT_TENANT, actor="a", at_us=us, within=WHOLE_TENANT))


async def test_a_draft_has_what_is_due_and_what_its_revisions_ask_for(tmp_path: Path) -> None:
    """In the order in which it goes; the digest is that of the value."""
    async with installed(tmp_path, 2) as it:
        with reading(it.it.engine) as connection:
            draft = due_now(connection, at(NOW_US))
            with pytest.raises(NothingDue):
                due_now(connection, at(START_US))

    assert [each.recording for each in draft.lines] == it.recordings
    assert {each.digest for each in draft.plan.planned} == {digest_of(own) for own in it.recordings}
    assert (draft.cooling_off_h, draft.bulk) == (72, 1_000)
    assert draft.content.sha256 == draft.plan.sha256
    assert draft.content.size_bytes == sum(each.size_bytes for each in draft.lines) > 0
