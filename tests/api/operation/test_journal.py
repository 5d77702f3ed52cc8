"""The journal as auditors read it."""

from pathlib import Path

import pytest

from api.operation.journal import Journal
from api.permissions.actor import Actor
from api.permissions.errors import NotAllowed
from api.permissions.roles import Role
from archive.catalog.access.grants import ListenGrant
from archive.catalog.journal.breach import AccountPeriod
from archive.catalog.search.audit import JournalQuery
from tests.api.actors import person
from tests.archive.catalog.examples import NOW_US
from tests.support.api.access import CALL, actor, door

AUDITOR = Actor(account=person(Role.AUDITOR, name="auditor"))


async def test_an_auditor_reads_who_heard_what_and_that_it_was_read_is_in_it(
    tmp_path: Path,
) -> None:
    """No purpose is needed: nothing of a call is shown."""
    async with door(tmp_path) as (it, _engine):
        await it.grant(actor(person(Role.REVIEWER)), ListenGrant, CALL)
        journal = Journal(it)
        heard = await journal.who_heard(AUDITOR, CALL.raw, behind=0, limit=500)
        period = AccountPeriod(actor="yamada", from_us=0, to_us=NOW_US + 1)
        reached = await journal.reach(AUDITOR, period)
        latest = await journal.tail(AUDITOR, JournalQuery(limit=3))

    assert [(line.entry.actor, line.entry.action) for line in heard] == [("yamada", "listened")]
    assert [(each.action, each.recordings) for each in reached.counts] == [("listened", 1)]
    assert [line.entry.detail["what"] for line in latest] == ["tail", "reach", "who heard"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
async def test_nobody_else_reads_it(tmp_path: Path, role: Role) -> None:
    """Who watches whom is the auditor's to know."""
    async with door(tmp_path) as (it, _engine):
        with pytest.raises(NotAllowed):
            await Journal(it).tail(actor(person(role)), JournalQuery())
