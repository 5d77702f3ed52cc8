"""Legal holds are taken back into a keystore that was put back: those placed since, all they have.

Nothing is destroyed until then: a stand-in is being placed there (docs/backup.md). May be cut off
anywhere and done again. Knows nothing of the gate, nor of when it is asked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import Connection, Engine

from archive.catalog.database.engine import reading, writing
from archive.catalog.holds.held_keys import keys_had
from archive.catalog.holds.held_pages import hold_pages
from archive.catalog.holds.held_recordings import AT_ONCE
from archive.catalog.register.legal_holds import (
    StoredHold,
    holds_guarding,
    holds_let_go,
    holds_placing,
    note_keys,
    note_keys_again,
)
from archive.errors import KeyRefused, KeyUnavailable
from archive.ids import HoldId, KeyId, TenantId
from archive.keys.errors import Refusal
from archive.keys.gate.restored_holds import stand_in
from archive.keys.guard.hold_client import PlacingClient

# Before every recording.
_FIRST: Final = b""

log = structlog.get_logger("rokuon.holds")


@dataclass(frozen=True, slots=True)
class RestoredGuard:
    """One tenant's, by its id and its row."""

    engine: Engine
    key_client: PlacingClient
    own: TenantId
    row: int
    now_us: int

    def complete(self) -> None:
        """Where something is placed that nobody places, or a hold lacks what it had: have the
        keystore know every hold.

        Raises `KeyUnavailable`.
        """
        if not self._is_put_back() and not self._lacks_something():
            return
        with reading(self.engine) as connection:
            guarding = holds_guarding(connection, self.row)
            over = holds_let_go(connection, self.row)
        for each in guarding:
            self._hold_again(each)
        for each in over:
            self._let_go_again(each)
        self._note(guarding, self._kept(), note_keys_again)
        self.key_client.cancel_hold(stand_in(self.own))
        log.warning("holds placed again in a restored keystore", holds=len(guarding))

    def _is_put_back(self) -> bool:
        """What is placed by somebody stands in the register before the fence is up, and after."""
        before = self._placing()
        try:
            placing = self.key_client.fence(self.own).placing
        except (KeyUnavailable, KeyRefused):
            # Away, or shut until what was destroyed is gone again: the next time tells.
            return False
        return placing > len(before | self._placing())

    def _lacks_something(self) -> bool:
        """Whether the keystore has not all that it had; then it raises the fence.

        What lies between the two steps of a hold is no difference: keys come before they are noted,
        and are gone before that is.
        """
        try:
            wanted = self._in_force()
            kept = self._kept()
            lacking = _lacking(wanted, kept)
            if not lacking:
                self._note(wanted, kept, note_keys)
                return False
            # Somebody may have let go of it just now.
            numbers = {each.number for each in lacking}
            still = [each for each in self._in_force() if each.number in numbers]
            if not _lacking(still, self._kept()):
                return False
            self.key_client.place_hold(stand_in(self.own), self.own)
        except (KeyUnavailable, KeyRefused):
            # Away: the next time tells.
            return False
        return True

    def _in_force(self) -> list[StoredHold]:
        """Those whose keys are not about to go free."""
        with reading(self.engine) as connection:
            guarding = holds_guarding(connection, self.row)
        return [each for each in guarding if not each.end or each.end.grace_until_us > self.now_us]

    def _kept(self) -> Mapping[HoldId, int]:
        """How many keys each active hold of the keystore has."""
        return {each.id: each.keys for each in self.key_client.holds(self.own) if each.is_active}

    def _note(
        self,
        wanted: Sequence[StoredHold],
        kept: Mapping[HoldId, int],
        note: Callable[[Connection, int, int], None],
    ) -> None:
        """How many keys each has by now."""
        changed = [each for each in wanted if kept.get(each.id, each.keys) != each.keys]
        if changed:
            with writing(self.engine) as connection:
                for each in changed:
                    note(connection, each.number, kept[each.id])

    def _placing(self) -> frozenset[int]:
        with reading(self.engine) as connection:
            return frozenset(each.number for each in holds_placing(connection, self.row))

    def _hold_again(self, hold: StoredHold) -> None:
        """A key that is not there has still to be adopted anew, and is held then."""
        self.key_client.place_hold(hold.id, self.own)
        behind = _FIRST
        while True:
            with reading(self.engine) as connection:
                had = keys_had(connection, self.row, hold, behind, AT_ONCE)
            if not had:
                break
            keys = [KeyId(key) for each in had.values() for key in each]
            self.key_client.hold_keys(hold.id, keys)
            behind = max(had)
        with reading(self.engine) as connection:
            hold_pages(connection, self.row, hold, self.key_client)
        self.key_client.activate_hold(hold.id)

    def _let_go_again(self, hold: StoredHold) -> None:
        """What was released or given up since would keep for ever what it has there."""
        if hold.state == "cancelled":
            self.key_client.cancel_hold(hold.id)
            return
        try:
            self.key_client.release_hold(hold.id)
        except KeyRefused as refused:
            # It was being placed on the day of the backup.
            if str(refused) != Refusal.HOLD_PLACING:
                raise
            self.key_client.activate_hold(hold.id)
            self.key_client.release_hold(hold.id)


def _lacking(wanted: Sequence[StoredHold], kept: Mapping[HoldId, int]) -> Sequence[StoredHold]:
    return [each for each in wanted if each.id not in kept or kept[each.id] < each.keys]
