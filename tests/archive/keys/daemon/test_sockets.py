"""The key daemon's sockets, over real Unix sockets."""

import asyncio
import struct
from pathlib import Path

import msgspec
import pytest

from archive.ids import KeyId, RecordingId
from archive.keys.daemon import sockets as shell
from archive.keys.daemon.sockets import group_id, serve_keys
from archive.keys.errors import EpochKeyMissing, GroupUnknown
from archive.keys.wire.protocol import LENGTH, MAX_MESSAGE_BYTES, Status, encode
from tests.archive.keys.entries import open_ask
from tests.archive.keys.scene import NOW_US
from tests.support.keys.daemon import a_config, served


async def exchange(path: Path, message: bytes) -> dict[str, object]:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(message)
    size = LENGTH.unpack(await reader.readexactly(LENGTH.size))[0]
    answer = msgspec.msgpack.decode(await reader.readexactly(size), type=dict[str, object])
    writer.close()
    return answer


async def test_every_socket_answers_and_keeps_its_role(tmp_path: Path) -> None:
    """The role is the socket, whatever the message says."""
    config = a_config(tmp_path)
    ask = encode(open_ask(KeyId(bytes(16)), RecordingId(bytes(16)), NOW_US))

    async with served(config):
        assert (await exchange(config.keeper_socket, encode(Status())))["ok"] is True
        assert (await exchange(config.api_socket, ask)) == {"refused": "key_unknown"}
        assert (await exchange(config.keeper_socket, ask)) == {"refused": "not_permitted"}
        assert (await exchange(config.retention_socket, encode(Status())))["ok"] is True
        assert (await exchange(config.retention_socket, ask)) == {"refused": "not_permitted"}


def test_a_group_is_given_by_name_or_by_number() -> None:
    """Containers often have numbers only; a slip of the pen is named before a socket exists."""
    assert group_id("root") == 0
    assert group_id("20011") == 20_011
    assert group_id("") == -1
    with pytest.raises(GroupUnknown):
        group_id("no such group")


async def test_the_sockets_belong_to_owner_and_group(tmp_path: Path) -> None:
    """Mode 0660: who is in neither group cannot even connect."""
    config = a_config(tmp_path)
    async with served(config):
        sockets = (config.keeper_socket, config.api_socket, config.retention_socket)
        modes = [path.stat().st_mode & 0o777 for path in sockets]

    assert modes == [0o660, 0o660, 0o660]


async def test_an_oversized_message_ends_the_conversation(tmp_path: Path) -> None:
    """It is not read: the length alone is enough."""
    config = a_config(tmp_path)
    async with served(config):
        reader, writer = await asyncio.open_unix_connection(config.api_socket)
        writer.write(struct.pack(">I", MAX_MESSAGE_BYTES + 1))

        assert await reader.read() == b""
        writer.close()
        assert (await exchange(config.api_socket, encode(Status())))["ok"] is True


async def test_nonsense_is_refused_and_the_conversation_goes_on(tmp_path: Path) -> None:
    """A newer client's request is refused by name."""
    config = a_config(tmp_path)
    async with served(config):
        answer = await exchange(config.api_socket, LENGTH.pack(3) + b"abc")

    assert answer == {"refused": "malformed"}


async def test_a_cut_message_harms_nobody_else(tmp_path: Path) -> None:
    """A client killed in the middle of a request."""
    config = a_config(tmp_path)
    async with served(config):
        _, writer = await asyncio.open_unix_connection(config.api_socket)
        writer.write(encode(Status())[:-1])
        writer.close()

        assert (await exchange(config.api_socket, encode(Status())))["ok"] is True


async def test_connections_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One too many is hung up on; those that are there go on."""
    monkeypatch.setattr(shell, "MAX_CONNECTIONS", 1)
    config = a_config(tmp_path)
    async with served(config):
        first, writer = await asyncio.open_unix_connection(config.api_socket)
        writer.write(encode(Status()))
        await first.readexactly(LENGTH.size)
        second, refused = await asyncio.open_unix_connection(config.api_socket)

        assert await second.read() == b""
        refused.close()
        writer.close()


async def test_a_client_that_stalls_is_hung_up_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a length and nothing more must not hold a place for ever."""
    monkeypatch.setattr(shell, "MESSAGE_TIMEOUT_S", 0.01)
    config = a_config(tmp_path)
    async with served(config):
        reader, writer = await asyncio.open_unix_connection(config.api_socket)
        writer.write(b"\x00")

        assert await reader.read() == b""
        writer.close()


async def test_a_start_that_fails_makes_no_socket(tmp_path: Path) -> None:
    """Better no daemon than one that refuses everything."""
    config = a_config(tmp_path)
    async with served(config):
        pass
    (config.epochs / "epoch-000001.key").unlink()
    # From Python 3.13 on a server takes its socket away by itself.
    config.keeper_socket.unlink(missing_ok=True)

    with pytest.raises(EpochKeyMissing):
        await serve_keys(config, asyncio.Event(), now_us=lambda: NOW_US, protect=lambda: None)
    assert not config.keeper_socket.exists()


async def test_it_stops_with_conversations_open(tmp_path: Path) -> None:
    """An idle keeper does not hold up the daemon's end."""
    config = a_config(tmp_path)
    async with served(config):
        reader, writer = await asyncio.open_unix_connection(config.keeper_socket)
        writer.write(encode(Status()))
        await reader.readexactly(LENGTH.size)

    assert not asyncio.all_tasks() - {asyncio.current_task()}
    writer.close()
