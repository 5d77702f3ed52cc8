"""How much of a source's calls is a guess, and which numbers stood in those.

Knows the index. Knows nothing of what would tell.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from archive.call.direction import UNKNOWN
from archive.call.facts import SIDE_GUESSED
from archive.call.number_shape import is_extension
from archive.call.numbers import read_number
from archive.catalog.access.grants import EVERYTHING, NotGranted, SearchGrant
from archive.catalog.tables.catalog import FLAGS_JOINED, leg_address, recording
from archive.catalog.tables.tenants import tenant_row

# The newest recordings tell how a source is now.
LOOKED_AT: Final = 1_000
# As many are asked for at once.
_ROWS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceGuesses:
    """Of so many `recordings`: in how many a side is a guess, and a direction unknown.

    `short` and `full` are the numbers of those with a guess, as received, each once.
    """

    recordings: int = 0
    guessed: int = 0
    undirected: int = 0
    short: tuple[str, ...] = ()
    full: tuple[str, ...] = ()


def granted_guesses(
    connection: Connection, source: str, country: str, since_us: int, granted: SearchGrant
) -> SourceGuesses:
    if granted.target != EVERYTHING:
        raise NotGranted("a report of all recordings needs a grant for searching")
    tenant = tenant_row(connection, granted.tenant)
    return guesses_of(connection, tenant, source, country, since_us)


def guesses_of(
    connection: Connection, tenant: int, source: str, country: str, since_us: int
) -> SourceGuesses:
    """Of the newest recordings of a source since a moment; `country` reads their numbers."""
    found = connection.execute(
        select(recording.c.row, recording.c.direction, recording.c.flags)
        .where(
            recording.c.tenant == tenant,
            recording.c.started_us >= since_us,
            recording.c.source == source,
        )
        .order_by(recording.c.started_us.desc())
        .limit(LOOKED_AT)
    ).all()
    guessed = [row.row for row in found if SIDE_GUESSED in row.flags.split(FLAGS_JOINED)]
    short, full = _numbers(connection, tenant, guessed, country)
    return SourceGuesses(
        recordings=len(found),
        guessed=len(guessed),
        undirected=sum(row.direction == UNKNOWN for row in found),
        short=short,
        full=full,
    )


def _numbers(
    connection: Connection, tenant: int, rows: Sequence[int], country: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Extensions, and whole numbers, in the order of their digits."""
    seen = {raw for raw in _raws(connection, tenant, rows) if raw}
    numbers = [read_number(raw, country) for raw in sorted(seen)]
    short = tuple(each.raw for each in numbers if is_extension(each, country))
    return short, tuple(each.raw for each in numbers if each.e164)


def _raws(connection: Connection, tenant: int, rows: Sequence[int]) -> Iterable[str]:
    for first in range(0, len(rows), _ROWS):
        yield from connection.scalars(
            select(leg_address.c.raw)
            .where(
                leg_address.c.tenant == tenant,
                leg_address.c.recording.in_(rows[first : first + _ROWS]),
                leg_address.c.in_force == 1,
            )
            .distinct()
        )
