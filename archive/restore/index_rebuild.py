"""The index built anew from the archived recordings alone.

Knows nothing of files or rows, nor of where things lie.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from archive.call.archived_recording import LostPart
from archive.catalog.holds.hold_matches import HoldMatcher
from archive.catalog.index.rebuild import Rebuilding, Rebuilt, rebuild
from archive.catalog.register.kept_facts import SealedFacts
from archive.errors import PartOutOfPlace
from archive.ids import PartName
from archive.lifecycle.kept_facts import KeptFacts, open_facts
from archive.restore.archive_reader import ArchiveReading, Damage, DamagedFile
from archive.restore.rebuild_keys import RebuildKeys


@dataclass(frozen=True, slots=True)
class Reindexed:
    """How many parts the index has, what cannot be read, and names of what was destroyed.

    `lost`: those that the index or the journal knew, and the archive has no more.
    """

    parts: int
    damaged: list[DamagedFile]
    left_out: list[str]
    lost: list[LostPart]


def reindex(archive: ArchiveReading, now_us: Callable[[], int]) -> Reindexed:
    """Write the index again from the archived parts, without those that were destroyed.

    Everybody else goes on meanwhile. Raises `KeyUnavailable`.
    """
    with closing(archive.keys()) as keys:
        keys.open_facts()
        how = _how(archive, keys, now_us)
        return _told(rebuild(archive.engine, archive.recordings(), how), archive)


def _how(archive: ArchiveReading, keys: RebuildKeys, now_us: Callable[[], int]) -> Rebuilding:
    def facts(copy: SealedFacts) -> KeptFacts:
        """What is told of a recording whose audio is gone."""
        return open_facts(copy.sealed, copy.name, keys.key(copy.name.key))

    return Rebuilding(
        asks=archive.asks,
        is_there=archive.is_there,
        holds=HoldMatcher(archive.client, now_us),
        opening=facts,
    )


def _told(rebuilt: Rebuilt, archive: ArchiveReading) -> Reindexed:
    refused = [_refused(name, failed) for name, failed in rebuilt.refused]
    unread = [DamagedFile(str(own), Damage.FACTS_CLOSED) for own in rebuilt.unread]
    return Reindexed(
        rebuilt.parts,
        [*archive.damaged, *refused, *unread],
        [*archive.left_out, *map(str, rebuilt.left_out)],
        rebuilt.lost,
    )


def _refused(name: PartName, failed: Exception) -> DamagedFile:
    is_out = isinstance(failed, PartOutOfPlace)
    return DamagedFile(str(name), Damage.OUT_OF_ORDER if is_out else Damage.REFUSED, failed)
