"""Replays facts that outlived their audio into an index that is being made anew.

Knows nothing of who has their keys: it is told what a copy says.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, select

from archive.catalog.facts_rows import replay_facts
from archive.catalog.kept_facts import SealedFacts, sealed_facts
from archive.catalog.planned_recordings import under_way_among
from archive.catalog.tables import tenant as tenant_table
from archive.catalog.tombstones import has_tombstone
from archive.destruction.kept_facts import FactsUnread, KeptFacts
from archive.errors import KeyRefused
from archive.ids import RecordingId, TenantId

# Opens a copy; raises `FactsUnread`, `KeyRefused`, `KeyUnavailable`.
Opening = Callable[[SealedFacts], KeptFacts]


@dataclass(slots=True)
class FactsReplay:
    """Writes copies of all tenants; `unread` names those that did not open."""

    opening: Opening
    unread: list[RecordingId] = field(default_factory=list)

    def of_destroyed(self, connection: Connection) -> None:
        """Of recordings that have a tombstone: no part brings them back."""
        self._replay(connection, has_tombstone)

    def of_others(self, connection: Connection) -> None:
        """Of recordings whose destruction has begun, where the index has them not."""
        self._replay(connection, _is_going)

    def _replay(
        self, connection: Connection, is_meant: Callable[[Connection, int, RecordingId], bool]
    ) -> None:
        for tenant, raw in connection.execute(select(tenant_table.c.row, tenant_table.c.id)).all():
            for each in sealed_facts(connection, tenant, TenantId(raw)):
                if is_meant(connection, tenant, each.name.recording):
                    self._replay_one(connection, tenant, each)

    def _replay_one(self, connection: Connection, tenant: int, copy: SealedFacts) -> None:
        try:
            facts = self.opening(copy)
        except (FactsUnread, KeyRefused):
            self.unread.append(copy.name.recording)
            return
        replay_facts(connection, tenant, copy.name.recording, facts)


def _is_going(connection: Connection, tenant: int, own: RecordingId) -> bool:
    return own in under_way_among(connection, tenant, [own])


def _nobody(copy: SealedFacts) -> KeptFacts:
    raise FactsUnread(f"nobody opens the facts of {copy.name.recording}")


# Who has no keys leaves every copy out.
UNOPENED: Final[Opening] = _nobody
