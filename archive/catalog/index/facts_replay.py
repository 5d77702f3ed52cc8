"""Replays facts that outlived their audio into an index that is being made anew.

Knows nothing of who has their keys: it is told what a copy says.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, Engine, select

from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.planned_recordings import under_way_among
from archive.catalog.destruction.tombstones import has_tombstone
from archive.catalog.index.facts_rows import replay_facts
from archive.catalog.index.indexed_parts import recording_row
from archive.catalog.index.removal import remove_recording
from archive.catalog.register.kept_facts import SealedFacts, sealed_facts
from archive.catalog.tables.catalog import tenant as tenant_table
from archive.errors import KeyRefused
from archive.ids import RecordingId, TenantId
from archive.lifecycle.kept_facts import FactsUnread, KeptFacts

# Opens a copy; raises `FactsUnread`, `KeyRefused`, `KeyUnavailable`.
Opening = Callable[[SealedFacts], KeptFacts]


@dataclass(slots=True)
class FactsReplay:
    """Writes copies of all tenants; `unread` names those that did not open."""

    engine: Engine
    opening: Opening
    unread: list[RecordingId] = field(default_factory=list)

    def of_destroyed(self) -> None:
        """Of recordings that have a tombstone, in the place of their rows: no part brings any."""
        for tenant, own, facts in self._opened(has_tombstone):
            with writing(self.engine) as connection:
                row = recording_row(connection, tenant, own)
                if row is not None:
                    remove_recording(connection, tenant, row)
                replay_facts(connection, tenant, own, facts)

    def of_others(self) -> None:
        """Of recordings whose destruction has begun, where the index has them not."""
        for tenant, own, facts in self._opened(_is_going):
            with writing(self.engine) as connection:
                replay_facts(connection, tenant, own, facts)

    def _opened(
        self, is_meant: Callable[[Connection, int, RecordingId], bool]
    ) -> Iterator[tuple[int, RecordingId, KeptFacts]]:
        with reading(self.engine) as connection:
            rows = connection.execute(select(tenant_table.c.row, tenant_table.c.id)).all()
            for tenant, raw in rows:
                for copy in sealed_facts(connection, tenant, TenantId(raw)):
                    own = copy.name.recording
                    facts = self._open(copy) if is_meant(connection, tenant, own) else None
                    if facts is not None:
                        yield tenant, own, facts

    def _open(self, copy: SealedFacts) -> KeptFacts | None:
        try:
            return self.opening(copy)
        except (FactsUnread, KeyRefused):
            self.unread.append(copy.name.recording)
            return None


def _is_going(connection: Connection, tenant: int, own: RecordingId) -> bool:
    return own in under_way_among(connection, tenant, [own])


def _nobody(copy: SealedFacts) -> KeptFacts:
    raise FactsUnread(f"nobody opens the facts of {copy.name.recording}")


# Who has no keys leaves every copy out.
UNOPENED: Final[Opening] = _nobody
