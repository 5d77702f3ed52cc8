"""The keys of the recordings that a legal hold has, or is about to have: many by a statement.

Knows nothing of key daemons, nor of what becomes of a recording.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, Select, and_, bindparam, literal_column, select

from archive.catalog.register.legal_holds import PROTECTED, StoredHold
from archive.catalog.tables.catalog import hold_recording, kept_facts, part, recording

# Each recording, by its id, with its keys; one that is not in the catalog has none.
KeysOf = Mapping[bytes, Sequence[bytes]]
# As it stands in the condition of its index: a bound value would not be known to be that.
IS_MEANT: Final = hold_recording.c.state == literal_column("'meant'")
_OWN: Final = (
    hold_recording.c.tenant == bindparam("of_tenant"),
    hold_recording.c.hold == bindparam("of_hold"),
)
_FIRST: Final = (
    select(hold_recording.c.recording)
    .where(*_OWN)
    .order_by(hold_recording.c.recording)
    .limit(bindparam("most"))
)


class _Keys:
    """The statements over some of a hold's recordings: of their parts, of their kept facts."""

    def __init__(self, wanted: Select[tuple[bytes]]) -> None:
        own = wanted.subquery("own")
        there = and_(
            recording.c.tenant == bindparam("of_tenant"), recording.c.id == own.c.recording
        )
        of_it = and_(part.c.tenant == bindparam("of_tenant"), part.c.recording == recording.c.row)
        of_facts = and_(
            kept_facts.c.tenant == bindparam("of_tenant"),
            kept_facts.c.recording == own.c.recording,
        )
        self._parts = select(own.c.recording, part.c.key_id).select_from(
            own.outerjoin(recording, there).outerjoin(part, of_it)
        )
        self._facts = select(own.c.recording, kept_facts.c.key_id).join_from(
            own, kept_facts, of_facts
        )

    def read(self, connection: Connection, wanted: Mapping[str, object]) -> KeysOf:
        keys: defaultdict[bytes, list[bytes]] = defaultdict(list)
        for own, key in connection.execute(self._parts, wanted).all():
            keys[own] += () if key is None else (key,)
        if keys:
            for own, key in connection.execute(self._facts, wanted).all():
                keys[own].append(key)
        return keys


_MEANT: Final = _Keys(_FIRST.where(IS_MEANT))
_HAD: Final = _Keys(
    _FIRST.where(
        hold_recording.c.state.in_(PROTECTED), hold_recording.c.recording > bindparam("behind")
    )
)


def keys_meant(connection: Connection, tenant: int, own: StoredHold, most: int) -> KeysOf:
    """The keys of the next recordings that are to be held."""
    wanted = {"of_tenant": tenant, "of_hold": own.number, "most": most}
    return _MEANT.read(connection, wanted)


def keys_had(
    connection: Connection, tenant: int, own: StoredHold, behind: bytes, most: int
) -> KeysOf:
    wanted = {"of_tenant": tenant, "of_hold": own.number, "most": most, "behind": behind}
    return _HAD.read(connection, wanted)
