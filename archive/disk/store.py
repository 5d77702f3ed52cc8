"""Objects in local files: each put once, whole, and read by range.

Knows nothing of what is in them; names are relative paths of ids and dates.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from archive.disk.files import OBJECT_MODE, Disk, draft_of, make_folders, settle
from archive.errors import ArchiveError
from archive.format.segments import FileSource

# tenant / year / month / day / file, and no more
MAX_NAME_PARTS: Final = 5
# A MiB a read: few calls for a long part, little memory for many.
CHUNK_BYTES: Final = 1 << 20
# Folders remembered as durable; a day and tenant each, so this is months of them.
MAX_REMEMBERED_FOLDERS: Final = 1024

Chunks = Callable[[], Iterable[bytes]]


class ObjectDiffers(ArchiveError):
    """An object of this name is there already, with other bytes."""


class ObjectMissing(ArchiveError):
    """There is no object of this name."""


class NameRefused(ArchiveError):
    """Not a name for an object: absolute, hidden, or leading out of the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObject:
    name: str
    size_bytes: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """An object on its way into the store; `is_there` where it has its name already."""

    path: Path
    stored: StoredObject
    is_there: bool


class LocalStore:
    """The archive's folder on this machine; everything raises `NameRefused` for a bad name."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self.root: Final = root
        self._disk = disk
        self._durable: set[Path] = set()

    def path(self, name: str) -> Path:
        """Where an object lies, or would."""
        parts = PurePosixPath(name).parts
        if not 1 <= len(parts) <= MAX_NAME_PARTS or any(part[0] in "/." for part in parts):
            raise NameRefused("an object's name is a plain relative path")
        return self.root.joinpath(*parts)

    def put(self, name: str, chunks: Chunks) -> StoredObject:
        """Make the object appear whole and stay; what is there with the same bytes stays as it is.

        `chunks` may be called twice. Raises `ObjectDiffers` where other bytes are there.
        """
        draft = self.draft(name, chunks)
        self.settle([draft])
        return draft.stored

    def draft(self, name: str, chunks: Chunks) -> Draft:
        """The first half of `put`: all of it is written, nothing is promised yet."""
        path = self.path(name)
        self._make_folder(path.parent)
        if path.exists():
            return Draft(path, self._compared(name, chunks), is_there=True)
        hashed = _Hashing()
        self._disk.write(draft_of(path), hashed.passing(chunks()), OBJECT_MODE)
        return Draft(path, hashed.stored_as(name), is_there=False)

    def settle(self, drafts: Sequence[Draft]) -> None:
        """The second half, for many at once: each appears whole and stays when this returns.

        Those that are there already are made to stay as well: whoever put them may have been cut
        before he did.
        """
        settle(self._disk, [draft.path for draft in drafts if not draft.is_there])
        for folder in sorted({draft.path.parent for draft in drafts if draft.is_there}):
            self._disk.sync_folder(folder)

    def keep(self, name: str) -> Draft:
        """An object that is there and shall stay, for `settle`; raises `ObjectMissing`."""
        path = self.path(name)
        self._make_folder(path.parent)
        return Draft(path, self.describe(name), is_there=True)

    def describe(self, name: str) -> StoredObject:
        """Size and SHA-256 of an object, read from the disk; raises `ObjectMissing`."""
        hashed = _Hashing()
        for _ in hashed.passing(self._chunks_of(name)):
            pass
        return hashed.stored_as(name)

    def exists(self, name: str) -> bool:
        return self.path(name).is_file()

    def read(self, name: str, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset`; fewer at the end. Raises `ObjectMissing`."""
        with closing(self.source(name)) as source:
            return source.read_at(offset, length)

    def source(self, name: str) -> FileSource:
        """An object to be read by range, as a part's reader wants it; raises `ObjectMissing`."""
        try:
            return FileSource(self.path(name))
        except FileNotFoundError:
            raise ObjectMissing("there is no object of this name") from None

    def names(self, suffix: str) -> Iterator[str]:
        """Names of all objects that end so, in order; drafts are none."""
        for folder, folders, files in os.walk(self.root):
            folders.sort()
            for file in sorted(files):
                if file.endswith(suffix) and not file.startswith("."):
                    yield Path(folder, file).relative_to(self.root).as_posix()

    def delete(self, name: str) -> None:
        """Remove an object, for good when this returns; one that is gone is no error."""
        path = self.path(name)
        self._disk.unlink(path)
        if path.parent.is_dir():
            self._disk.sync_folder(path.parent)

    def _make_folder(self, folder: Path) -> None:
        # A disk that was mounted anew may have lost it.
        if folder in self._durable and folder.is_dir():
            return
        make_folders(self._disk, self.root, folder)
        if len(self._durable) >= MAX_REMEMBERED_FOLDERS:
            self._durable.clear()
        self._durable.add(folder)

    def _compared(self, name: str, chunks: Chunks) -> StoredObject:
        wanted = _Hashing()
        for _ in wanted.passing(chunks()):
            pass
        there = self.describe(name)
        if there != wanted.stored_as(name):
            raise ObjectDiffers("an object of this name has other bytes")
        return there

    def _chunks_of(self, name: str) -> Iterator[bytes]:
        with closing(self.source(name)) as source:
            yield from chunks_from(source)


class _Hashing:
    """Size and digest of what passes."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._size_bytes = 0

    def passing(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._digest.update(chunk)
            self._size_bytes += len(chunk)
            yield chunk

    def stored_as(self, name: str) -> StoredObject:
        return StoredObject(name=name, size_bytes=self._size_bytes, sha256=self._digest.digest())


def chunks_from(source: FileSource) -> Iterator[bytes]:
    """All bytes of a source, in pieces of `CHUNK_BYTES`."""
    offset = 0
    while chunk := source.read_at(offset, CHUNK_BYTES):
        yield chunk
        offset += len(chunk)
