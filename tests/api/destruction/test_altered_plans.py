"""A runner with any code writes into a plan that two persons approved.

Judged by the keys that the keystore has in the end, and by what people are told.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from api.destruction.plans import KnownPlan
from api.permissions.errors import ApiError, PlanAltered
from archive.catalog.database.engine import reading, writing
from archive.ids import RecordingId
from archive.keys.store.schema import open_database
from archive.lifecycle.tombstone import digest_of
from tests.api.destruction.scene import COOLED_US, Installation, installed
from tests.archive.destruction.keys import RunnerClient
from tests.told import all_told

_LIKE_THE_OTHERS = (
    "INSERT INTO planned_recording (tenant, plan, digest, recording, revision, rules, size_bytes,"
    " scope, stage, cause, intention) SELECT tenant, plan, :digest, :own, revision, rules,"
    " size_bytes, scope, 'planned', '', '' FROM planned_recording LIMIT 1"
)


def insert(it: Installation, own: RecordingId) -> None:
    """A line more than was approved."""
    with writing(it.it.engine) as connection:
        connection.execute(text(_LIKE_THE_OTHERS), {"digest": digest_of(own), "own": own.raw})


def swap(it: Installation, own: RecordingId) -> None:
    """Another recording behind a digest that was approved."""
    with writing(it.it.engine) as connection:
        changed = text("UPDATE planned_recording SET recording = :own")
        connection.execute(changed, {"own": own.raw})


def exchange(it: Installation, own: RecordingId) -> None:
    """Another recording, with its digest."""
    with writing(it.it.engine) as connection:
        changed = text("UPDATE planned_recording SET recording = :own, digest = :digest")
        connection.execute(changed, {"own": own.raw, "digest": digest_of(own)})


def widen(it: Installation, _own: RecordingId) -> None:
    """More of a recording than was approved: not its audio alone."""
    with writing(it.it.engine) as connection:
        connection.exec_driver_sql("UPDATE planned_recording SET scope = 'audio'")


def keys_left(it: Installation) -> set[RecordingId]:
    """By the keystore itself."""
    rows = open_database(it.keeper.scene.config.keystore).execute("SELECT recording FROM data_key")
    return {RecordingId(row[0]) for row in rows}


def destroy_all(it: Installation, plan: KnownPlan) -> None:
    """Its own code: nothing is judged anew, whatever has a name is asked for."""
    it.pass_us(COOLED_US)
    RunnerClient(it.keeper.scene).destroy(plan.stored.content.id, 0, it.recordings)


@pytest.mark.parametrize("alter", [insert, swap, exchange, widen])
async def test_of_a_plan_that_was_altered_nothing_is_destroyed(
    tmp_path: Path, alter: Callable[[Installation, RecordingId], None]
) -> None:
    """What two persons approved is a digest; what is destroyed must be what it is the digest of."""
    async with installed(tmp_path, 1) as it:
        made = await it.plans.make(it.owner)
        it.archive(1)
        await it.plans.approve(it.legal, made.stored.number)
        alter(it, it.recordings[-1])
        with suppress(ApiError):
            await it.plans.apply(it.owner, made.stored.number)
        destroy_all(it, made)

        assert keys_left(it) == set(it.recordings)


async def test_who_applies_is_told_and_the_next_plan_has_what_is_due(tmp_path: Path) -> None:
    """The altered one is over: it would keep what it names out of every other plan."""
    async with installed(tmp_path, 1) as it:
        made = await it.plans.make(it.owner)
        it.archive(1)
        await it.plans.approve(it.legal, made.stored.number)
        insert(it, it.recordings[-1])
        with pytest.raises(PlanAltered):
            await it.plans.apply(it.owner, made.stored.number)
        (listed,) = await it.plans.listed(it.owner)
        with reading(it.it.engine) as connection:
            told = all_told(connection)
        again = await it.plans.make(it.owner)

    assert (listed.state, again.stored.content.recordings) == ("altered", 2)
    assert (told[-1].entry.action, told[-1].entry.detail) == (
        "plan_stopped",
        {"because": "altered"},
    )


async def test_what_left_the_catalog_since_may_be_missing(tmp_path: Path) -> None:
    """A rebuild of the index may be under way; what is there goes as it was approved."""
    async with installed(tmp_path, 2) as it:
        made = await it.plans.make(it.owner)
        await it.plans.approve(it.legal, made.stored.number)
        with writing(it.it.engine) as connection:
            gone = text("UPDATE recording SET id = :another WHERE row = 1")
            connection.execute(gone, {"another": bytes(16)})
        await it.plans.apply(it.owner, made.stored.number)
        destroy_all(it, made)

        assert len(keys_left(it)) == 1
