"""The index built anew from the archived recordings alone.

Knows who is asked, nothing of files or rows.
"""

from contextlib import ExitStack, closing
from dataclasses import dataclass

from archive.call.archived_recording import LostPart
from archive.catalog.database.refusal import words
from archive.catalog.holds.hold_matches import HoldMatcher
from archive.catalog.index.rebuild import Rebuilding, Rebuilt, rebuild
from archive.catalog.register.kept_facts import SealedFacts
from archive.disk.files import LocalDisk
from archive.disk.store import LocalStore
from archive.errors import PartOutOfPlace
from archive.ids import PartName, RecordingId
from archive.keys.client.key_client import KeyClient
from archive.lifecycle.kept_facts import KeptFacts, open_facts
from rokuon.compose.archive.catalog import local_access, place_of, prepared_catalog
from rokuon.compose.archive.keys import open_keys
from rokuon.compose.recovery.archive_reader import ArchiveReading, Step
from rokuon.compose.recovery.rebuild_keys import RebuildKeys
from rokuon.config.schema import Config
from rokuon.machine import clock
from rokuon.messages.i18n import tr

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Reindexed:
    """How many parts the index has; a row for each that cannot be read or was destroyed.

    `lost`: a row for each that the index or the journal knew, and the archive has no more.
    """

    parts: int
    damaged: list[Row]
    left_out: list[Row]
    lost: list[Row]


def rebuild_index(config: Config, step: Step, *, archive_lost: bool = False) -> Reindexed:
    """Write the index again from the archived parts, without those that were destroyed.

    Everybody else goes on meanwhile. Raises `KeyUnavailable`, and `ArchiveAway` where the archive's
    disk is not mounted; `archive_lost`: from now on what is there is the archive.
    """
    with closing(open_keys(config, "api")) as client, ExitStack() as opened:
        # Before anything is made: without keys nothing can be done, and the reason is named.
        client.status()
        engine = opened.enter_context(prepared_catalog(config))
        if archive_lost:
            place_of(config, engine).begin(LocalDisk())
        place_of(config, engine).require()
        store = LocalStore(config.archive.path, LocalDisk())
        archive = ArchiveReading(store, client, engine, step)
        with closing(RebuildKeys(client, engine)) as keys:
            keys.open_facts()
            how = _how(archive, client, keys)
            return _told(rebuild(engine, archive.recordings(), how), archive)


def _how(archive: ArchiveReading, client: KeyClient, keys: RebuildKeys) -> Rebuilding:
    def facts(copy: SealedFacts) -> KeptFacts:
        """What is told of a recording whose audio is gone."""
        return open_facts(copy.sealed, copy.name, keys.key(copy.name.key))

    return Rebuilding(
        asks=local_access,
        is_there=archive.is_there,
        holds=HoldMatcher(client, clock.now_us),
        opening=facts,
    )


def _told(rebuilt: Rebuilt, archive: ArchiveReading) -> Reindexed:
    since: list[Row] = [{"part": str(name)} for name in rebuilt.left_out]
    others = [*map(_refused, rebuilt.refused), *map(_unread, rebuilt.unread)]
    return Reindexed(
        rebuilt.parts,
        [*archive.named, *others],
        [*archive.left_out, *since],
        list(map(_lost, rebuilt.lost)),
    )


def _refused(refused: tuple[PartName, Exception]) -> Row:
    name, failed = refused
    if isinstance(failed, PartOutOfPlace):
        said = tr(
            "it is not in the index: it comes behind the last part of its recording,"
            " or is of another node than the first"
        )
    else:
        said = tr("the catalog does not take it: {said}").format(said=words(failed))
    return {"part": str(name), "damage": said}


def _lost(lost: LostPart) -> Row:
    return {"part": str(lost.name), "because": lost.because}


def _unread(own: RecordingId) -> Row:
    return {"part": str(own), "damage": tr("what is told of it, its audio gone, does not open")}
