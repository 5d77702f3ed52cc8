"""Which recordings have the keys of events: found by their tags, and by the agents who took part.

Knows nothing of what was told, nor of any rule.
"""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection, Select, select, union

from archive.catalog.database.portions import portions
from archive.catalog.tables.catalog import agent_period, leg, leg_agent, mark, recording
from archive.folded_names import fold_name
from archive.ids import RecordingId
from archive.lifecycle.retention_events import AGENT_LEFT, EventKey


def recordings_keyed(
    connection: Connection, tenant: int, keys: Collection[EventKey]
) -> frozenset[RecordingId]:
    tags = [tag for each in keys if each.kind != AGENT_LEFT for tag in _as_typed(each.tag)]
    agents = frozenset(each.key for each in keys if each.kind == AGENT_LEFT)
    found: set[RecordingId] = set()
    for wanted in (*_by_tags(tenant, tags), *_by_agents(connection, tenant, agents)):
        found.update(map(RecordingId, connection.scalars(wanted)))
    return frozenset(found)


def _as_typed(tag: str) -> tuple[str, str]:
    """A tag with and without the blank that people type behind a colon."""
    return tag, tag.replace(":", ": ", 1)


def _by_tags(tenant: int, tags: Sequence[str]) -> Iterator[Select[bytes]]:
    for some in portions(tags):
        yield (
            select(recording.c.id)
            .join(mark, mark.c.recording == recording.c.row)
            .where(mark.c.tenant == tenant, mark.c.kind == "tag", mark.c.folded.in_(some))
        )


def _by_agents(
    connection: Connection, tenant: int, agents: Collection[str]
) -> Iterator[Select[bytes]]:
    """By the table of agents; and by corrections that name an agent whom it has."""
    if not agents:
        return
    table = select(agent_period.c.row, agent_period.c.agent_id).where(
        agent_period.c.tenant == tenant
    )
    rows = connection.execute(table).all()
    for some in portions(row for row in rows if fold_name(row.agent_id) in agents):
        periods, names = [row.row for row in some], {row.agent_id for row in some}
        sat = select(leg.c.recording).where(leg.c.tenant == tenant, leg.c.agent_period.in_(periods))
        named = select(leg_agent.c.recording).where(
            leg_agent.c.tenant == tenant, leg_agent.c.agent_id.in_(names), leg_agent.c.in_force == 1
        )
        yield select(recording.c.id).where(recording.c.row.in_(union(sat, named).scalar_subquery()))
