"""The node that records, asked over signalling's socket.

Knows the socket and the form of its answers, nothing of who asks or of what is done with them.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import msgspec

from api.permissions.errors import NodeAway
from archive.call.live import LiveCalls, Question

ANSWER_S: Final = 5.0
# Ten thousand calls with their parties.
MAX_ANSWER_BYTES: Final = 1 << 25


class Node(Protocol):
    """Who answers questions about live calls, and does what is wished of them."""

    async def ask(self, question: Question) -> LiveCalls:
        """The answer; raises `NodeAway`."""


@dataclass(frozen=True, slots=True)
class SocketNode:
    """Signalling of this machine."""

    path: Path

    async def ask(self, question: Question) -> LiveCalls:
        """The answer; raises `NodeAway`."""
        try:
            async with asyncio.timeout(ANSWER_S):
                return msgspec.json.decode(await self._say(question), type=LiveCalls)
        except (OSError, TimeoutError, msgspec.MsgspecError) as away:
            raise NodeAway("signalling does not answer") from away

    async def _say(self, question: Question) -> bytes:
        reader, writer = await asyncio.open_unix_connection(self.path, limit=MAX_ANSWER_BYTES)
        try:
            writer.write(msgspec.json.encode(question) + b"\n")
            return await reader.read()
        finally:
            writer.close()
