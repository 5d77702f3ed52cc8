"""A disk, a key daemon and a register that fail before a given call, and a power cut that is one.

What was not synced when the power went is undone, in the way that is worst for its writer; or it
is all kept, as when only the process was killed.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.call.adoption import Adoption
from archive.disk.files import LocalDisk
from archive.format.end import End
from archive.ids import KeyId
from archive.keys.client.key_client import Adopted
from tests.archive.keeper.scene import DirectKeys, ListRegister


class PowerCut(BaseException):
    """Nothing after this happens. Not an `Exception`: nobody may handle it."""


@dataclass(slots=True)
class Fuse:
    """Counts calls of all kinds together and blows before one of them."""

    calls_until_cut: int
    calls: list[str] = field(default_factory=list)

    def burn(self, what: str) -> None:
        if len(self.calls) == self.calls_until_cut:
            raise PowerCut(what)
        self.calls.append(what)


@dataclass(slots=True)
class CrashingDisk:
    """The real disk of this machine, and what a power cut would take back of it."""

    fuse: Fuse
    disk: LocalDisk = field(default_factory=LocalDisk)
    _unsynced: list[tuple[Path, Callable[[], None]]] = field(default_factory=list)

    def make_folder(self, folder: Path) -> None:
        self.fuse.burn("make_folder")
        if not folder.exists():
            self.disk.make_folder(folder)
            self._unsynced.append((folder.parent, lambda: _remove_tree(folder)))

    def write(self, path: Path, chunks: Iterable[bytes], mode: int) -> None:
        self.fuse.burn("write")
        self.disk.write(path, chunks, mode)
        inode = path.stat().st_ino
        self._unsynced.append((path, lambda: _empty(path.parent, inode)))

    def sync_file(self, path: Path) -> None:
        self.fuse.burn("sync_file")
        self._unsynced[:] = [entry for entry in self._unsynced if entry[0] != path]

    def sync_files(self, paths: Sequence[Path]) -> None:
        for path in paths:
            self.sync_file(path)

    def rename(self, old: Path, new: Path) -> None:
        self.fuse.burn("rename")
        replaced = new.read_bytes() if new.exists() else None
        self.disk.rename(old, new)
        # Content that was not synced under the old name is as unsafe under the new one.
        self._unsynced[:] = [(new if at == old else at, undo) for at, undo in self._unsynced]
        self._unsynced.append((new.parent, lambda: _rename_back(old, new, replaced)))

    def sync_folder(self, folder: Path) -> None:
        self.fuse.burn("sync_folder")
        self._unsynced[:] = [entry for entry in self._unsynced if entry[0] != folder]

    def unlink(self, path: Path) -> None:
        self.fuse.burn("unlink")
        content = path.read_bytes() if path.exists() else None
        self.disk.unlink(path)
        if content is not None:
            kept = content
            self._unsynced.append((path.parent, lambda: _bring_back(path, kept)))

    def continued(self) -> "CrashingDisk":
        """The same disk under a new process that is not cut off; what is unsynced still is."""
        after = CrashingDisk(Fuse(sys.maxsize))
        after._unsynced = self._unsynced
        return after

    def cut_power(self) -> None:
        """Undo everything that nobody waited for."""
        for _, undo in reversed(self._unsynced):
            undo()
        self._unsynced.clear()


def _empty(folder: Path, inode: int) -> None:
    for path in folder.iterdir():
        if path.stat().st_ino == inode:
            path.write_bytes(b"")


def _rename_back(old: Path, new: Path, replaced: bytes | None) -> None:
    if new.exists():
        new.rename(old)
    if replaced is not None:
        new.write_bytes(replaced)


def _bring_back(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _remove_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


@dataclass(slots=True)
class CrashingKeys:
    """The key daemon behind a fuse; what it has done stays done, in its own process."""

    fuse: Fuse
    keys: DirectKeys

    def adopt(self, page: bytes, header: bytes) -> Adopted:
        self.fuse.burn("adopt")
        return self.keys.adopt(page, header)

    def open_unarchived(self, key_id: KeyId) -> bytearray:
        self.fuse.burn("open_unarchived")
        return self.keys.open_unarchived(key_id)

    def sign_end(self, key_id: KeyId, header_tag: bytes, end: End) -> bytes:
        self.fuse.burn("sign_end")
        return self.keys.sign_end(key_id, header_tag, end)

    def confirm(self, key_id: KeyId) -> None:
        self.fuse.burn("confirm")
        self.keys.confirm(key_id)

    def mark_archived(self, key_id: KeyId) -> None:
        self.fuse.burn("mark_archived")
        self.keys.mark_archived(key_id)


@dataclass(slots=True)
class CrashingRegister:
    """The register behind a fuse; a commit is one transaction, so there is no half of it."""

    fuse: Fuse
    register: ListRegister

    def commit(self, adoptions: Sequence[Adoption]) -> None:
        self.fuse.burn("commit")
        self.register.commit(adoptions)
