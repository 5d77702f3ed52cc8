"""One instance of each part in its folder: which lock is whose, and who must have ended before.

Knows folders and names, nothing of what a part does (`docs/adr/0030-one-instance-of-a-part.md`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rokuon.compose.processes.lock import lock_path, only_one
from rokuon.compose.processes.supervisor import START_ORDER
from rokuon.config.schema import Config

# Longer than a part may take to end that was told to when its supervisor was killed.
CHILDREN_END_S: Final = 25.0
CAPTURE_ENDS_S: Final = 12.0
_NUMBERED: Final = ("ingest", "relay")
# Each holds sockets that a new holder has to bind, or is the holder.
_OF_CAPTURE: Final = ("holder", "signalling", *_NUMBERED)


def folder_of(config: Config, part: str) -> Path:
    """The folder in which a part may run once; capture's processes share theirs."""
    match part:
        case "keys":
            return config.keys.path
        case "keeper" | "retention":
            return config.catalog_path
        case "api":
            return config.sign_in_key.parent
        case _:
            return config.run_path


@contextmanager
def only_instance(config: Config, part: str, number: int) -> Iterator[None]:
    """Be the only such part in its folder while the block lasts; of several the only `number`.

    Raises `AlreadyRunning`, `OSError`.
    """
    name = f"{part}-{number}" if part in _NUMBERED else part
    with only_one(folder_of(config, part), name):
        yield


def locks_of_parts(config: Config) -> tuple[Path, ...]:
    """The locks of the parts that a supervisor of all starts."""
    return tuple(lock_path(folder_of(config, part), part) for part in START_ORDER)


def locks_of_capture(config: Config) -> tuple[Path, ...]:
    """The locks of the processes that capture starts, or started with more workers than now."""
    found = sorted(config.run_path.glob("*.lock"))
    return tuple(path for path in found if path.stem.partition("-")[0] in _OF_CAPTURE)
