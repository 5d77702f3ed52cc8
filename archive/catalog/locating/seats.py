"""The table of agents as a ranking takes it: all that was ever said of who sat where.

Columns point to its rows. Knows nothing of them.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, bindparam, select

from archive.agent_table import names_told, split_aliases
from archive.catalog.database.plain_rows import plain_rows
from archive.catalog.tables.catalog import agent_period
from archive.locate.ranking.people import People, Seat

_NAMES_KEPT: Final = 10_000
_own = agent_period.c
_SEATS: Final = select(
    *(_own.row, _own.agent_id, _own.name, _own.kana, _own.romaji, _own.aliases),
    *(_own.team, _own.extension, _own.valid_from_us, _own.valid_to_us),
).where(_own.tenant == bindparam("own_tenant"))


def people_of(connection: Connection, tenant: int) -> People:
    return People.of(_seats(connection, tenant))


def _seats(connection: Connection, tenant: int) -> Iterator[Seat]:
    names = lru_cache(_NAMES_KEPT)(_names)
    rows = plain_rows(connection, _SEATS, {"own_tenant": tenant})
    for row, agent_id, name, kana, romaji, aliases, *sat in rows:
        yield Seat(row, agent_id, names(name, kana, romaji, aliases), *sat)


def _names(name: str, kana: str, romaji: str, aliases: str) -> tuple[str, ...]:
    return names_told(name, kana, romaji, *split_aliases(aliases))
