"""Legal holds over what has just been written: matched by the search itself, held before it counts.

Holds are added, never lifted. Knows nothing of what was changed, nor of who placed a hold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, select

from archive.catalog.holds.held_pages import hold_new_pages
from archive.catalog.holds.held_recordings import Among, Noting, hold_next
from archive.catalog.register.legal_holds import (
    StoredHold,
    holds_growing,
    holds_having,
    holds_in_force,
)
from archive.catalog.tables.catalog import mark, recording
from archive.ids import RecordingId
from archive.keys.guard.hold_client import HoldClient, NoKeyDaemon
from archive.lifecycle.hold_scope import ByQuery
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

    def refolded(self, connection: Connection, tenant: int, rows: Sequence[int]) -> None:
        """After names of these rows of `recording` are compared in another way than before.

        Also a hold without `future` has then what it meant all along: what began before it was
        placed, where a name that it asks for or that the recording has is written otherwise.
        """
        for each in holds_in_force(connection, tenant):
            condition = _meant_before(tenant, each, rows)
            among = None if condition is None else Among.read(connection, tenant, condition)
            if among is not None:
                self._noting(tenant, each, "changed").query(connection, among)
                self._hold(connection, tenant, each)

    def _noting(self, tenant: int, own: StoredHold, because: Because) -> Noting:
        return Noting(tenant, own, self.clock_us(), because)

    def _hold(self, connection: Connection, tenant: int, own: StoredHold) -> None:
        """What is noted for one that is being placed is held by who places it, before it counts."""
        if own.state == "active":
            while hold_next(connection, tenant, own, self.key_client):
                pass


def _meant_before(tenant: int, own: StoredHold, rows: Sequence[int]) -> ColumnElement[bool] | None:
    """Which of these a hold may have missed; None where what is found later is matched anyway."""
    scope = own.terms.scope
    if own.terms.future or not isinstance(scope, ByQuery):
        return None
    there = and_(recording.c.row.in_(rows), recording.c.started_us < own.placed_us)
    if scope.is_written_otherwise:
        return there
    odd = select(mark.c.row).where(
        mark.c.tenant == tenant, mark.c.recording == recording.c.row, mark.c.written != ""
    )
    return and_(there, odd.exists())


# Who names no key daemon changes nothing that a hold covers: it is refused.
WITHOUT_KEYS: Final = HoldMatcher(NoKeyDaemon(), lambda: 0)
