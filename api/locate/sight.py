"""What somebody sees of a tenant's calls while a question is answered: what is within his reach.

Knows nothing of clues.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from sqlalchemy import Connection

from api.locate.column_keeper import ColumnKeeper
from api.locate.no_columns import NoColumns
from api.locate.reached_months import Reached
from archive.access.reach import Within
from archive.catalog.access.grants import Access
from archive.catalog.database.engine import reading
from archive.catalog.index.agents import last_period
from archive.catalog.locating.call_facts import conversation_facts
from archive.catalog.locating.found_texts import TextIndex
from archive.catalog.locating.identity import identity_of_index
from archive.catalog.locating.lost_calls import LostCalls
from archive.catalog.locating.seats import people_of
from archive.catalog.locating.within_reach import AllowedRows
from archive.catalog.search.located_calls import StoredCalls, conversation_row, stored_calls
from archive.catalog.tables.tenants import tenant_row
from archive.ids import ConversationId
from archive.locate.answer.facts import ConversationFacts
from archive.locate.ranking.people import People
from archive.locate.who.sound_costs import mora_costs

_NOBODY: Final = People()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Of a moment: the months of the columns, the agents, and what the catalog has."""

    connection: Connection
    tenant: int
    allowed: Within
    months: Reached
    people: People
    lost: LostCalls
    secret: bytes  # the catalog's own, for what is handed out and comes back

    @property
    def texts(self) -> TextIndex:
        """What indexes find."""
        return TextIndex(self.connection, self.tenant, self.months, self.months.shares)

    def stored(self, call: ConversationId) -> StoredCalls | None:
        """A call that a clue names; None where there is none within reach."""
        row = conversation_row(self.connection, self.tenant, call)
        if row is None:
            return None
        found = stored_calls(self.connection, self.tenant, self.allowed, [row])
        return found if found.found else None

    def facts(self, call: ConversationId) -> ConversationFacts | None:
        """The same as verdicts need it."""
        found = self.stored(call)
        if found is None:
            return None
        told = conversation_facts(self.connection, self.tenant, found, self.people)
        return next(iter(told.values()))


@dataclass(slots=True)
class Lookout:
    """Over the columns of a tenant, its table of agents, its calls without a recording: read again
    where there are others.
    """

    keeper: ColumnKeeper | NoColumns
    _people: People = field(default=_NOBODY, init=False)
    _last_period: int = field(default=0, init=False)
    _lost: LostCalls = field(default_factory=LostCalls, init=False)
    _rows: AllowedRows = field(default_factory=AllowedRows, init=False)
    _renewing: Lock = field(default_factory=Lock, init=False)

    def prepare(self) -> None:
        """Read what who asks next would wait for, and is the same for all."""
        mora_costs()
        with reading(self.keeper.engine) as connection:
            self._renew(connection, tenant_row(connection, self.keeper.tenant))

    @contextmanager
    def sight(self, access: Access) -> Iterator[Sight]:
        """As of now; raises `ColumnsNotReady`."""
        with self.keeper.current() as columns, reading(self.keeper.engine) as connection:
            tenant, allowed = tenant_row(connection, access.tenant), access.within
            rows = self._rows.of(connection, tenant, allowed, columns.sequence)
            people, lost = self._renew(connection, tenant)
            yield Sight(
                connection=connection,
                tenant=tenant,
                allowed=allowed,
                months=columns.reached.of(columns.files, allowed, rows),
                people=people,
                lost=lost,
                secret=identity_of_index(connection),
            )

    def _renew(self, connection: Connection, tenant: int) -> tuple[People, LostCalls]:
        """By one at a time: who asks meanwhile waits for what is being read."""
        with self._renewing:
            last = last_period(connection, tenant)
            if last != self._last_period:
                self._people, self._last_period = people_of(connection, tenant), last
            self._lost = self._lost.renewed(connection, tenant)
            return self._people, self._lost
