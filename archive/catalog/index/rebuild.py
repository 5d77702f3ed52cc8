"""Makes the index anew from what was read of the archive, recording by recording.

Each has its new rows with one short transaction, so that everybody else goes on meanwhile. Knows
nothing of how parts are read.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from sqlalchemy import Connection, Engine, select

from archive.access.request import Access
from archive.call.archived_recording import ArchivedRecording, LostPart
from archive.catalog.database.engine import reading, writing
from archive.catalog.holds.hold_matches import WITHOUT_KEYS, HoldMatcher
from archive.catalog.index.facts_replay import UNOPENED, FactsReplay, Opening
from archive.catalog.index.filed import lost_recordings
from archive.catalog.index.removal import remove_orphans
from archive.catalog.index.replacement import IsThere, Replaced, Replacement
from archive.catalog.locating.identity import draw_identity
from archive.catalog.register.kept_facts import DESTROYED
from archive.catalog.tables.catalog import ledger_page, recording, tenant as tenant_table
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import PartName, RecordingId, TenantId

# So many recordings with one commit: others wait for the catalog some tens of milliseconds.
_AT_ONCE: Final = 8
# Ids of the index that are in memory at once.
_IDS: Final = 500


@dataclass(slots=True)
class Rebuilt:
    """How many parts the index has, and those of recordings that were destroyed: it has not.

    `refused` are parts that the catalog does not take, each with the error; `lost` are those that
    the index or the journal knew. `unread` are recordings of which facts are kept that do not open.
    """

    parts: int = 0
    left_out: list[PartName] = field(default_factory=list)
    refused: list[tuple[PartName, Exception]] = field(default_factory=list)
    lost: list[LostPart] = field(default_factory=list)
    unread: tuple[RecordingId, ...] = ()

    def add(self, done: Replaced) -> None:
        """Count a recording."""
        self.parts += len(done.indexed)
        self.left_out += done.left_out
        self.refused += done.refused.items()
        self.lost += done.lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilding:
    """With what an index is made anew: who does it now, which files are there, holds, facts."""

    asks: Callable[[], Access]
    is_there: IsThere
    holds: HoldMatcher = WITHOUT_KEYS
    opening: Opening = UNOPENED


@dataclass(slots=True)
class _Run:
    """What one rebuild has seen and done so far."""

    engine: Engine
    how: Rebuilding
    rebuilt: Rebuilt = field(default_factory=Rebuilt)
    seen: set[tuple[TenantId, RecordingId]] = field(default_factory=set)

    def replace(self, recordings: Iterable[ArchivedRecording]) -> None:
        """Give these their rows, some at a time."""
        following = iter(recordings)
        while some := list(islice(following, _AT_ONCE)):
            replacement = Replacement(self.how.asks(), self.how.is_there)
            with writing(self.engine) as connection:
                done = [self._one(connection, replacement, each) for each in some]
                self._match_holds(connection, some)
            for each in done:
                self.rebuilt.add(each)
            self.seen.update((each.tenant, each.recording) for each in some)

    def _one(
        self, connection: Connection, replacement: Replacement, read: ArchivedRecording
    ) -> Replaced:
        tenant = ensure_tenant(connection, read.tenant)
        return replacement.replace(connection, tenant, read)

    def _match_holds(self, connection: Connection, some: Iterable[ArchivedRecording]) -> None:
        """Legal holds that these fit now are over them before the commit."""
        by_tenant: dict[TenantId, list[bytes]] = {}
        for each in some:
            by_tenant.setdefault(each.tenant, []).append(each.recording.raw)
        for own, raws in by_tenant.items():
            tenant = ensure_tenant(connection, own)
            self.how.holds.changed(connection, tenant, recording.c.id.in_(raws))

    def unread(self) -> Iterator[ArchivedRecording]:
        """Recordings and pages that the index or the journal knows, and no file tells of."""
        for tenant, row in _tenants(self.engine):
            for own in [*_indexed(self.engine, row), *self._without_a_row(tenant)]:
                if (tenant, own) not in self.seen:
                    yield ArchivedRecording(tenant, own)

    def _without_a_row(self, tenant: TenantId) -> list[RecordingId]:
        with reading(self.engine) as connection:
            return list(lost_recordings(connection, tenant))


def rebuild(engine: Engine, recordings: Iterable[ArchivedRecording], how: Rebuilding) -> Rebuilt:
    """Write the rows of all these anew, and of what is lost that it is.

    `recordings` are all that the archive has, each once; if they raise, what was not reached has
    the rows that it had. What has a tombstone is left out, wherever its file came from. Raises
    `KeyUnavailable` where a legal hold covers a recording and its key cannot be held.

    Facts that outlived their audio are replayed before parts, so that other recordings of a call
    join them; of what is about to go they come last, where no part brought it back.
    """
    facts, run = FactsReplay(engine, how.opening), _Run(engine, how)
    facts.of_destroyed()
    run.replace(recordings)
    run.replace(run.unread())
    facts.of_others()
    remove_orphans(engine)
    with writing(engine) as connection:
        draw_identity(connection)
    run.rebuilt.unread = tuple(facts.unread)
    return run.rebuilt


def _tenants(engine: Engine) -> list[tuple[TenantId, int]]:
    with reading(engine) as connection:
        rows = connection.execute(select(tenant_table.c.id, tenant_table.c.row)).all()
    return [(TenantId(row.id), row.row) for row in rows]


def _indexed(engine: Engine, tenant: int) -> Iterator[RecordingId]:
    """The ids of all rows but those of facts, whose audio is gone."""
    has_audio = recording.c.state != DESTROYED
    for table, condition in ((recording, has_audio), (ledger_page, ledger_page.c.row > 0)):
        behind = b""
        while True:
            wanted = (
                select(table.c.id)
                .distinct()
                .where(table.c.tenant == tenant, table.c.id > behind, condition)
                .order_by(table.c.id)
                .limit(_IDS)
            )
            with reading(engine) as connection:
                found = connection.scalars(wanted).all()
            if not found:
                break
            yield from map(RecordingId, found)
            behind = found[-1]
