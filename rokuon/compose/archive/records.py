"""The archive as a whole, for the command line: whether it is empty, whether it is whole.

Knows nothing of how a part is read or adopted.
"""

from collections.abc import Callable
from contextlib import closing

from api.health.seen import VerifiedSeen
from archive.catalog.database.engine import read_any_text, reading
from archive.catalog.search.calls import is_any_recorded
from archive.disk.files import LocalDisk
from archive.disk.store import LocalStore
from archive.keys.store.nodes import NodeKeys
from archive.verification.signatures import Signers
from archive.verification.walk import Archive, Verified, verify_all
from rokuon.compose.archive.catalog import local_access, place_of, prepared_catalog, present_catalog
from rokuon.compose.archive.key_daemon import keys_config, open_keys
from rokuon.compose.archive.verified_file import write_verified
from rokuon.config.schema import Config
from rokuon.machine import clock

Step = Callable[[int, int], None]


def is_archive_empty(config: Config) -> bool:
    """Whether no recording was ever adopted."""
    with prepared_catalog(config) as engine, reading(engine) as connection:
        return not is_any_recorded(connection)


def verify_archive(config: Config, step: Step, *, archive_lost: bool = False) -> Verified:
    """Hold everything against everything else. Raises `KeyUnavailable` where no key can be had.

    Raises `ArchiveAway` where the archive's disk is not mounted, unless it was lost.
    """
    with closing(open_keys(config, "api")) as keys:
        # Without keys nothing can be done, whatever else is there; the reason is named first.
        keys.status()
        own = keys_config(config)
        with present_catalog(config) as engine:
            read_any_text(engine)
            if not archive_lost:
                place_of(config, engine).require()
            archive = Archive(
                engine,
                keys,
                LocalStore(config.archive.path, LocalDisk()),
                Signers(NodeKeys(own.nodes), own.signing_public),
            )
            verified = verify_all(archive, local_access, step)
    found = VerifiedSeen(at_us=clock.now_us(), findings=len(verified.findings))
    write_verified(config.verified_file, found)
    return verified
