"""One of a kind in a folder: a second one is told so before it takes anything from the first.

Knows a file and a lock of the kernel, which ends with the process that holds it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rokuon.compose.errors import AlreadyRunning
from rokuon.i18n import tr


@contextmanager
def only_one(folder: Path, name: str) -> Iterator[None]:
    """Hold `<folder>/<name>.lock` while the block lasts; makes the folder where it is missing.

    Raises `AlreadyRunning`, `OSError`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        raise AlreadyRunning(
            tr("Rokuon already runs in {folder}: process {number}").format(
                folder=folder, number=holder
            )
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
