"""How many recordings another policy would have go earlier: many are a reason for care.

A second look at what the rules say of a change: by the recordings themselves. Knows nothing of
what a rule means, nor of who asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from api.simulations.simulation import Change, Supposition
from archive.catalog.database.engine import AsyncEngine, read
from archive.catalog.retention.retained import retained_behind
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId, TenantId
from retention.decisions.decision import Standing

_SHORTER: Final = frozenset({Change.NEWLY_DUE, Change.EARLIER})
# By the rules alone: what stands above them may be lifted tomorrow.
_NOTHING_STANDS: Final[Mapping[RecordingId, Standing]] = {}


@dataclass(frozen=True, slots=True)
class Effect:
    """So many are counted that fall due or go earlier, no more than `bulk`."""

    recordings: int
    bulk: int

    @property
    def is_bulk(self) -> bool:
        """Whether these are many."""
        return self.recordings >= self.bulk


# Of what no recording that exists is judged by.
NO_EFFECT: Final = Effect(0, 1)


async def effect_of(engine: AsyncEngine, tenant: TenantId, what: Supposition, bulk: int) -> Effect:
    """Judge recordings until many are found, or all are judged; each batch is read by itself."""
    count, after = 0, 0

    def judged(connection: Connection) -> tuple[int, int]:
        last, batch = retained_behind(connection, tenant_row(connection, tenant), after)
        found = what.of(batch, _NOTHING_STANDS)
        return last, sum(each.change in _SHORTER for each in found)

    while count < bulk:
        after, more = await read(engine, judged)
        if not after:
            break
        count += more
    return Effect(min(count, bulk), bulk)
