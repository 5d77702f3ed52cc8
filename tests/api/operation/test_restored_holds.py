"""Legal holds are taken back into a keystore that was put back, before anything goes."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlalchemy import insert

from api.holds.upkeep import HoldUpkeep
from api.operation.restored_holds import RestoredGuard
from archive.access.query import ALWAYS, SearchQuery
from archive.access.reach import EVERYWHERE
from archive.catalog.database.engine import reading, writing
from archive.catalog.register.legal_holds import (
    StoredHold,
    activate,
    cancel,
    has_let_go,
    holds_guarding,
    open_hold,
    release,
)
from archive.catalog.tables.catalog import hold_recording
from archive.ids import DEFAULT_TENANT, HoldId, KeyId, PlanId
from archive.keys.client.key_client import KeyClient
from archive.keys.gate.restored_holds import raise_fences, stand_in
from archive.keys.guard.destruction import DestroyedRecording, KeptRecording, Why
from archive.keys.guard.plans import open_plan, plan_recordings, seal_plan
from archive.keys.store.census import count_adopted
from archive.keys.store.database import Database
from archive.keys.store.legal_holds import activate_hold, hold_keys, place_hold
from archive.keys.store.schema import open_database
from archive.lifecycle.hold_scope import ByQuery
from tests.api.register import Registered, register
from tests.archive.catalog.examples import NOW_US, adopt, adoption, author, recording_id
from tests.archive.hold_clients import MemoryClient
from tests.archive.keys import scene
from tests.archive.keys.daemon_process import daemon_process
from tests.archive.keys.vault import PLAN, add_shards, terms
from tests.support.catalog.ledger import page, refused
from tests.support.hold_scenes import GRACE_US, TERMS, held

CALLS = range(1, 8)


def key(number: int) -> KeyId:
    return adoption(number).key_id


def put_key(database: Database, number: int) -> None:
    """As it is after `mark_archived`."""
    database.execute(
        "INSERT INTO data_key (key_id, recording, part, generation, shard, wrapped, state,"
        " created_us, archived_us)"
        " VALUES (:key, :recording, 0, 0, 1, zeroblob(40), 'adopted', 0, 1)",
        {"key": key(number).raw, "recording": recording_id(number).raw},
    )
    count_adopted(database, DEFAULT_TENANT, recordings=1)


class PutBack:
    """A register of holds, and a keystore of a day before: one was placed, one grew, three ended.

    What each has of the seven calls is what its number says below.
    """

    def __init__(self, it: Registered, database: Database) -> None:
        adopt(it.engine, *map(adoption, CALLS))
        self.it = it
        held(it.engine, recording_id(1))
        grew = held(it.engine, recording_id(2), recording_id(3))
        let_go = held(it.engine, recording_id(4))
        given_up = self.placing(5)
        ended = held(it.engine, recording_id(6))
        add_shards(database, epoch=2)
        for each in CALLS:
            put_key(database, each)
        self.had(database, grew, 2, is_active=True)
        self.had(database, let_go, 4, is_active=True)
        self.had(database, given_up, 5, is_active=False)
        self.had(database, ended, 6, is_active=False)
        with writing(it.engine) as connection:
            cancel(connection, author(), given_up, one_person=False)
            for each in (let_go, ended):
                release(connection, author(), each, NOW_US + GRACE_US, one_person=False)
            for each in (let_go, given_up, ended):
                has_let_go(connection, each, NOW_US)
        open_plan(database, PLAN, terms(due_us=scene.NOW_US))
        plan_recordings(database, PLAN, [(recording_id(each), 1) for each in CALLS])
        seal_plan(database, PLAN, terms().digest, scene.NOW_US)
        raise_fences(database)

    def placing(self, number: int) -> StoredHold:
        """One that is being placed."""
        with writing(self.it.engine) as connection:
            own = open_hold(connection, author(), HoldId(b"p" * 16), TERMS)
            row = {"tenant": 1, "hold": own.number, "recording": recording_id(number).raw}
            values = {"noted_us": 1, "because": "placed", "state": "meant"}
            connection.execute(insert(hold_recording).values(**row, **values))
        return own

    def had(self, database: Database, own: StoredHold, number: int, *, is_active: bool) -> None:
        """What the keystore had of a hold when it was backed up."""
        place_hold(database, own.id, DEFAULT_TENANT)
        hold_keys(database, own.id, [key(number)])
        if is_active:
            activate_hold(database, own.id)


def destroyed(runner: KeyClient) -> dict[int, object]:
    """What a runner hears that has judged everything just now and knows of no hold."""
    generation = runner.fence(DEFAULT_TENANT).generation
    asked = [recording_id(each) for each in CALLS]
    outcomes = runner.destroy(PlanId(PLAN.raw), generation, asked)
    return {
        number: said.why if isinstance(said, KeptRecording) else DestroyedRecording
        for number, said in zip(CALLS, outcomes, strict=True)
    }


async def test_pages_of_the_ledger_are_held_again_too(tmp_path: Path) -> None:
    """No row says which: they follow from the hold and from their calls."""
    own = page(1, refused(1))
    async with register(tmp_path) as it:
        adopt(it.engine, own)
        with writing(it.engine) as connection:
            scope = ByQuery(SearchQuery(window=ALWAYS), EVERYWHERE)
            wanted = replace(TERMS, scope=scope)
            placed = open_hold(connection, author(), HoldId(b"q" * 16), wanted)
            activate(connection, author(), placed, {})
        key_client = MemoryClient()
        key_client.place_hold(stand_in(DEFAULT_TENANT), DEFAULT_TENANT)
        RestoredGuard(it.engine, key_client, DEFAULT_TENANT, 1, NOW_US).complete()

    assert (key_client.held, key_client.placing) == ({placed.id: {own.key_id}}, set())


async def test_until_the_holds_placed_since_are_there_again_nothing_goes_and_then_the_rest(
    tmp_path: Path,
) -> None:
    """Two processes: the key daemon with the keystore of yesterday, and who knows today's holds."""
    async with register(tmp_path) as it:
        with (
            daemon_process(tmp_path / "keys") as config,
            closing(KeyClient(config.api_socket)) as api,
            closing(KeyClient(config.retention_socket)) as runner,
        ):
            with closing(open_database(config.keystore)) as database:
                PutBack(it, database)
            before = destroyed(runner)
            await HoldUpkeep(it.catalog, lambda: NOW_US, api).once()
            after = destroyed(runner)

    assert before == dict.fromkeys(CALLS, Why.PLACING)
    assert after == {
        **dict.fromkeys((1, 2, 3), Why.HELD),
        **dict.fromkeys((4, 5, 6, 7), DestroyedRecording),
    }


async def test_a_hold_that_is_gone_from_the_guard_is_placed_again_at_once(tmp_path: Path) -> None:
    """Whole keys were put back: nobody raised a fence, and nothing says that they are older."""
    async with register(tmp_path) as it:
        adopt(it.engine, adoption(1), adoption(2))
        own = held(it.engine, recording_id(1), recording_id(2))
        key_client = MemoryClient()
        upkeep = HoldUpkeep(it.catalog, lambda: NOW_US, key_client)
        await upkeep.once()
        assert key_client.held == {own.id: {key(1), key(2)}}
        # As they were when the hold had grown by half.
        key_client.held[own.id].discard(key(2))
        await upkeep.once()
        again = dict(key_client.held)
        asked = len(key_client.asked)
        await upkeep.once()

    assert again == {own.id: {key(1), key(2)}}
    assert (key_client.placing, key_client.active) == (set(), {own.id})
    # There is nothing more to do.
    assert set(key_client.asked[asked:]) == {"fence", "holds"}


async def test_keys_that_are_not_adopted_again_yet_have_nothing_placed_for_ever(
    tmp_path: Path,
) -> None:
    """The keystore of before never had them: they are held as they are adopted."""
    async with register(tmp_path) as it:
        adopt(it.engine, adoption(1), adoption(2))
        own = held(it.engine, recording_id(1), recording_id(2))
        key_client = MemoryClient()
        upkeep = HoldUpkeep(it.catalog, lambda: NOW_US, key_client)
        await upkeep.once()
        key_client.held[own.id].clear()
        key_client.unknown = {key(2)}
        for _ in range(2):
            await upkeep.once()
        asked = len(key_client.asked)
        await upkeep.once()

    assert key_client.held == {own.id: {key(1)}}
    assert set(key_client.asked[asked:]) == {"fence", "holds"}


async def test_a_hold_that_is_let_go_of_is_no_difference(tmp_path: Path) -> None:
    """Its keys go free, and a moment later that is noted: somebody may be killed in between."""
    async with register(tmp_path) as it:
        adopt(it.engine, adoption(1))
        own = held(it.engine, recording_id(1))
        key_client = MemoryClient()
        await HoldUpkeep(it.catalog, lambda: NOW_US, key_client).once()
        with writing(it.engine) as connection:
            release(connection, author(), own, NOW_US + GRACE_US, one_person=False)
        key_client.release_hold(own.id)
        later_us = NOW_US + GRACE_US + 1
        RestoredGuard(it.engine, key_client, DEFAULT_TENANT, 1, later_us).complete()

    assert (key_client.held, key_client.placing) == ({}, set())


async def test_a_hold_whose_keys_came_and_are_not_noted_yet_is_no_difference(
    tmp_path: Path,
) -> None:
    """The key daemon keeps them first; what is noted is brought up to it."""
    async with register(tmp_path) as it:
        adopt(it.engine, adoption(1), adoption(2))
        own = held(it.engine, recording_id(1))
        key_client = MemoryClient()
        upkeep = HoldUpkeep(it.catalog, lambda: NOW_US, key_client)
        await upkeep.once()
        key_client.held[own.id].add(key(2))
        key_client.asked.clear()
        await upkeep.once()
        with reading(it.engine) as connection:
            (known,) = holds_guarding(connection, 1)

    assert set(key_client.asked) == {"fence", "holds"}
    assert known.keys == 2
