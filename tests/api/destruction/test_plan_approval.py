"""Whose word there is for a plan."""

from pathlib import Path

import pytest

from api.destruction.plan_approval import PlanWord, name_proposal
from api.destruction.plan_course import KIND, act_of
from api.permissions.errors import PlanOver
from archive.access.reach import WHOLE_TENANT
from archive.catalog.access.approvals import proposal_numbered, propose
from archive.catalog.access.grants import Access
from archive.catalog.database.engine import writing
from archive.catalog.journal.authors import Author
from archive.ids import DEFAULT_TENANT
from tests.api.destruction.scene import Installation, installed


def owner_of(it: Installation) -> Author:
    """Who made the plan, as of now."""
    access = Access(tenant=DEFAULT_TENANT, actor="owner", at_us=it.it.now_us, within=WHOLE_TENANT)
    return Author(access=access, user=it.owner.account.user)


async def test_a_word_for_a_plan_that_was_stopped_meanwhile_is_none(tmp_path: Path) -> None:
    """Who applies has read it a moment before: it is asked in the transaction that writes."""
    async with installed(tmp_path, 1) as it:
        made = (await it.plans.make(it.owner)).stored
        await it.plans.approve(it.legal, made.number)
        await it.plans.stop(it.legal, made.number)
        with writing(it.it.engine) as connection, pytest.raises(PlanOver):
            PlanWord(owner_of(it), is_person=True).approved(connection, made)

    assert it.it.journal("plan_approved") == []


async def test_a_plan_is_applied_once_whoever_asks_at_the_same_time(tmp_path: Path) -> None:
    """The second word moves neither the first nor the end of the cooling off."""
    async with installed(tmp_path, 1) as it:
        made = (await it.plans.make(it.owner)).stored
        await it.plans.approve(it.legal, made.number)
        done = (await it.plans.apply(it.owner, made.number)).stored
        it.pass_us(1)
        with writing(it.it.engine) as connection:
            assert PlanWord(owner_of(it), is_person=True).approved(connection, made)
        again = (await it.plans.show(it.owner, made.number)).stored

    assert again.approval == done.approval


async def test_nobody_is_asked_to_approve_a_plan_that_was_stopped_meanwhile(
    tmp_path: Path,
) -> None:
    """Its proposal was written a moment after the stop."""
    async with installed(tmp_path, 1) as it:
        made = (await it.plans.make(it.owner)).stored
        await it.plans.stop(it.legal, made.number)
        with writing(it.it.engine) as connection:
            author = owner_of(it)
            late = propose(connection, author, KIND, act_of(made.content.sha256), "late")
            named = name_proposal(connection, author, made.number, late)
            found = proposal_numbered(connection, DEFAULT_TENANT, late)

    assert (named, found.state(it.it.now_us)) == (False, "withdrawn")
