"""The index and backup sets made anew offline, with what the configuration names.

Knows where things lie and what must not run meanwhile, nothing of how it is done.
"""

from contextlib import ExitStack, closing
from pathlib import Path

from archive.backup.sealed import SetKind, read_lead
from archive.disk.files import LocalDisk
from archive.disk.store import LocalStore
from archive.restore.archive_reader import ArchiveReading, Step
from archive.restore.index_rebuild import Reindexed, reindex
from archive.restore.set_restore import (
    Drill,
    Journalled,
    SetPlaces,
    VerifiedSet,
    put_set,
    try_sets,
    verify,
)
from rokuon.compose.archive.catalog import (
    CATALOG_FILE,
    local_access,
    place_of,
    prepared_catalog,
    present_catalog,
)
from rokuon.compose.archive.key_daemon import (
    catalog_sets,
    key_daemon_answers,
    keys_config,
    open_keys,
)
from rokuon.compose.archive.mentions_read import read_anew
from rokuon.compose.processes.instances import locks_of_capture, locks_of_parts
from rokuon.compose.processes.lock import none_runs, only_one
from rokuon.config.schema import Config
from rokuon.machine import clock
from rokuon.messages.errors import NotReady
from rokuon.messages.i18n import tr


def rebuild_index(config: Config, step: Step, *, archive_lost: bool = False) -> Reindexed:
    """Write the index again; `archive_lost`: from now on what is there is the archive.

    Raises `KeyUnavailable`, and `ArchiveAway` where the archive's disk is not mounted.
    """
    with closing(open_keys(config, "api")) as client, ExitStack() as opened:
        # Before anything is made: without keys nothing can be done, and the reason is named.
        client.status()
        engine = opened.enter_context(prepared_catalog(config))
        if archive_lost:
            place_of(config, engine).begin(LocalDisk())
        place_of(config, engine).require()
        store = LocalStore(config.archive.path, LocalDisk())
        archive = ArchiveReading(store, client, engine, local_access, step, read_anew)
        return reindex(archive, clock.now_us)


def verify_set(config: Config, file: Path) -> VerifiedSet:
    """Open a set to its last byte; raises as `verify` does."""
    return verify(_places(config), file)


def restore_set(config: Config, file: Path) -> VerifiedSet:
    """Put a set in the place of the keystore or the catalog.

    Raises `AlreadyRunning` or `NotReady` where Rokuon or a part of it runs, and as `verify` does.
    """
    everything = (*locks_of_parts(config), *locks_of_capture(config))
    with only_one(config.node.data, "serve"), none_runs(everything):
        if key_daemon_answers(config):
            raise NotReady(tr("the key daemon runs: stop it first"))
        lead, _ = read_lead(file)
        if lead.kind is SetKind.CATALOG and config.catalog.url:
            raise NotReady(tr("the catalog is on a server: restore it by its own means"))
        return put_set(_places(config), file)


def drill(config: Config) -> Drill:
    """Restore the newest sets into a folder of their own; raises as `try_sets` does."""
    journalled = Journalled(lambda: present_catalog(config), local_access)
    return try_sets(_places(config), journalled, clock.now_us)


def _places(config: Config) -> SetPlaces:
    return SetPlaces(
        keys=keys_config(config),
        catalog=config.catalog_path / CATALOG_FILE,
        catalog_sets=catalog_sets(config),
        archive=config.archive.path,
        seal_log=config.seal_log,
    )
