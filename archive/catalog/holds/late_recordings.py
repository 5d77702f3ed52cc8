"""What a legal hold came too late for: when it was destroyed, and by the run of which plan.

A certificate has the number of its plan. Knows nothing of what is in one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, bindparam, select

from archive.catalog.register.legal_holds import StoredHold
from archive.catalog.tables.catalog import hold_recording, tombstone
from archive.ids import RecordingId
from archive.lifecycle.tombstone import digest_of

# Values of one statement.
_AT_ONCE: Final = 5_000
_LATE: Final = select(hold_recording.c.recording).where(
    hold_recording.c.tenant == bindparam("of_tenant"),
    hold_recording.c.hold == bindparam("of_hold"),
    hold_recording.c.state == "destroyed",
)
_TOMBSTONES: Final = select(tombstone.c.plan, tombstone.c.destroyed_us).where(
    tombstone.c.tenant == bindparam("of_tenant"),
    tombstone.c.digest.in_(bindparam("digests", expanding=True)),
)


@dataclass(frozen=True, slots=True)
class LateFor:
    """So many recordings went by one run, between these moments.

    `certificate`: None where no certificate attests it. Without a tombstone yet nobody knows when
    they went: they are not counted here.
    """

    certificate: int | None
    recordings: int
    first_us: int
    last_us: int

    def with_one(self, at_us: int) -> "LateFor":
        return replace(
            self,
            recordings=self.recordings + 1,
            first_us=min(self.first_us, at_us),
            last_us=max(self.last_us, at_us),
        )


def late_for(connection: Connection, tenant: int, own: StoredHold) -> tuple[LateFor, ...]:
    """What a hold came too late for, by certificates, the oldest first."""
    known: dict[int | None, LateFor] = {}
    for plan, at_us in _destroyed(connection, tenant, own):
        known[plan] = known.get(plan, LateFor(plan, 0, at_us, at_us)).with_one(at_us)
    return tuple(sorted(known.values(), key=lambda each: each.first_us))


def _destroyed(
    connection: Connection, tenant: int, own: StoredHold
) -> Iterator[tuple[int | None, int]]:
    late = connection.scalars(_LATE, {"of_tenant": tenant, "of_hold": own.number}).all()
    for at in range(0, len(late), _AT_ONCE):
        digests = [digest_of(RecordingId(each)) for each in late[at : at + _AT_ONCE]]
        wanted = {"of_tenant": tenant, "digests": digests}
        rows = connection.execute(_TOMBSTONES, wanted)
        yield from ((row.plan, row.destroyed_us) for row in rows)
