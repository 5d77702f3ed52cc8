"""Which recordings a proposal is of: by them it lies within a reach or beyond.

Those of one proposal have one seal, however many they are. Knows nothing of what is proposed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sqlalchemy import Connection, Table, func, insert, select

from archive.catalog.access.grants import Access
from archive.catalog.access.reach import within
from archive.catalog.journal.sealed_rows import SealedText, seals_of
from archive.catalog.tables.catalog import proposal_recording, recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId

# Fewer values than any database takes in a statement.
_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class SealedScopes:
    """The sets, each by the number of its proposal; `code` names them in seals for ever."""

    code: int = 17
    table: Table = proposal_recording

    def all(self, connection: Connection) -> Iterator[SealedText]:
        """Every set that is not empty, one after the other."""
        own = self.table.c
        rows = connection.execute(select(own.proposal, own.recording).order_by(own.proposal))
        for number, found in groupby(rows, lambda row: row.proposal):
            yield _told(number, (each.recording for each in found))


SCOPES: Final = SealedScopes()


def write_scope(
    connection: Connection, tenant: int, number: int, about: Sequence[RecordingId]
) -> None:
    """Write down of which recordings a proposal is; none: of the whole tenant."""
    if not about:
        return
    own = [{"tenant": tenant, "proposal": number, "recording": each.raw} for each in about]
    connection.execute(insert(proposal_recording), own)
    if seals := seals_of(connection):
        seals.seal(connection, SCOPES, _told(number, (each.raw for each in about)))


def lies_within(connection: Connection, access: Access, number: int) -> bool:
    """Whether all that a proposal is about lies within a reach that ends somewhere.

    What is not as it was proposed lies in none.
    """
    tenant, own = tenant_row(connection, access.tenant), proposal_recording.c
    wanted = select(own.recording).where(own.tenant == tenant, own.proposal == number)
    about = connection.scalars(wanted).all()
    seals = seals_of(connection)
    if seals and not seals.is_believed(connection, SCOPES, _told(number, about)):
        return False
    return bool(about) and _count_near(connection, access, about) == len(about)


def _count_near(connection: Connection, access: Access, about: Sequence[bytes]) -> int:
    """Of exactly those that were believed, and not of what the table says once more."""
    tenant = tenant_row(connection, access.tenant)
    near = select(func.count()).where(
        recording.c.tenant == tenant, *within(tenant, access.within.whole_reach)
    )
    parts = (about[at : at + _AT_ONCE] for at in range(0, len(about), _AT_ONCE))
    return sum(connection.scalar(near.where(recording.c.id.in_(part))) or 0 for part in parts)


def _told(number: int, about: Iterable[bytes]) -> SealedText:
    return SealedText(number, b"".join(sorted(about)))
