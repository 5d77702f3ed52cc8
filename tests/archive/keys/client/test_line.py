"""A line to the key daemon: dead connections, dead daemons, answers that are none."""

import asyncio
from pathlib import Path

import pytest

from archive.errors import KeyUnavailable
from archive.keys.client.line import KeyLine
from archive.keys.wire.protocol import Status, StatusAnswer
from tests.archive.keys.scene import Scene
from tests.support.keys.daemon import served


def status(line: KeyLine) -> StatusAnswer:
    return line.ask(Status())


async def test_a_daemon_that_was_restarted_is_found_again(tmp_path: Path) -> None:
    """The kept connection is dead; the request goes out once more over a new one."""
    scene = Scene(tmp_path)
    scene.daemon.close()
    line = KeyLine(scene.config.keeper_socket)

    for _ in range(2):
        async with served(scene.config):
            assert (await asyncio.to_thread(status, line)).epoch == 1


def test_without_a_daemon_keys_are_unavailable(tmp_path: Path) -> None:
    """Capture's folder alone: the socket is not even there."""
    with pytest.raises(KeyUnavailable):
        status(KeyLine(tmp_path / "keeper.sock"))


@pytest.mark.parametrize("answer", [b"", b"\x00\x00", b"\x00\x00\x00\x01\xc1", b"\xff\xff\xff\xff"])
async def test_an_answer_that_is_none_is_unavailable(tmp_path: Path, answer: bytes) -> None:
    """Something else listens on the socket, or the daemon died while it answered."""

    def reply(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    server = await asyncio.start_unix_server(reply, tmp_path / "keeper.sock")
    with pytest.raises(KeyUnavailable):
        await asyncio.to_thread(status, KeyLine(tmp_path / "keeper.sock", timeout_s=1))
    server.close()


async def test_with_each_new_connection_something_is_done_first(tmp_path: Path) -> None:
    """What was known of the daemon may not be so any more; where it fails nothing is asked."""
    scene, done = Scene(tmp_path), list[str]()
    scene.daemon.close()
    line = KeyLine(scene.config.keeper_socket, on_connect=lambda: done.append("first"))
    for _ in range(2):
        async with served(scene.config):
            for _ in range(2):
                await asyncio.to_thread(status, line)
    assert done == ["first"] * 2

    def fail() -> None:
        raise KeyUnavailable("not now")

    line.close()
    line.on_connect = fail
    async with served(scene.config):
        for _ in range(2):
            with pytest.raises(KeyUnavailable, match="not now"):
                await asyncio.to_thread(status, line)
