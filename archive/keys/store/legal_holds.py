"""Holds in the keystore: the fence that stops destroying while one is placed, and what each keeps.

Knows nothing of why a hold is placed, or of which recordings its keys are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from archive.errors import KeyRefused
from archive.ids import HoldId, KeyId, TenantId
from archive.keys.errors import Refusal
from archive.keys.store import statements
from archive.keys.store.database import Database, Values
from archive.keys.store.schema import transaction

# Keys that a hold lets go in one transaction: some milliseconds.
STEP: Final = 500


class HoldState(StrEnum):
    """How far a hold has come; one that is ending keeps what it still has."""

    PLACING = "placing"
    ACTIVE = "active"
    ENDING = "ending"


_REFUSED: Final = {
    HoldState.PLACING: Refusal.HOLD_PLACING,
    HoldState.ACTIVE: Refusal.HOLD_ACTIVE,
    HoldState.ENDING: Refusal.HOLD_ENDING,
}


@dataclass(frozen=True, slots=True)
class Fence:
    """How many holds a tenant ever had, and how many are being placed now."""

    generation: int
    placing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldKeys:
    """How many of some keys are held; which were destroyed before; which nobody knows.

    `total`: how many the hold has by now.
    """

    held: int = 0
    destroyed: tuple[KeyId, ...] = ()
    unknown: tuple[KeyId, ...] = ()
    # Not of these keys: of the hold.
    total: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class KeptHold:
    """A hold in the keystore, and how many keys it has."""

    id: HoldId
    is_active: bool
    keys: int


@dataclass(frozen=True, slots=True)
class _Hold:
    id: HoldId
    tenant: TenantId
    generation: int
    state: HoldState


def read_fence(database: Database, tenant: TenantId) -> Fence:
    """Return the fence as it stands now; a moment later it may be another."""
    return _fence(database, statements.READ_FENCE, tenant)


def lock_fence(database: Database, tenant: TenantId) -> Fence:
    """Return the fence as it stands until the caller's transaction ends."""
    return _fence(database, statements.LOCK_FENCE, tenant)


def open_placings(database: Database) -> int:
    """Return how many holds of all tenants are being placed."""
    return int(database.execute(statements.OPEN_PLACINGS).fetchone()[0])


def place_hold(database: Database, hold: HoldId, tenant: TenantId) -> int:
    """Raise the fence for a new hold; return its generation, for the same hold the same."""
    with transaction(database):
        known = _find(database, hold)
        if known is None:
            return _place(database, hold, tenant)
        if known.tenant != tenant:
            raise KeyRefused(Refusal.HOLD_UNKNOWN)
        _refuse(known, HoldState.ENDING)
        return known.generation


def hold_keys(database: Database, hold: HoldId, keys: Sequence[KeyId]) -> HeldKeys:
    """Have the hold keep these keys; twice is as good as once."""
    with transaction(database):
        known = _require(database, hold)
        _refuse(known, HoldState.ENDING)
        absent = _hold_all(database, known, keys)
        was = _found(database, statements.DESTROYED_OF, {}, absent)
        (total,) = database.execute(statements.KEYS_OF_HOLD, {"hold": hold.raw}).fetchone()
    destroyed = tuple(key for key in absent if key.raw in was)
    return HeldKeys(
        held=len(keys) - len(absent),
        destroyed=destroyed,
        unknown=tuple(key for key in absent if key.raw not in was),
        total=int(total),
    )


def holds_of(
    database: Database, tenant: TenantId, behind: bytes, most: int
) -> tuple[KeptHold, ...]:
    """Return the next holds of a tenant, in the order of their ids."""
    wanted: Values = {"tenant": tenant.raw, "behind": behind, "most": most}
    rows = database.execute(statements.HOLDS_OF, wanted).fetchall()
    return tuple(KeptHold(HoldId(row[0]), row[1] == HoldState.ACTIVE, row[2]) for row in rows)


def activate_hold(database: Database, hold: HoldId) -> None:
    """The hold has all its keys: lower the fence for it."""
    with transaction(database):
        known = _require(database, hold)
        _refuse(known, HoldState.ENDING)
        if known.state is HoldState.PLACING:
            _leave_placing(database, known, HoldState.ACTIVE)


def cancel_hold(database: Database, hold: HoldId) -> bool:
    """Give up a placing, one step of it; return whether nothing of the hold is left."""
    with transaction(database):
        known = _find(database, hold)
        if known is None:
            return True
        _refuse(known, HoldState.ACTIVE)
        if known.state is HoldState.PLACING:
            _leave_placing(database, known, HoldState.ENDING)
        return _let_go(database, hold)


def release_hold(database: Database, hold: HoldId) -> bool:
    """Let go of an active hold, one step of it; return whether nothing of it is left."""
    with transaction(database):
        known = _find(database, hold)
        if known is None:
            return True
        _refuse(known, HoldState.PLACING)
        if known.state is HoldState.ACTIVE:
            _set_state(database, known, HoldState.ENDING)
        return _let_go(database, hold)


def _fence(database: Database, statement: str, tenant: TenantId) -> Fence:
    row = database.execute(statement, {"tenant": tenant.raw}).fetchone()
    return Fence(0, 0) if row is None else Fence(row[0], row[1])


def _place(database: Database, hold: HoldId, tenant: TenantId) -> int:
    (generation,) = database.execute(statements.RAISE_FENCE, {"tenant": tenant.raw}).fetchone()
    database.execute(
        statements.ADD_HOLD, {"hold": hold.raw, "tenant": tenant.raw, "generation": generation}
    )
    return int(generation)


def _hold_all(database: Database, hold: _Hold, keys: Sequence[KeyId]) -> list[KeyId]:
    """Hold those that there are; return the others."""
    if not keys:
        return []
    values: Values = {"hold": hold.id.raw, "tenant": hold.tenant.raw, **_joined(keys)}
    statement = statements.HOLD_KEYS + statements.UNLESS_HELD
    added = database.execute(statement, values).rowcount
    database.execute(statements.COUNT_HELD, {"hold": hold.id.raw, "added": added})
    if added == len(keys):
        return []
    held = _found(database, statements.HELD_OF, {"hold": hold.id.raw}, keys)
    return [key for key in keys if key.raw not in held]


def _found(database: Database, statement: str, values: Values, keys: Sequence[KeyId]) -> set[bytes]:
    """Return those of the keys that a statement finds."""
    if not keys:
        return set()
    return {row[0] for row in database.execute(statement, {**values, **_joined(keys)}).fetchall()}


def _joined(keys: Sequence[KeyId]) -> Values:
    return {"keys": b"".join([key.raw for key in keys]), "count": len(keys)}


def _leave_placing(database: Database, hold: _Hold, state: HoldState) -> None:
    _set_state(database, hold, state)
    database.execute(statements.LOWER_FENCE, {"tenant": hold.tenant.raw})


def _let_go(database: Database, hold: HoldId) -> bool:
    gone = database.execute(statements.LET_GO, {"hold": hold.raw, "step": STEP}).rowcount
    database.execute(statements.COUNT_HELD, {"hold": hold.raw, "added": -gone})
    if gone == STEP:
        return False
    database.execute(statements.DELETE_HOLD, {"hold": hold.raw})
    return True


def _set_state(database: Database, hold: _Hold, state: HoldState) -> None:
    database.execute(statements.SET_HOLD_STATE, {"hold": hold.id.raw, "state": state.value})


def _refuse(hold: _Hold, state: HoldState) -> None:
    if hold.state is state:
        raise KeyRefused(_REFUSED[state])


def _require(database: Database, hold: HoldId) -> _Hold:
    known = _find(database, hold)
    if known is None:
        raise KeyRefused(Refusal.HOLD_UNKNOWN)
    return known


def _find(database: Database, hold: HoldId) -> _Hold | None:
    row = database.execute(statements.FIND_HOLD, {"hold": hold.raw}).fetchone()
    return None if row is None else _Hold(hold, TenantId(row[0]), row[1], HoldState(row[2]))
