"""The node that records, asked over its socket."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from api.calls.signalling_client import SocketNode
from api.permissions.errors import NodeAway
from archive.call.live import LiveCalls, Question, Wish


async def test_a_question_is_answered_over_the_socket(tmp_path: Path) -> None:
    """One line each way, as signalling has it."""
    heard: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readline())
        writer.write(msgspec.json.encode(LiveCalls(total=0, calls=(), draining=True)) + b"\n")
        writer.close()

    server = await asyncio.start_unix_server(answer, tmp_path / "status.sock")
    told = await SocketNode(tmp_path / "status.sock").ask(Question(wish=Wish.DRAIN))
    server.close()

    assert told.draining
    assert heard == [b'{"wish":"drain"}\n']


@pytest.mark.parametrize("said", [b"", b"{}", b"nonsense\n"])
async def test_a_node_that_says_nothing_of_sense_is_away(tmp_path: Path, said: bytes) -> None:
    """Nobody is told that there are no calls."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(said)
        writer.close()

    server = await asyncio.start_unix_server(answer, tmp_path / "status.sock")
    with pytest.raises(NodeAway):
        await SocketNode(tmp_path / "status.sock").ask(Question())
    server.close()
    with pytest.raises(NodeAway):
        await SocketNode(tmp_path / "nobody.sock").ask(Question())
