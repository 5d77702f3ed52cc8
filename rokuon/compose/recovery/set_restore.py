"""Backup sets without a running Rokuon: verified, restored, tried out.

Knows where things lie; opens epoch keys itself, so it runs as the user that they belong to.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from archive.backup.catalog_set import check_catalog_set, stored_sets
from archive.backup.errors import SetUnverified
from archive.backup.sealed import SetKind, read_lead, unseal
from archive.catalog.access.grants import Ask, VerifyGrant, grant
from archive.catalog.database.engine import catalog_url, open_engine, reading
from archive.catalog.search.calls import StoredPart, everything, stored
from archive.disk.files import LocalDisk
from archive.errors import ArchiveError
from archive.format.floe import zero
from archive.format.part_reader import PartReader
from archive.format.segments import FileSource
from archive.ids import DEFAULT_TENANT, RecordingId
from archive.keys.daemon.assembly import service_of
from archive.keys.epochs.keystore_copy import check_keystore
from archive.keys.epochs.keystore_sets import opened_set_key
from archive.keys.gate.restored_holds import raise_fences
from archive.keys.store.keystore import Keystore
from archive.keys.store.schema import open_database
from rokuon.compose.archive.catalog import CATALOG_FILE, local_access, present_catalog
from rokuon.compose.archive.keys import catalog_sets, key_daemon_answers, keys_config
from rokuon.compose.processes.instances import locks_of_capture, locks_of_parts
from rokuon.compose.processes.lock import none_runs, only_one
from rokuon.config.schema import Config
from rokuon.machine import clock
from rokuon.messages.errors import NothingFound, NotReady
from rokuon.messages.i18n import tr

BEFORE: Final = ".before-restore"
_BESIDE: Final = ("", "-wal", "-shm")
# Of a restored catalog so many recordings are looked at for one whose file and key are there.
_TRIED: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedSet:
    """What a set holds: so many keys, or a catalog of a revision."""

    file: Path
    kind: SetKind
    epoch: int
    made_at: datetime
    holds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """What was restored, and the recording of which every tag was checked with what was there."""

    keystore: VerifiedSet
    catalog: VerifiedSet
    recording: RecordingId
    parts: int


def verify_set(config: Config, file: Path) -> VerifiedSet:
    """Open a set to its last byte and check what is in it.

    Raises `SetDamaged`, `SetUnverified`, `SetOutdated`, `OSError`.
    """
    with tempfile.TemporaryDirectory(prefix="rokuon-") as folder:
        return _opened(config, file, Path(folder) / "content")


def restore_set(config: Config, file: Path) -> VerifiedSet:
    """Put a set in the place of the keystore or the catalog; what was there is kept beside it.

    Raises `AlreadyRunning` or `NotReady` where Rokuon or a part of it runs, and as `verify_set`
    does.
    """
    everything = (*locks_of_parts(config), *locks_of_capture(config))
    with only_one(config.node.data, "serve"), none_runs(everything):
        if key_daemon_answers(config):
            raise NotReady(tr("the key daemon runs: stop it first"))
        lead, _ = read_lead(file)
        target = _place_of(config, lead.kind)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.restored")
        draft.unlink(missing_ok=True)
        try:
            verified = _opened(config, file, draft)
            if lead.kind is SetKind.KEYSTORE:
                with closing(open_database(draft)) as connection:
                    raise_fences(connection)
            if lead.kind is SetKind.CATALOG:
                _put_aside(config.seal_log)
            _put(draft, target)
        finally:
            draft.unlink(missing_ok=True)
    return verified


def drill(config: Config) -> Drill:
    """Restore the newest sets into a folder of their own and open one recording with them.

    Raises `NothingFound` where there is no set, or no recording that both of them have.
    """
    newest = [_newest(folder) for folder in (keys_config(config).sets, catalog_sets(config))]
    with tempfile.TemporaryDirectory(prefix="rokuon-") as folder, ExitStack() as opened:
        keystore_file, catalog_file = (
            Path(folder) / name for name in ("keystore.db", CATALOG_FILE)
        )
        keystore_set = _opened(config, newest[0], keystore_file)
        catalog_set = _opened(config, newest[1], catalog_file)
        engine = open_engine(catalog_url(catalog_file))
        opened.callback(engine.dispose)
        connection = opened.enter_context(closing(open_database(keystore_file)))
        service = service_of(keys_config(config))
        keystore = Keystore(connection, service, keystore_set.epoch, clock.now_us)
        for own, parts in _recordings(config, engine):
            if _opens_whole(config, keystore, parts):
                return Drill(
                    keystore=keystore_set, catalog=catalog_set, recording=own, parts=len(parts)
                )
    raise NothingFound(tr("no recording that both sets have can be opened"))


def _opened(config: Config, file: Path, into: Path) -> VerifiedSet:
    """Verify a set; its content stays in `into`."""
    service = service_of(keys_config(config))
    lead, _ = read_lead(file)
    with opened_set_key(service, file) as key:
        if lead.kind is SetKind.KEYSTORE:
            unseal(file, key, into)
            holds = tr("{count} key(s)").format(count=check_keystore(into, service).keys)
        else:
            revision = check_catalog_set(file, key, into.with_name(f"{into.name}.check"))
            unseal(file, key, into)
            holds = tr("catalog of version {revision}").format(revision=revision)
    return VerifiedSet(
        file=file,
        kind=lead.kind,
        epoch=lead.epoch,
        made_at=datetime.fromtimestamp(lead.made_us / 1_000_000, UTC),
        holds=holds,
    )


def _place_of(config: Config, kind: SetKind) -> Path:
    if kind is SetKind.KEYSTORE:
        return keys_config(config).keystore
    if config.catalog.url:
        raise NotReady(tr("the catalog is on a server: restore it by its own means"))
    return config.catalog_path / CATALOG_FILE


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


def _put_aside(log: Path) -> None:
    """What is sealed of the catalog that was there: of the restored one its own seals say it."""
    if log.exists():
        log.replace(log.with_name(log.name + BEFORE))


def _newest(folder: Path) -> Path:
    sets = stored_sets(folder)
    if not sets:
        raise NothingFound(tr("{folder}: there is no backup set").format(folder=folder))
    return sets[0].path


def _recordings(
    config: Config, restored: Engine
) -> Iterator[tuple[RecordingId, tuple[StoredPart, ...]]]:
    """Recordings of a restored catalog, latest first, each with an entry in the present journal."""
    with reading(restored) as connection:
        known = everything(connection, DEFAULT_TENANT)[-_TRIED:]
    with present_catalog(config) as engine:
        for own in reversed(known):
            ask = Ask(access=local_access(), target=own)
            granted = grant(engine, VerifyGrant, ask)
            with reading(restored) as connection:
                found = stored(connection, own, granted)
            parts = tuple(part for each in found for part in each.parts)
            if parts and all((config.archive.path / part.path).exists() for part in parts):
                yield own, parts


def _opens_whole(config: Config, keystore: Keystore, parts: tuple[StoredPart, ...]) -> bool:
    for part in parts:
        try:
            key = keystore.open(part.key_id)
        except (ArchiveError, sqlite3.Error):
            return False
        try:
            with (
                closing(FileSource(config.archive.path / part.path)) as source,
                PartReader(source, key) as reader,
            ):
                reader.verify()
        except ArchiveError as damaged:
            raise SetUnverified(f"{part.name}: {damaged}") from damaged
        finally:
            zero(key)
    return True
