"""The client of the key daemon, against a real one."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from archive.access.opening_text import text_digest
from archive.errors import KeyRefused, KeyUnavailable
from archive.ids import DEFAULT_TENANT
from archive.keys.client.key_client import KeyClient
from archive.keys.daemon.assembly import KeysConfig
from archive.keys.errors import Refusal
from archive.keys.guard.destruction import DestroyedRecording, KeptRecording, Why
from archive.keys.store.keystore import KeyState
from archive.keys.store.legal_holds import Fence, HeldKeys
from archive.keys.store.schema import open_database
from archive.keys.wire.guard_messages import MAX_DESTROYED, MAX_KEYS
from tests.archive.keys.entries import entry_text
from tests.archive.keys.plan_texts import sha256_of, text_of
from tests.archive.keys.scene import NOW_US, Scene
from tests.archive.keys.vault import HOLD, PLAN, add_key, add_shards, hold_id, key, recording, terms
from tests.support.keys.daemon import served


async def test_a_key_goes_all_the_way_through_the_client(tmp_path: Path) -> None:
    """What the keeper does, then what the API does."""
    scene = Scene(tmp_path)
    scene.daemon.close()
    blocks = scene.node.first_blocks()
    entry = entry_text(blocks.header.recording, at_us=NOW_US)

    def ask() -> None:
        keeper, api = KeyClient(scene.config.keeper_socket), KeyClient(scene.config.api_socket)
        adopted = keeper.adopt(blocks.page, blocks.block)
        assert (adopted.key_id, adopted.state) == (blocks.header.key, KeyState.LIVE)
        assert keeper.open_unarchived(adopted.key_id) == blocks.data_key
        keeper.confirm(adopted.key_id)
        keeper.mark_archived(adopted.key_id)
        assert api.open(adopted.key_id, entry) == blocks.data_key
        ((told,), ()) = (page.rows for page in api.openings())
        assert (told.number, told.digest, told.keys) == (1, text_digest(entry), 1)
        assert api.status().adopted == 1
        with pytest.raises(KeyRefused, match=Refusal.ALREADY_ARCHIVED):
            keeper.open_unarchived(adopted.key_id)

    async with served(scene.config):
        await asyncio.to_thread(ask)


async def test_a_daemon_without_its_tables_is_unavailable(tmp_path: Path) -> None:
    """Its own trouble is told from a refusal: asking later may help."""
    scene = Scene(tmp_path)
    scene.daemon.close()
    client = KeyClient(scene.config.keeper_socket)
    async with served(scene.config):
        open_database(scene.config.keystore).execute("DROP TABLE data_key")
        with pytest.raises(KeyUnavailable) as raised:
            await asyncio.to_thread(client.status)

    assert not isinstance(raised.value, KeyRefused)


MANY = range(MAX_DESTROYED + 1)


def a_full_keystore(folder: Path) -> KeysConfig:
    scene = Scene(folder)
    scene.daemon.close()
    database = open_database(scene.config.keystore)
    database.execute("PRAGMA synchronous=OFF")
    add_shards(database, epoch=2)
    for number in MANY:
        add_key(database, number)
    return scene.config


def plan_all(api: KeyClient) -> None:
    lines = text_of([(recording(number), 1) for number in MANY])
    api.open_plan(PLAN, replace(terms(), digest=sha256_of(lines)))
    api.plan_text(PLAN, lines)
    api.seal_plan(PLAN)


def hold_the_first(api: KeyClient) -> None:
    assert api.place_hold(HOLD, DEFAULT_TENANT) == 1
    unknown = [key(number) for number in range(1_000, 1_000 + MAX_KEYS)]
    assert api.hold_keys(HOLD, [key(0), *unknown]) == HeldKeys(held=1, unknown=tuple(unknown))
    assert api.fence(DEFAULT_TENANT) == Fence(1, 1)
    api.activate_hold(HOLD)


def destroy_the_others(runner: KeyClient) -> None:
    outcomes = runner.destroy(PLAN, 1, [recording(number) for number in MANY])
    assert outcomes[0] == KeptRecording(recording(0), Why.HELD)
    assert outcomes[1:] == tuple(
        DestroyedRecording(recording(number), NOW_US) for number in MANY[1:]
    )
    assert runner.fence(DEFAULT_TENANT) == Fence(1, 0)
    with pytest.raises(KeyRefused, match=Refusal.NOT_PERMITTED):
        runner.place_hold(HOLD, DEFAULT_TENANT)


async def test_holds_plans_and_destroying_go_through_the_client(tmp_path: Path) -> None:
    """What the API does, then what the retention runner does, in lists longer than a message."""
    config = a_full_keystore(tmp_path)

    def ask() -> None:
        api, runner = KeyClient(config.api_socket), KeyClient(config.retention_socket)
        plan_all(api)
        hold_the_first(api)
        destroy_the_others(runner)
        gone = tuple(key(number) for number in MANY[1:])
        assert api.hold_keys(HOLD, gone) == HeldKeys(destroyed=gone)

    async with served(config):
        await asyncio.to_thread(ask)


async def test_holds_and_plans_end_through_the_client(tmp_path: Path) -> None:
    """However many steps it takes the daemon."""
    config = a_full_keystore(tmp_path)

    def ask() -> None:
        api = KeyClient(config.api_socket)
        plan_all(api)
        hold_the_first(api)
        api.release_hold(HOLD)
        api.end_plan(PLAN)
        api.place_hold(hold_id(2), DEFAULT_TENANT)
        api.cancel_hold(hold_id(2))
        assert api.fence(DEFAULT_TENANT) == Fence(2, 0)

    async with served(config):
        await asyncio.to_thread(ask)
    rows = open_database(config.keystore).execute("SELECT state FROM plan").fetchall()
    assert rows == [("ended",)]
