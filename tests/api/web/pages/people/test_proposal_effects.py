"""Beside a proposal stands what it would do, with a link to where more is told of it."""

import asyncio
from pathlib import Path

from sqlalchemy import insert

from api.permissions.roles import Role
from archive.access.approvals import Kind
from archive.catalog.access.approvals import propose
from archive.catalog.database.engine import writing
from archive.catalog.tables.catalog import mark
from archive.job_queue import JobKind
from retention.policies.policy_text import policy_text
from tests.api.web.pages.browser import text_of
from tests.api.web.pages.real import new_person, new_session, real_browser
from tests.archive.catalog.examples import author
from tests.retention.examples import policy, rule
from tests.support.pages.holds import placed
from tests.support.web.destruction import take_over


async def test_a_plan_says_how_many_go_from_when_on_of_which_queue(tmp_path: Path) -> None:
    """And the page that asks once more names the number, on the plan's way to it as well."""
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        take_over(it.engine)
        new_person(it.engine, "sato", Role.APPROVER)
        with writing(it.engine) as connection:
            own = {"tenant": 1, "recording": 1, "started_us": 1, "kind": "queue"}
            connection.execute(insert(mark).values(**own, folded="support"))
        await it.send("/plans", {})
        it.hold(new_session(it.engine, "sato"))
        listed = await it.see("/approvals")
        led = await it.see("/plans/1/approve")
        asked = await it.see(led.headers["location"])
        it.hold(new_session(it.engine, "yamada"))
        own = await it.see("/plans/1/approve")

    told = text_of(listed)
    assert "1 recordings (" in told
    assert "go for good, from" in told
    assert "Of the queues: support." in told
    assert 'href="/plans/1"' in listed.text
    assert led.headers["location"] == "/approvals/1/give"
    assert "Approve that 1 recordings are destroyed?" in text_of(asked)
    assert "Approve: destroy 1 recordings" in text_of(asked)
    assert own.headers["location"] == "/plans/1"


async def test_who_may_not_read_plans_is_told_nothing_of_them(tmp_path: Path) -> None:
    """A proposal is known to who made it; what it does only to who may read that."""
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        take_over(it.engine)
        clerk = new_person(it.engine, "sato", Role.DISCLOSURE)
        await it.send("/plans", {})
        with writing(it.engine) as connection:
            propose(connection, author(user=clerk), Kind.TELL_EVENTS, bytes(32), "one event")
        it.hold(new_session(it.engine, "sato"))
        told = await it.see("/approvals")

    assert "one event" in told.text
    assert 'href="/plans/1"' not in told.text


async def test_a_hold_leads_to_what_falls_due_without_it(tmp_path: Path) -> None:
    """Who approves its release looks there first."""
    async with real_browser(tmp_path, Role.LEGAL) as it:
        at = await placed(it)
        await it.send(f"{at}/release", {})
        listed = await it.see("/approvals")

    assert f'href="{at}/release"' in listed.text


async def test_a_policy_says_whether_it_was_simulated(tmp_path: Path) -> None:
    """Its figures are those of a simulation of the same text."""
    text = policy_text(policy(rule("week", after="P7D")))
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        await it.send("/policy-draft", {"text": text, "retroactive": "yes"})
        before = text_of(await it.see("/approvals"))
        await it.send("/policy-draft/simulate", {"text": text})
        assert await it.page.runner.work_one(JobKind.SIMULATION, asyncio.Event())
        after = await it.see("/approvals")

    assert "Nobody has simulated this text yet" in before
    assert "1 recordings (" in text_of(after)
    assert "are due at once, 0 go earlier than today" in text_of(after)
    assert 'href="/simulations/1"' in after.text
