"""The client of the key daemon, against a real one."""

import asyncio
from pathlib import Path

import pytest

from archive.errors import KeyRefused, KeyUnavailable
from archive.keys.client import KeyClient
from archive.keys.errors import Refusal
from archive.keys.keystore import KeyState
from archive.keys.schema import open_database
from tests.archive.keys.scene import Scene
from tests.archive.keys.test_daemon import served


async def test_a_key_goes_all_the_way_through_the_client(tmp_path: Path) -> None:
    """What the keeper does, then what the API does."""
    scene = Scene(tmp_path)
    scene.daemon.close()
    blocks = scene.node.first_blocks()

    def ask() -> None:
        keeper, api = KeyClient(scene.config.keeper_socket), KeyClient(scene.config.api_socket)
        adopted = keeper.adopt(blocks.page, blocks.block)
        assert (adopted.key_id, adopted.state) == (blocks.header.key, KeyState.LIVE)
        assert keeper.open_unarchived(adopted.key_id) == blocks.data_key
        keeper.confirm(adopted.key_id)
        keeper.mark_archived(adopted.key_id)
        assert api.open(adopted.key_id, "verify", 4) == blocks.data_key
        assert api.status().adopted == 1
        with pytest.raises(KeyRefused, match=Refusal.ALREADY_ARCHIVED):
            keeper.open_unarchived(adopted.key_id)

    async with served(scene.config):
        await asyncio.to_thread(ask)


async def test_a_daemon_that_was_restarted_is_found_again(tmp_path: Path) -> None:
    """The kept connection is dead; the request goes out once more over a new one."""
    scene = Scene(tmp_path)
    scene.daemon.close()
    client = KeyClient(scene.config.keeper_socket)

    for _ in range(2):
        async with served(scene.config):
            assert (await asyncio.to_thread(client.status)).epoch == 1


def test_without_a_daemon_keys_are_unavailable(tmp_path: Path) -> None:
    """Capture's folder alone: the socket is not even there."""
    with pytest.raises(KeyUnavailable):
        KeyClient(tmp_path / "keeper.sock").status()


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


@pytest.mark.parametrize("answer", [b"", b"\x00\x00", b"\x00\x00\x00\x01\xc1", b"\xff\xff\xff\xff"])
async def test_an_answer_that_is_none_is_unavailable(tmp_path: Path, answer: bytes) -> None:
    """Something else listens on the socket, or the daemon died while it answered."""

    def reply(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    server = await asyncio.start_unix_server(reply, tmp_path / "keeper.sock")
    with pytest.raises(KeyUnavailable):
        await asyncio.to_thread(KeyClient(tmp_path / "keeper.sock", timeout_s=1).status)
    server.close()
