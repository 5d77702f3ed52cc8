"""The recordings of a hold to which nothing has come since it was placed: many at a time.

The keys of all others are read again in the transaction that says that they are held. Knows
nothing of key daemons.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    BindParameter,
    Connection,
    and_,
    bindparam,
    case,
    literal_column,
    null,
    select,
    union_all,
    update,
)

from archive.catalog.holds.held_keys import IS_MEANT
from archive.catalog.register.legal_holds import StoredHold
from archive.catalog.tables.catalog import hold_recording, kept_facts, part, recording
from archive.ids import ID_BYTES, KeyId

# Recordings that are said to be held in one transaction: some tens of milliseconds.
STRETCH: Final = 10_000
FIRST: Final = b""
_END: Final = b"\xff" * ID_BYTES
# Rows that are in memory at once; and values of one statement.
_ROWS: Final = 200
_VALUES: Final = 5_000
_OF_HOLD: Final = (
    hold_recording.c.tenant == bindparam("of_tenant"),
    hold_recording.c.hold == bindparam("of_hold"),
    IS_MEANT,
)
# Whatever comes to a recording that is meant notes it anew (`Noting.again`).
_OWN: Final = (
    *_OF_HOLD,
    hold_recording.c.because == literal_column("'placed'"),
    hold_recording.c.noted_us == bindparam("placed_us"),
)
_THERE: Final = and_(
    recording.c.tenant == bindparam("of_tenant"), recording.c.id == hold_recording.c.recording
)
_OF_IT: Final = and_(part.c.tenant == bindparam("of_tenant"), part.c.recording == recording.c.row)
_OF_FACTS: Final = and_(
    kept_facts.c.tenant == bindparam("of_tenant"),
    kept_facts.c.recording == hold_recording.c.recording,
)
# Sorted by the database, which has room for it. Of a recording without a part its id.
_KEYS: Final = union_all(
    select(
        part.c.key_id.label("key_id"),
        case((part.c.key_id.is_(None), hold_recording.c.recording)).label("keyless"),
    )
    .select_from(hold_recording.outerjoin(recording, _THERE).outerjoin(part, _OF_IT))
    .where(*_OWN),
    select(kept_facts.c.key_id, null())
    .join_from(hold_recording, kept_facts, _OF_FACTS)
    .where(*_OWN),
).order_by("key_id")
_ASKED: Final[BindParameter[bytes]] = bindparam("asked", expanding=True)
_OWNERS: Final = union_all(
    select(hold_recording.c.recording)
    .join_from(hold_recording, recording, _THERE)
    .join(part, _OF_IT)
    .where(*_OWN, part.c.key_id.in_(_ASKED)),
    select(hold_recording.c.recording)
    .join_from(hold_recording, kept_facts, _OF_FACTS)
    .where(*_OWN, kept_facts.c.key_id.in_(_ASKED)),
)
_BEHIND: Final = hold_recording.c.recording > bindparam("behind")
_LAST: Final = (
    select(hold_recording.c.recording)
    .where(*_OF_HOLD, _BEHIND)
    .order_by(hold_recording.c.recording)
    .offset(bindparam("stretch"))
    .limit(1)
)
_HELD: Final = (
    update(hold_recording)
    .where(
        *_OWN,
        _BEHIND,
        hold_recording.c.recording <= bindparam("last"),
        hold_recording.c.recording.not_in(bindparam("doubtful", expanding=True)),
    )
    .values(state="held")
)


@dataclass(frozen=True, slots=True)
class KeysInOrder:
    """The keys as the keystore sorts them, one behind the other; recordings that have none."""

    raw: bytes
    keyless: frozenset[bytes]

    def batches(self, size: int) -> Iterator[list[KeyId]]:
        """So many keys at a time."""
        for first in range(0, len(self.raw), size * ID_BYTES):
            some = self.raw[first : first + size * ID_BYTES]
            yield [KeyId(some[at : at + ID_BYTES]) for at in range(0, len(some), ID_BYTES)]


@dataclass(frozen=True, slots=True)
class Untouched:
    """Those of one hold of a tenant; each question is a part of the caller's transaction."""

    tenant: int
    hold: StoredHold

    def keys(self, connection: Connection) -> KeysInOrder:
        raw, keyless = bytearray(), set[bytes]()
        found = connection.execute(
            _KEYS, self._wanted, execution_options={"yield_per": _ROWS}
        ).partitions()
        for rows in found:
            raw += b"".join([row[0] for row in rows if row[0] is not None])
            keyless.update(row[1] for row in rows if row[0] is None)
        return KeysInOrder(bytes(raw), frozenset(keyless))

    def owners(self, connection: Connection, keys: Sequence[KeyId]) -> frozenset[bytes]:
        owners = set[bytes]()
        for at in range(0, len(keys), _VALUES):
            asked = [each.raw for each in keys[at : at + _VALUES]]
            owners.update(connection.scalars(_OWNERS, {**self._wanted, "asked": asked}))
        return frozenset(owners)

    def are_held(self, connection: Connection, behind: bytes, doubtful: Set[bytes]) -> bytes | None:
        """Say that those of a stretch `behind` one are held, all but the doubtful.

        Returns where the next stretch begins, None where there is none.
        """
        wanted = {**self._wanted, "behind": behind}
        last = connection.scalar(_LAST, {**wanted, "stretch": STRETCH - 1})
        among = [each for each in doubtful if behind < each <= (last or _END)]
        connection.execute(_HELD, {**wanted, "last": last or _END, "doubtful": among})
        return last

    @property
    def _wanted(self) -> dict[str, object]:
        hold = self.hold
        return {"of_tenant": self.tenant, "of_hold": hold.number, "placed_us": hold.placed_us}
