"""The keystore's backup sets: made, verified, noted, and deleted with their epoch.

Knows nothing of who asks. Making one needs no turn of the thread that answers; noting it does.
"""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.backup.errors import SetOutdated
from archive.backup.sealed import (
    SET_SUFFIX,
    SetKey,
    SetKind,
    SetLead,
    read_lead,
    set_name,
    settle_set,
    unseal,
    write_draft,
)
from archive.disk.files import LocalDisk, draft_of
from archive.format.floe import zero
from archive.keys.epochs.keystore_copy import check_keystore, copy_keystore, held_keys
from archive.keys.errors import EpochKeyMissing, WrapDamaged
from archive.keys.store.key_service import KEY_BYTES, KeyService

SETS_MODE: Final = 0o700
# Ids struck off a list in one go.
MARKED_AT_ONCE: Final = 250
_AAD: Final = b"rokuon backup 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeystoreSet:
    """A set that was verified, and the keys in it that no earlier one held."""

    path: Path
    epoch: int
    made_us: int
    keys: int
    held: list[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeystoreSets:
    """Where the keystore is, and the folder of its sets."""

    database: Path
    folder: Path
    service: KeyService

    def make(self, epoch: int, now_us: int) -> KeystoreSet:
        """Copy, seal, read back and check; only then the set gets its name.

        Raises `ArchiveError`, `OSError`, `sqlite3.Error`.
        """
        self.folder.mkdir(mode=SETS_MODE, parents=True, exist_ok=True)
        with self._aside("copy") as copy:
            copy_keystore(self.database, copy, epoch)
            lead = SetLead(
                kind=SetKind.KEYSTORE, epoch=epoch, made_us=now_us, size=copy.stat().st_size
            )
            path = self.folder / set_name(lead)
            with new_set_key(self.service, lead) as key:
                write_draft(LocalDisk(), path, copy, lead, key)
        with self._aside("back") as back:
            with opened_set_key(self.service, draft_of(path)) as opened:
                unseal(draft_of(path), opened, back)
            keys = check_keystore(back, self.service)
            held = held_keys(back)
        settle_set(LocalDisk(), path)
        return KeystoreSet(path=path, epoch=epoch, made_us=now_us, keys=keys, held=held)

    def note(self, connection: sqlite3.Connection, made: KeystoreSet) -> None:
        """Write down that it is verified, in the caller's transaction."""
        connection.execute(
            "INSERT OR REPLACE INTO keystore_set (name, epoch, made_us, keys) VALUES (?, ?, ?, ?)",
            (made.path.name, made.epoch, made.made_us, made.keys),
        )

    def note_held(self, connection: sqlite3.Connection, held: list[bytes]) -> None:
        """Take some of these keys off the list of those that no set holds, and off `held`."""
        some = [(held.pop(),) for _ in range(min(MARKED_AT_ONCE, len(held)))]
        connection.executemany("DELETE FROM unbacked WHERE key_id = ?", some)

    def delete_of(self, epoch: int) -> None:
        """Delete the sets that only this epoch opens."""
        if not self.folder.is_dir():
            return
        for path in self.folder.glob(f"*-e{epoch:06d}{SET_SUFFIX}"):
            path.unlink(missing_ok=True)
        LocalDisk().sync_folder(self.folder)

    def clear_leftovers(self) -> None:
        """Remove what a kill has left of copies: wraps that may be of destroyed keys."""
        for path in self.database.parent.glob(f"{self.database.name}.*.aside*"):
            path.unlink(missing_ok=True)
        if self.folder.is_dir():
            for path in self.folder.glob(f".*{SET_SUFFIX}.draft"):
                path.unlink(missing_ok=True)

    @contextmanager
    def _aside(self, name: str) -> Iterator[Path]:
        path = self.database.with_name(f"{self.database.name}.{name}.aside")
        path.unlink(missing_ok=True)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)


@contextmanager
def new_set_key(service: KeyService, lead: SetLead) -> Iterator[SetKey]:
    """A key for one set, zeroed when the block ends."""
    opened, wrapped = new_set_key_bytes(service, lead)
    try:
        yield SetKey(opened=opened, wrapped=wrapped)
    finally:
        zero(opened)


@contextmanager
def opened_set_key(service: KeyService, path: Path) -> Iterator[bytearray]:
    """The key of a set, zeroed when the block ends; raises `SetOutdated`, `SetDamaged`."""
    lead, wrapped = read_lead(path)
    opened = set_key_of(service, lead, wrapped)
    try:
        yield opened
    finally:
        zero(opened)


def new_set_key_bytes(service: KeyService, lead: SetLead) -> tuple[bytearray, bytes]:
    """A key for one set, to be zeroed, and the same wrapped under its epoch."""
    opened = bytearray(secrets.token_bytes(KEY_BYTES))
    return opened, service.wrap(lead.epoch, opened, _AAD + lead.encode())


def set_key_of(service: KeyService, lead: SetLead, wrapped: bytes) -> bytearray:
    """The key of a set, to be zeroed; raises `SetOutdated` where its epoch opens nothing here."""
    try:
        return service.unwrap(lead.epoch, wrapped, _AAD + lead.encode())
    except EpochKeyMissing as missing:
        raise SetOutdated(str(missing)) from missing
    except WrapDamaged as damaged:
        raise SetOutdated(
            f"the key of epoch {lead.epoch} is another one, or it is damaged"
        ) from damaged
