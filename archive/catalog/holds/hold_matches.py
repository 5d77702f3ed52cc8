"""Legal holds over what has just been written: matched by the search itself, held before it counts.

Holds are added, never lifted. Knows nothing of what was changed, nor of who placed a hold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection

from archive.catalog.holds.held_pages import hold_new_pages
from archive.catalog.holds.held_recordings import Among, Noting, hold_next
from archive.catalog.register.legal_holds import StoredHold, holds_growing, holds_having
from archive.catalog.tables.catalog import recording
from archive.ids import RecordingId
from archive.keys.guard.hold_client import HoldClient, NoKeyDaemon
from archive.lifecycle.legal_holds import Because


@dataclass(frozen=True, slots=True)
class HoldMatcher:
    """Who matches holds in the transaction of the change, which must not be committed without."""

    key_client: HoldClient
    clock_us: Callable[[], int]

    def parts(self, connection: Connection, tenant: int, own: Sequence[RecordingId]) -> None:
        """After a part of each of these recordings has come; raises `KeyUnavailable`."""
        for each in holds_having(connection, tenant, own):
            self._noting(tenant, each, "part").again(connection, own)
            self._hold(connection, tenant, each)
        hold_new_pages(connection, tenant, own, self.key_client)
        self.changed(connection, tenant, recording.c.id.in_([each.raw for each in own]))

    def changed(self, connection: Connection, tenant: int, condition: ColumnElement[bool]) -> None:
        """After something of these rows of `recording` has changed; raises as `parts` does."""
        growing = holds_growing(connection, tenant)
        among = Among.read(connection, tenant, condition) if growing else None
        if among is None:
            return
        for each in growing:
            noting = self._noting(tenant, each, "changed")
            if each.terms.future:
                noting.query(connection, among)
            if each.terms.whole_conversation:
                noting.conversations(connection, among)
            self._hold(connection, tenant, each)

    def _noting(self, tenant: int, own: StoredHold, because: Because) -> Noting:
        return Noting(tenant, own, self.clock_us(), because)

    def _hold(self, connection: Connection, tenant: int, own: StoredHold) -> None:
        """What is noted for one that is being placed is held by who places it, before it counts."""
        if own.state == "active":
            while hold_next(connection, tenant, own, self.key_client):
                pass


# Who names no key daemon changes nothing that a hold covers: it is refused.
WITHOUT_KEYS: Final = HoldMatcher(NoKeyDaemon(), lambda: 0)
