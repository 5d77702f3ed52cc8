"""The index made anew from adoptions, as if they had been read of the archive's files."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Engine, select

from archive.call.adoption import Adoption
from archive.call.archived_recording import ArchivedRecording
from archive.catalog.database.engine import reading
from archive.catalog.holds.hold_matches import WITHOUT_KEYS, HoldMatcher
from archive.catalog.index.facts_replay import UNOPENED, Opening
from archive.catalog.index.rebuild import Rebuilding, Rebuilt, rebuild as rebuild_recordings
from archive.catalog.tables.catalog import recording
from archive.ids import PartName, RecordingId, TenantId
from tests.archive.catalog.examples import LOST_ONE, OTHER_TENANT, access, adoption

PARTS = (
    adoption(1),
    adoption(2, part=0, is_last=False),
    replace(adoption(2, part=1), lost=LOST_ONE, end_reason="recovered"),
    adoption(1, tenant=OTHER_TENANT),
)


def rebuild(
    engine: Engine,
    parts: Iterable[Adoption],
    holds: HoldMatcher = WITHOUT_KEYS,
    opening: Opening = UNOPENED,
) -> Rebuilt:
    """Of an archive that has these files and no others."""
    found: defaultdict[tuple[TenantId, RecordingId], dict[PartName, Adoption]] = defaultdict(dict)
    for each in parts:
        found[each.tenant, each.part_name.recording][each.part_name] = each
    how = Rebuilding(asks=access, is_there=lambda _: False, holds=holds, opening=opening)
    read = [ArchivedRecording(*own, tuple(each.values())) for own, each in found.items()]
    return rebuild_recordings(engine, read, how)


def states(engine: Engine) -> dict[RecordingId, str]:
    """What each recording of the first tenant says of itself."""
    with reading(engine) as connection:
        rows = connection.execute(select(recording).where(recording.c.tenant == 1))
        return {RecordingId(row.id): row.state for row in rows}
