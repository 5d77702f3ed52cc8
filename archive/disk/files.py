"""The few disk operations that durability is made of, and the order they go in.

Knows nothing of recordings or keys. Every operation is one call of `Disk`, so that tests can cut
the power before each of them.
"""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Protocol

# Objects may be read by the group (the API); key files say 0600 themselves.
OBJECT_MODE: Final = 0o640
# Whose group may write is said by the folder above (`deploy/systemd/rokuon.tmpfiles`).
FOLDER_MODE: Final = 0o770
# Syncs that wait for the medium together end with one commit of the file system's log.
SYNCS_AT_ONCE: Final = 16


class Disk(Protocol):
    """What may be asked of a disk; all of it raises `OSError`."""

    def make_folder(self, folder: Path) -> None:
        """Create one folder in an existing one; an existing folder is left as it is."""

    def write(self, path: Path, chunks: Iterable[bytes], mode: int) -> None:
        """Create `path` with this content, in place of any file there."""

    def sync_file(self, path: Path) -> None:
        """Return when the content of the file is safe from a power cut."""

    def sync_files(self, paths: Sequence[Path]) -> None:
        """Return when the content of all these files is."""

    def rename(self, old: Path, new: Path) -> None:
        """Give a file its name, replacing what had it."""

    def sync_folder(self, folder: Path) -> None:
        """Return when the names in the folder are safe from a power cut."""

    def unlink(self, path: Path) -> None:
        """Remove a file; one that is gone already is no error."""


class LocalDisk:
    def make_folder(self, folder: Path) -> None:
        """Create one folder in an existing one."""
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)

    def write(self, path: Path, chunks: Iterable[bytes], mode: int) -> None:
        """Create `path` with this content, in place of any file there."""
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            for chunk in chunks:
                _write_all(file.fileno(), chunk)

    def sync_file(self, path: Path) -> None:
        """Flush the file's content to the medium."""
        _sync(path, os.O_RDONLY)

    def sync_files(self, paths: Sequence[Path]) -> None:
        """Flush the content of all these files to the medium, side by side."""
        if len(paths) == 1:
            self.sync_file(paths[0])
        elif paths:
            with ThreadPoolExecutor(min(len(paths), SYNCS_AT_ONCE)) as threads:
                list(threads.map(self.sync_file, paths))

    def rename(self, old: Path, new: Path) -> None:
        """Give a file its name, replacing what had it."""
        old.rename(new)

    def sync_folder(self, folder: Path) -> None:
        """Flush the folder's names to the medium."""
        _sync(folder, os.O_RDONLY | os.O_DIRECTORY)

    def unlink(self, path: Path) -> None:
        """Remove a file; one that is gone already is no error."""
        path.unlink(missing_ok=True)


def publish(disk: Disk, path: Path, chunks: Iterable[bytes], mode: int = OBJECT_MODE) -> None:
    """Make `path` appear whole or not at all, and stay once we return."""
    disk.write(draft_of(path), chunks, mode)
    settle(disk, [path])


def settle(disk: Disk, paths: Sequence[Path]) -> None:
    """Give written drafts their names, and return when all of them stay."""
    disk.sync_files([draft_of(path) for path in paths])
    for path in paths:
        disk.rename(draft_of(path), path)
    for folder in sorted({path.parent for path in paths}):
        disk.sync_folder(folder)


def draft_of(path: Path) -> Path:
    """The name under which a file is written before it gets its own."""
    return path.with_name(f".{path.name}.draft")


def make_folders(disk: Disk, root: Path, folder: Path) -> None:
    """Make `folder` and what lies between it and `root` exist, and stay once we return.

    Folders that exist are synced as well: whoever made them may have been cut before he did.
    """
    parent = root
    for name in folder.relative_to(root).parts:
        disk.make_folder(parent / name)
        disk.sync_folder(parent)
        parent /= name


def _write_all(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
