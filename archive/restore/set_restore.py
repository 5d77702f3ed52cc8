"""Backup sets without a running Rokuon: verified, restored, tried out.

Opens epoch keys itself, so it runs as the user that they belong to. Knows nothing of who runs.
"""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from archive.access.request import Access
from archive.backup.catalog_set import check_catalog_set, stored_sets
from archive.backup.errors import NothingOpened, SetMissing, SetUnverified
from archive.backup.sealed import SetKind, read_lead, unseal
from archive.catalog.access.grants import Ask, VerifyGrant, grant
from archive.catalog.database.engine import catalog_url, open_engine, reading, writing
from archive.catalog.locating.identity import draw_identity_of_restored
from archive.catalog.search.calls import StoredPart, everything, stored
from archive.disk.files import LocalDisk
from archive.errors import ArchiveError
from archive.format.floe import zero
from archive.format.part_reader import PartReader
from archive.format.segments import FileSource
from archive.ids import DEFAULT_TENANT, RecordingId
from archive.keys.daemon.assembly import KeysConfig, service_of
from archive.keys.epochs.keystore_copy import check_keystore
from archive.keys.epochs.keystore_sets import opened_set_key
from archive.keys.gate.restored_holds import raise_fences
from archive.keys.store.keystore import Keystore
from archive.keys.store.schema import open_database

BEFORE: Final = ".before-restore"
_BESIDE: Final = ("", "-wal", "-shm")
# Of a restored catalog so many recordings are looked at for one whose file and key are there.
_TRIED: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPlaces:
    """Where an installation has what sets hold: keys, the embedded catalog, the archive's files."""

    keys: KeysConfig
    catalog: Path
    catalog_sets: Path
    archive: Path
    seal_log: Path


@dataclass(frozen=True, slots=True)
class Journalled:
    """The present catalog while a block lasts, and who opens recordings under its journal, now."""

    catalog: Callable[[], AbstractContextManager[Engine]]
    asks: Callable[[], Access]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedSet:
    """What a set holds: so many keys, or a catalog of a revision."""

    file: Path
    kind: SetKind
    epoch: int
    made_at: datetime
    keys: int = 0
    revision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """What was restored, and the recording of which every tag was checked with what was there."""

    keystore: VerifiedSet
    catalog: VerifiedSet
    recording: RecordingId
    parts: int


def verify(places: SetPlaces, file: Path) -> VerifiedSet:
    """Open a set to its last byte and check what is in it.

    Raises `SetDamaged`, `SetUnverified`, `SetOutdated`, `OSError`.
    """
    with tempfile.TemporaryDirectory(prefix="rokuon-") as folder:
        return _opened(places.keys, file, Path(folder) / "content")


def put_set(places: SetPlaces, file: Path) -> VerifiedSet:
    """Put a set in the place of the keystore or the catalog; what was there is kept beside it.

    Nothing of the installation may run meanwhile. Raises as `verify` does.
    """
    lead, _ = read_lead(file)
    target = places.keys.keystore if lead.kind is SetKind.KEYSTORE else places.catalog
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.restored")
    draft.unlink(missing_ok=True)
    try:
        verified = _opened(places.keys, file, draft)
        if lead.kind is SetKind.KEYSTORE:
            with closing(open_database(draft)) as connection:
                raise_fences(connection)
        if lead.kind is SetKind.CATALOG:
            _as_another_index(draft)
            _put_aside(places.seal_log)
        _put(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return verified


def try_sets(places: SetPlaces, journalled: Journalled, now_us: Callable[[], int]) -> Drill:
    """Restore the newest sets into a folder of their own and open one recording with them.

    Raises `SetMissing`, and `NothingOpened` where there is no recording that both of them have.
    """
    newest = [_newest(folder) for folder in (places.keys.sets, places.catalog_sets)]
    with tempfile.TemporaryDirectory(prefix="rokuon-") as folder, ExitStack() as opened:
        keystore_file, catalog_file = (
            Path(folder) / name for name in ("keystore.db", places.catalog.name)
        )
        keystore_set = _opened(places.keys, newest[0], keystore_file)
        catalog_set = _opened(places.keys, newest[1], catalog_file)
        engine = open_engine(catalog_url(catalog_file))
        opened.callback(engine.dispose)
        connection = opened.enter_context(closing(open_database(keystore_file)))
        service = service_of(places.keys)
        keystore = Keystore(connection, service, keystore_set.epoch, now_us)
        for own, parts in _recordings(places.archive, journalled, engine):
            if _opens_whole(places.archive, keystore, parts):
                return Drill(
                    keystore=keystore_set, catalog=catalog_set, recording=own, parts=len(parts)
                )
    raise NothingOpened


def _opened(own: KeysConfig, file: Path, into: Path) -> VerifiedSet:
    """Verify a set; its content stays in `into`."""
    service = service_of(own)
    lead, _ = read_lead(file)
    keys, revision = 0, ""
    with opened_set_key(service, file) as key:
        if lead.kind is SetKind.KEYSTORE:
            unseal(file, key, into)
            keys = check_keystore(into, service)
        else:
            revision = check_catalog_set(file, key, into.with_name(f"{into.name}.check"))
            unseal(file, key, into)
    return VerifiedSet(
        file=file,
        kind=lead.kind,
        epoch=lead.epoch,
        made_at=datetime.fromtimestamp(lead.made_us / 1_000_000, UTC),
        keys=keys,
        revision=revision,
    )


def _put(draft: Path, target: Path) -> None:
    disk = LocalDisk()
    if target.exists():
        about = target.stat()
        draft.chmod(about.st_mode & 0o777)
    for suffix in _BESIDE:
        former = target.with_name(target.name + suffix)
        if former.exists():
            former.rename(target.with_name(target.name + BEFORE + suffix))
    disk.sync_file(draft)
    disk.rename(draft, target)
    disk.sync_folder(target.parent)


def _as_another_index(catalog: Path) -> None:
    """What was copied of the one that was there, and is perhaps ahead, is no copy of this one."""
    engine = open_engine(catalog_url(catalog))
    with writing(engine) as connection:
        draw_identity_of_restored(connection)
    engine.dispose()


def _put_aside(log: Path) -> None:
    if log.exists():
        log.replace(log.with_name(log.name + BEFORE))


def _newest(folder: Path) -> Path:
    sets = stored_sets(folder)
    if not sets:
        raise SetMissing(folder)
    return sets[0].path


def _recordings(
    archive: Path, journalled: Journalled, restored: Engine
) -> Iterator[tuple[RecordingId, tuple[StoredPart, ...]]]:
    """Recordings of a restored catalog, latest first, each with an entry in the present journal."""
    with reading(restored) as connection:
        known = everything(connection, DEFAULT_TENANT)[-_TRIED:]
    with journalled.catalog() as engine:
        for own in reversed(known):
            ask = Ask(access=journalled.asks(), target=own)
            granted = grant(engine, VerifyGrant, ask)
            with reading(restored) as connection:
                found = stored(connection, own, granted)
            parts = tuple(part for each in found for part in each.parts)
            if parts and all((archive / part.path).exists() for part in parts):
                yield own, parts


def _opens_whole(archive: Path, keystore: Keystore, parts: tuple[StoredPart, ...]) -> bool:
    for part in parts:
        try:
            key = keystore.open(part.key_id)
        except (ArchiveError, sqlite3.Error):
            return False
        try:
            with (
                closing(FileSource(archive / part.path)) as source,
                PartReader(source, key) as reader,
            ):
                reader.verify()
        except ArchiveError as damaged:
            raise SetUnverified(f"{part.name}: {damaged}") from damaged
        finally:
            zero(key)
    return True
