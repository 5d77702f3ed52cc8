"""One of a kind in a folder: a second one is told so before it takes anything from the first.

Knows a file and a lock of the kernel, which ends with the process that holds it.
"""

import asyncio
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

import structlog

from archive.rounds import Rounds
from rokuon.messages.errors import AlreadyRunning
from rokuon.messages.i18n import tr

# The kernel tells nobody that a lock is free.
LOOK_AGAIN_S: Final = 0.1
# The digits of a process, padded: written again in the same place, it needs no room on a full disk.
_OWNER_BYTES: Final = 32

log = structlog.get_logger("rokuon")


def lock_path(folder: Path, name: str) -> Path:
    """Where `name` has its lock in a folder."""
    return folder / f"{name}.lock"


@contextmanager
def only_one(folder: Path, name: str) -> Iterator[None]:
    """Hold `<folder>/<name>.lock` while the block lasts; makes the folder where it is missing.

    Raises `AlreadyRunning`, `OSError`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = lock_path(folder, name)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _is_free(descriptor, fcntl.LOCK_EX):
            raise _already(path, descriptor)
        # Who holds it is for people to read: without room for that it is held all the same.
        with suppress(OSError):
            os.pwrite(descriptor, f"{os.getpid()}\n".encode().rjust(_OWNER_BYTES), 0)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def none_runs(paths: Sequence[Path]) -> Iterator[None]:
    """Hold those of these locks that there are while the block lasts: none of theirs can start.

    Makes no file: it would be of who restores, and not of the part that has to write to it. Raises
    `AlreadyRunning` where one is held, `OSError`.
    """
    with ExitStack() as held:
        for path in paths:
            try:
                descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                continue
            held.callback(os.close, descriptor)
            if not _is_free(descriptor, fcntl.LOCK_EX):
                raise _already(path, descriptor)
        yield


async def former_ends(paths: Sequence[Path], stop: asyncio.Event, longest_s: float) -> None:
    """Return once nobody holds any of these locks, or `stop` is set.

    For who starts after a supervisor that was killed: its children are ending. Raises
    `AlreadyRunning` where one is still held after `longest_s`, `OSError`.
    """
    until_s, is_told = asyncio.get_running_loop().time() + longest_s, False
    async for _ in Rounds(stop, LOOK_AGAIN_S):
        if (held := _first_held(paths)) is None:
            return
        if asyncio.get_running_loop().time() > until_s:
            raise held
        if not is_told:
            log.warning("waiting for the end of a former process", reason=str(held))
        is_told = True


def _first_held(paths: Sequence[Path]) -> AlreadyRunning | None:
    for path in paths:
        if (held := _held(path)) is not None:
            return held
    return None


def _held(path: Path) -> AlreadyRunning | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        return None if _is_free(descriptor, fcntl.LOCK_SH) else _already(path, descriptor)
    finally:
        os.close(descriptor)


def _is_free(descriptor: int, kind: int) -> bool:
    """Whether the lock could be taken; it is ours until the descriptor is closed."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _already(path: Path, descriptor: int) -> AlreadyRunning:
    holder = os.pread(descriptor, _OWNER_BYTES, 0).decode("ascii", "replace").strip()
    return AlreadyRunning(
        tr("Rokuon ({part}) already runs in {folder}: process {number}").format(
            part=path.stem, folder=path.parent, number=holder or "?"
        )
    )
