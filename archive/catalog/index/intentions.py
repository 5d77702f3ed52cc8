"""Reads from the index what must be known of recordings and pages to finish their destruction.

Knows nothing of why they go.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, Select, select

from archive.catalog.retention.retained_pages import retained_pages
from archive.catalog.tables.catalog import (
    agent_period,
    conversation,
    ledger_page,
    leg,
    mark,
    part,
    recording,
)
from archive.ids import RecordingId
from archive.lifecycle.intention import IntendedPart, Intention, hour_of


def intentions_of(
    connection: Connection, tenant: int, recordings: Sequence[RecordingId]
) -> dict[RecordingId, Intention]:
    found = connection.execute(
        select(recording.c.row, recording.c.id, recording.c.started_us, conversation.c.id)
        .join_from(recording, conversation, recording.c.conversation == conversation.c.row)
        .where(recording.c.tenant == tenant, recording.c.id.in_([each.raw for each in recordings]))
    ).all()
    rows = [each[0] for each in found]
    parts = _parts(connection, tenant, rows)
    marks, teams = _grouped(connection, _marks(tenant, rows)), _teams(connection, tenant, rows)
    return {
        RecordingId(own): Intention(
            recording=own.hex(),
            call=call.hex(),
            hour_us=hour_of(started_us),
            queues=_sorted(marks[row, "queue"]),
            teams=_sorted(teams[row]),
            controllers=_sorted(marks[row, "controller"]),
            parts=tuple(parts[row]),
        )
        for row, own, started_us, call in found
    }


def page_intentions(
    connection: Connection, tenant: int, pages: Sequence[RecordingId]
) -> dict[RecordingId, Intention]:
    """Those of these ledger pages that are in the index; the hour is that of the oldest call."""
    parts: defaultdict[bytes, list[IntendedPart]] = defaultdict(list)
    own = ledger_page.c
    wanted = select(own.id, own.part, own.path, own.map_path).where(
        own.tenant == tenant, own.id.in_([each.raw for each in pages])
    )
    for page, number, path, map_path in connection.execute(wanted.order_by(own.row)):
        parts[page].append(IntendedPart(part=number, path=path, map_path=map_path))
    return {
        each.page: Intention(
            recording=str(each.page),
            call="",
            hour_us=hour_of(each.oldest_us),
            parts=tuple(parts[each.page.raw]),
        )
        for each in retained_pages(connection, tenant, pages)
    }


def _parts(
    connection: Connection, tenant: int, rows: Sequence[int]
) -> defaultdict[int, list[IntendedPart]]:
    found: defaultdict[int, list[IntendedPart]] = defaultdict(list)
    wanted = select(part.c.recording, part.c.part, part.c.path, part.c.map_path).where(
        part.c.tenant == tenant, part.c.recording.in_(rows)
    )
    for row, number, path, map_path in connection.execute(wanted.order_by(part.c.row)):
        found[row].append(IntendedPart(part=number, path=path, map_path=map_path))
    return found


def _marks(tenant: int, rows: Sequence[int]) -> Select[tuple[object, ...]]:
    return select(mark.c.recording, mark.c.kind, mark.c.folded).where(
        mark.c.tenant == tenant,
        mark.c.recording.in_(rows),
        mark.c.kind.in_(("queue", "controller")),
    )


def _grouped(
    connection: Connection, marks: Select[tuple[object, ...]]
) -> defaultdict[tuple[int, str], set[str]]:
    found: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    for each in connection.execute(marks):
        found[each.recording, each.kind].add(each.folded)
    return found


def _teams(connection: Connection, tenant: int, rows: Sequence[int]) -> defaultdict[int, set[str]]:
    """As a reach has them: the teams of agents who took part."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    wanted = (
        select(leg.c.recording, agent_period.c.team_folded)
        .join_from(leg, agent_period, agent_period.c.row == leg.c.agent_period)
        .where(leg.c.tenant == tenant, leg.c.recording.in_(rows), leg.c.agent_id != "")
    )
    for row, team in connection.execute(wanted):
        if team:
            found[row].add(team)
    return found


def _sorted(values: set[str]) -> tuple[str, ...]:
    return tuple(sorted(values))
