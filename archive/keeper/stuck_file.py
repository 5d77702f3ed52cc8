"""The list of parts that do not go into the archive, as a file for who watches this machine.

Knows nothing of how it is shown. Best effort: a keeper that cannot write it goes on.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from archive.disk import Disk, publish
from archive.keeper.problems import Problem

# Whoever shows it needs no more.
MAX_TOLD: Final = 1_000
MAX_FILE_BYTES: Final = 1 << 20


class StuckPart(msgspec.Struct, frozen=True):
    """A file of the spool, the reason (`archive.keeper.problems`) and its detail."""

    file: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StuckFile:
    """Where the keeper tells of what is stuck; written whole each time."""

    path: Path
    disk: Disk

    def tell(self, problems: Sequence[Problem]) -> None:
        """From now on these are."""
        told = [StuckPart(each.path.name, each.reason, each.detail) for each in problems]
        with suppress(OSError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            publish(self.disk, self.path, [msgspec.json.encode(told[:MAX_TOLD])])


def read_stuck(path: Path) -> tuple[StuckPart, ...]:
    """What the keeper told last; nothing where it never has, or who asks may not read it."""
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(MAX_FILE_BYTES), type=tuple[StuckPart, ...])
    except (OSError, msgspec.DecodeError):
        return ()
