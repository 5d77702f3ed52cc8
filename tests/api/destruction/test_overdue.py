"""What must have gone and has not, with its reason; what is left of others."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from api.calls.retrieval import target_of
from api.permissions.actor import Actor
from api.permissions.errors import Destroyed, NotFound
from api.permissions.roles import Role
from archive.access.reach import ReachRule
from archive.catalog.access.grants import ReadGrant
from archive.catalog.accounts.given_roles import give_os_name, give_role
from archive.catalog.accounts.persons import add_user, user_named
from archive.catalog.database.engine import writing
from archive.catalog.tables.destruction import planned_recording
from archive.ids import DEFAULT_TENANT, RecordingId
from retention.rules.rule import Asset
from tests.api.destruction.scene import Installation, installed
from tests.archive.catalog.examples import author
from tests.retention.examples import rule, terms
from tests.support.destruction.overdue import reasons


async def test_each_overdue_recording_says_why_until_it_is_gone(tmp_path: Path) -> None:
    """From the moment it is due until its tombstone."""
    async with installed(tmp_path, 1) as it:
        seen = [await reasons(it)]
        made = await it.plans.make(it.owner)
        seen.append(await reasons(it))
        await it.plans.approve(it.legal, made.stored.number)
        seen.append(await reasons(it))
        await it.plans.apply(it.owner, made.stored.number)
        seen.append(await reasons(it))
        it.pass_us(72 * 3_600_000_000)
        seen.append(await reasons(it))
        await it.plans.stop(it.owner, made.stored.number)
        seen.append(await reasons(it))
        await it.applied()
        it.runner().round()
        seen.append(await reasons(it))

    assert seen == [
        [("not_planned", 0)], [("not_approved", 1)], [("not_applied", 1)], [("cooling_off", 1)],
        [("waits", 1)], [("stopped", 0)], [],
    ]  # fmt: skip


async def test_audio_that_must_go_before_its_metadata_is_overdue_until_it_is_gone(
    tmp_path: Path,
) -> None:
    """Its facts are not: they may stay."""
    both = {Asset.AUDIO: terms(after="P1Y"), Asset.METADATA: terms(after="P9Y")}
    async with installed(tmp_path) as it:
        it.take_over(replace(rule("year"), terms=both))
        it.archive(1)
        seen = [await reasons(it)]
        await it.applied()
        it.runner().round()
        seen.append(await reasons(it))

    assert seen == [[("not_planned", 0)], []]


async def test_a_hold_that_is_over_is_no_reason_any_more(tmp_path: Path) -> None:
    """An earlier plan fell out by it; it is due now, and in no plan."""
    async with installed(tmp_path, 1) as it:
        made = await it.plans.make(it.owner)
        await it.plans.stop(it.owner, made.stored.number)
        with writing(it.it.engine) as connection:
            connection.execute(update(planned_recording).values(stage="dropped", cause="held"))
        seen = await reasons(it)

    assert seen == [("not_planned", 0)]


def _member(it: Installation, name: str, reach: ReachRule) -> Actor:
    with writing(it.it.engine) as connection:
        add_user(connection, author(), name)
        user = user_named(connection, DEFAULT_TENANT, name)
        give_role(connection, author(), user, Role.REVIEWER, reach)
        give_os_name(connection, author(), user, name)
    return it.it.now(name)


async def test_who_could_have_seen_it_hears_that_it_was_destroyed_and_nobody_else(
    tmp_path: Path,
) -> None:
    """By queue here; for who reaches another queue it never was."""
    async with installed(tmp_path, 1) as it:
        own = it.recordings[0]
        await it.applied()
        it.runner().round()
        door = it.it.door
        whole = replace(_member(it, "whole", ReachRule()), stated="quality")
        other = replace(
            _member(it, "other", ReachRule(queues=frozenset({"sales"}))), stated="quality"
        )
        with pytest.raises(Destroyed) as told:
            await door.grant(whole, ReadGrant, own)
        with pytest.raises(Destroyed):
            await target_of(it.it.catalog, await door.access(whole, ReadGrant), str(own))
        with pytest.raises(NotFound):
            await door.grant(other, ReadGrant, own)
        with pytest.raises(NotFound):
            await door.grant(whole, ReadGrant, RecordingId(b"x" * 16))

    assert told.value.tombstone.remains.rules == ("year",)
