"""Whether who listens for a while may still do so: asked anew every few seconds.

Knows nothing of what is listened to.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from typing import Final, TypeVar

from api.access.authorization import Door
from api.permissions.actor import Actor

# Who may no longer listen hears nothing after this.
ASKED_EVERY_S: Final = 2.0

_Piece = TypeVar("_Piece")


class NoLongerTrusted(Exception):
    """A token was revoked, an account disabled, or a role taken while something was sent.

    No refusal that could be answered: the answer has begun, and is broken off.
    """


class ListenerState:
    """One listener's standing, as it was found last."""

    def __init__(self, door: Door, actor: Actor, every_s: float = ASKED_EVERY_S) -> None:
        self._door, self._actor, self._every_s = door, actor, every_s
        self._asked_s = asyncio.get_running_loop().time()

    async def holds(self) -> bool:
        """Whether the account stands; not asked again before its time."""
        now_s = asyncio.get_running_loop().time()
        if now_s - self._asked_s < self._every_s:
            return True
        self._asked_s = now_s
        return await self._door.stands(self._actor)

    async def over(self, pieces: AsyncIterable[_Piece]) -> AsyncIterator[_Piece]:
        """The same pieces while the account stands.

        Raises `NoLongerTrusted`: what is cut short must not end as if it were whole.
        """
        async for piece in pieces:
            if not await self.holds():
                raise NoLongerTrusted("the account may no longer have this")
            yield piece
