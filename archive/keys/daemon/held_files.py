"""The files that the key daemon holds open, and whether they still lie where they are looked for.

A disk that is mounted anew has others in their place: what is open fails for ever, and nobody finds
the sockets. Reads names only.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from archive.rounds import Rounds

# Within this and a start everything goes on after a disk was mounted anew.
LOOK_S: Final = 2.0

Identity = tuple[int, int] | None

log = structlog.get_logger()


@dataclass(slots=True)
class HeldFiles:
    """The keystore and the sockets, by device and inode as they were when they were opened."""

    paths: tuple[Path, ...]
    then: tuple[Identity, ...]
    is_missed: bool = False

    @classmethod
    def at(cls, keystore: Path, sockets: Sequence[Path]) -> "HeldFiles":
        """Those that lie there now."""
        paths = (keystore, *sockets)
        return cls(paths, tuple(map(_identity, paths)))

    def are_exchanged(self) -> bool:
        """Whether a new start would find another keystore, or nobody finds our sockets.

        Where there is no keystore at all, what is open is the best there is: a new start would
        make an empty one.
        """
        now = tuple(map(_identity, self.paths))
        if now[0] is None and not self.is_missed:
            log.error("keys.keystore_missing")
        self.is_missed = now[0] is None
        return not self.is_missed and now != self.then

    async def until_exchanged(self, stop: asyncio.Event) -> bool:
        """Wait for one of both; whether it was not `stop`."""
        async for _ in Rounds(stop, LOOK_S):
            if await asyncio.to_thread(self.are_exchanged):
                return True
        return False


def _identity(path: Path) -> Identity:
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_dev, about.st_ino
