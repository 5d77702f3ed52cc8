"""The table of agents in the catalog: taken over whole, the former one kept but not in force.

Knows nothing of CSV's grammar. Every import is in the journal.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Row, bindparam, insert, select, update

from archive.agent_assignment import Assignment, with_assigned
from archive.agent_table import AgentPeriod, join_aliases, read_agents, split_aliases
from archive.catalog.access.grants import Access
from archive.catalog.database.engine import writing
from archive.catalog.holds.hold_matches import WITHOUT_KEYS, HoldMatcher
from archive.catalog.index.attribution import Seat, reattribute
from archive.catalog.index.outdated_rows import derive_stale
from archive.catalog.journal.entries import Detail, Entry, append
from archive.catalog.tables.catalog import agent_import, agent_name, agent_period, recording
from archive.catalog.tables.derived_forms import SOONER
from archive.catalog.tables.tenants import ensure_tenant, tenant_row
from archive.folded_names import findable, fold_name
from archive.ids import TenantId
from archive.moments import moment

# Calls whose sides are decided anew before the import is over, a second's work; the keeper decides
# those of the others, step by step.
DECIDED_AT_ONCE: Final = 500
# By the rows, from the last one on: `+ 0` keeps out the tenant's index, which is not by them.
_LAST: Final = (
    select(agent_period.c.row)
    .where(agent_period.c.tenant + 0 == bindparam("own_tenant"))
    .order_by(agent_period.c.row.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentImport:
    """What an import changed: rows of the table, and legs that new rows took."""

    added: int
    ended: int
    unchanged: int
    legs: int


def import_agents(
    engine: Engine,
    content: bytes,
    zone: ZoneInfo,
    access: Access,
    holds: HoldMatcher = WITHOUT_KEYS,
) -> AgentImport:
    """Make the CSV `content` the table of agents in force, and attribute old calls by it.

    One transaction with its journal entry; legal holds that calls fit now are over them before it
    is committed. Raises `AgentTableRefused`, `KeyUnavailable` (nothing is changed).
    """
    return take_over_agents(engine, content, read_agents(content, zone), access, holds)


def take_over_agents(
    engine: Engine,
    content: bytes,
    wanted: tuple[AgentPeriod, ...],
    access: Access,
    holds: HoldMatcher = WITHOUT_KEYS,
) -> AgentImport:
    """The same of a table that was read already; the entry has the digest of its `content`."""
    with writing(engine) as connection:
        return _take_over(connection, content, lambda _: wanted, access, holds)


def assign_agent(
    engine: Engine, said: Assignment, access: Access, holds: HoldMatcher = WITHOUT_KEYS
) -> AgentImport:
    """Let a stretch of an extension be an agent's in the table in force, as an import would.

    Raises `AssignmentRefused`, `KeyUnavailable` (nothing is changed).
    """
    content = json.dumps(asdict(said), ensure_ascii=False, sort_keys=True).encode()
    detail: dict[str, Detail] = {
        "agent_id": said.agent_id,
        "extension": said.extension,
        "from": moment(said.from_us).isoformat(),
        "until": moment(said.until_us).isoformat(),
        "why": said.reason,
    }
    with writing(engine) as connection:
        return _take_over(
            connection, content, lambda table: with_assigned(table, said), access, holds, detail
        )


def _take_over(
    connection: Connection,
    content: bytes,
    wanted: Callable[[Iterable[AgentPeriod]], tuple[AgentPeriod, ...]],
    access: Access,
    holds: HoldMatcher,
    detail: Mapping[str, Detail] = MappingProxyType({}),
) -> AgentImport:
    digest = hashlib.sha256(content).digest()
    tenant = ensure_tenant(connection, access.tenant)
    made = _import_row(connection, tenant, access.at_us, digest)
    done = _replace(connection, tenant, made, wanted(_in_force(connection, tenant)))
    holds.changed(connection, tenant, recording.c.derived == SOONER)
    decided = derive_stale(connection, tenant, DECIDED_AT_ONCE)
    holds.changed(connection, tenant, recording.c.row.in_(decided.recordings))
    append(connection, _entry(access, digest, done, detail))
    return done


def agents_in_force(connection: Connection, tenant: TenantId) -> tuple[AgentPeriod, ...]:
    """The table as it is in force, by agent and time."""
    rows = _in_force(connection, tenant_row(connection, tenant))
    return tuple(sorted(rows, key=lambda period: (period.agent_id, period.valid_from_us)))


def last_period(connection: Connection, tenant: int) -> int:
    """The last row of all that was ever said; 0 where there is none."""
    return connection.scalar(_LAST, {"own_tenant": tenant}) or 0


def _replace(
    connection: Connection, tenant: int, made: int, wanted: tuple[AgentPeriod, ...]
) -> AgentImport:
    present = _in_force(connection, tenant)
    ended = {period: row for period, row in present.items() if period not in set(wanted)}
    added = [period for period in dict.fromkeys(wanted) if period not in present]
    _supersede(connection, ended.values(), made)
    begun = [_seat(_insert(connection, tenant, made, period), period) for period in added]
    legs = reattribute(
        connection, tenant, ended=[_seat(row, period) for period, row in ended.items()], begun=begun
    )
    return AgentImport(
        added=len(added), ended=len(ended), unchanged=len(present) - len(ended), legs=legs
    )


def _import_row(connection: Connection, tenant: int, at_us: int, digest: bytes) -> int:
    made = insert(agent_import).values(tenant=tenant, at_us=at_us, sha256=digest)
    return int(connection.execute(made.returning(agent_import.c.row)).scalar_one())


def _insert(connection: Connection, tenant: int, made: int, period: AgentPeriod) -> int:
    new = insert(agent_period).values(
        tenant=tenant,
        agent_id=period.agent_id,
        name=period.name,
        kana=period.kana,
        romaji=period.romaji,
        aliases=join_aliases(period.aliases),
        extension=period.extension,
        valid_from_us=period.valid_from_us,
        valid_to_us=period.valid_to_us,
        team=period.team,
        team_folded=fold_name(period.team),
        imported=made,
    )
    row = int(connection.execute(new.returning(agent_period.c.row)).scalar_one())
    folded = sorted({word for name in period.names for word in findable(name)})
    if folded:
        connection.execute(
            insert(agent_name),
            [{"tenant": tenant, "period": row, "folded": word} for word in folded],
        )
    return row


def _supersede(connection: Connection, rows: Iterable[int], made: int) -> None:
    for row in rows:
        connection.execute(
            update(agent_period).where(agent_period.c.row == row).values(superseded=made)
        )


def _in_force(connection: Connection, tenant: int) -> dict[AgentPeriod, int]:
    rows = connection.execute(
        select(agent_period).where(
            agent_period.c.tenant == tenant, agent_period.c.superseded.is_(None)
        )
    )
    return {_period(row): row.row for row in rows}


def _period(row: Row[tuple[object, ...]]) -> AgentPeriod:
    return AgentPeriod(
        agent_id=row.agent_id,
        name=row.name,
        kana=row.kana,
        romaji=row.romaji,
        aliases=split_aliases(row.aliases),
        extension=row.extension,
        valid_from_us=row.valid_from_us,
        valid_to_us=row.valid_to_us,
        team=row.team,
    )


def _seat(row: int, period: AgentPeriod) -> Seat:
    return Seat(
        row=row,
        agent_id=period.agent_id,
        extension=period.extension,
        from_us=period.valid_from_us,
        to_us=period.valid_to_us,
    )


def _entry(access: Access, digest: bytes, done: AgentImport, detail: Mapping[str, Detail]) -> Entry:
    return Entry(
        tenant=access.tenant,
        at_us=access.at_us,
        actor=access.actor,
        action="agents_imported",
        target="agents",
        reason=access.purpose,
        detail={
            "sha256": digest.hex(),
            "added": done.added,
            "ended": done.ended,
            "unchanged": done.unchanged,
            "legs": done.legs,
            **detail,
        },
    )
