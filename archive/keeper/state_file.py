"""How the keeper is, as a file for who watches this machine: what waits, what is stuck, its disks.

Knows nothing of how it is shown. Best effort: a keeper that cannot write it goes on, and who reads
it sees by `at_us` that it is old.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec

from archive.disk.files import Disk, publish
from archive.disk.room import DiskState

# Whoever shows it needs no more; how many there are is counted beside.
MAX_TOLD: Final = 1_000
MAX_FILE_BYTES: Final = 1 << 20

Awaited = Literal["", "keys", "catalog"]


class StuckPart(msgspec.Struct, frozen=True):
    """A file of the spool, the reason (`archive.keeper.stuck_parts`) and its detail."""

    file: str
    reason: str
    detail: str = ""


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """Parts in the spool whose key is not adopted or that are finished, and their bytes.

    `oldest_us`: when the one that waits for longest was last written to (µs since 1970 UTC; 0:
    nothing waits). `live`: parts that are written, or of which nothing is said.
    """

    parts: int = 0
    size_bytes: int = 0
    oldest_us: int = 0
    live: int = 0


class KeeperState(msgspec.Struct, frozen=True, kw_only=True):
    """As of `at_us`; its last whole round ended at `round_us` (µs since 1970 UTC; 0: none yet).

    `awaits`: who does not answer it. `counts`: how many parts are stuck for each reason, of which
    `stuck` names the first `MAX_TOLD`.
    """

    at_us: int
    round_us: int = 0
    awaits: Awaited = ""
    backlog: Backlog = Backlog()
    counts: Mapping[str, int] = {}
    stuck: tuple[StuckPart, ...] = ()
    disks: tuple[DiskState, ...] = ()


@dataclass(frozen=True, slots=True)
class StateFile:
    """Where the keeper tells how it is; written whole each time."""

    path: Path
    disk: Disk

    def tell(self, state: KeeperState) -> None:
        with suppress(OSError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            publish(self.disk, self.path, [msgspec.json.encode(state)])


def read_state(path: Path) -> KeeperState | None:
    """What the keeper told last; None where it never has, or who asks may not read it."""
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(MAX_FILE_BYTES), type=KeeperState)
    except (OSError, msgspec.DecodeError):
        return None
