"""A copy of what the index says for locating: a plain dictionary; rows as one says them."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine

from archive.catalog.database.engine import reading
from archive.catalog.locating.changes import changes_since
from archive.catalog.locating.source_rows import month_rows, months_with_calls, reached_rows
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, TenantId
from archive.locate.columns.source import SOURCE, Source

Told = dict[str, Any]


def told(source: Source) -> list[Told]:
    """Rows with their texts in the place of integers, and what is told to who sees a part."""
    found = []
    parted: defaultdict[int, list[tuple[tuple[str, ...], int, int]]] = defaultdict(list)
    for recording, others, flags, length_ms in source.parted.tolist():
        named = tuple(sorted(source.groups[place] for place in others if place))
        parted[recording].append((named, flags, length_ms))
    for row in source.rows:
        values = {name: row[name].item() for name in SOURCE.names or ()}
        values["agent"] = source.agents[values["agent"]]
        values["group"] = source.groups[values["group"]]
        values["parted"] = sorted(parted[values["recording"]])
        found.append(values)
    return sorted(found, key=repr)


def rows_now(engine: Engine, tenant: TenantId = DEFAULT_TENANT) -> list[Told]:
    """All months made anew."""
    with reading(engine) as connection:
        row = tenant_row(connection, tenant)
        months = months_with_calls(connection, row)
        made = [each for month in months for each in told(month_rows(connection, row, month))]
    return sorted(made, key=repr)


@dataclass(slots=True)
class Follower:
    """Goes forward by the changes alone."""

    engine: Engine
    tenant: TenantId = DEFAULT_TENANT
    sequence: int = 0
    rows: dict[int, list[Told]] = field(default_factory=dict)

    def forward(self) -> list[Told]:
        """All rows behind what has changed."""
        with reading(self.engine) as connection:
            row = tenant_row(connection, self.tenant)
            changed = changes_since(connection, row, self.sequence)
            reached = reached_rows(connection, row, changed.recordings)
        self.sequence = changed.place.sequence
        for gone in reached.recordings.tolist():
            self.rows.pop(gone, None)
        for each in told(reached.source):
            self.rows.setdefault(each["recording"], []).append(each)
        return sorted((each for rows in self.rows.values() for each in rows), key=repr)
