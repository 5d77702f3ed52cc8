"""What the index and the journal know of the parts of one recording or ledger page.

Rows as they are. Knows nothing of files, nor of how rows come about.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, Row, Table, select

from archive.call.archived_recording import Because, Value
from archive.catalog.tables.catalog import journal, ledger_page, part, recording
from archive.catalog.tables.stored_events import EventsUnread, bodies_of
from archive.ids import PartName, RecordingId

Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class IndexedParts:
    """Rows of parts by their names, those of a recording and those of a page; events by serial."""

    of_recording: Mapping[PartName, Values] = field(default_factory=dict)
    of_page: Mapping[PartName, Values] = field(default_factory=dict)
    events: Mapping[int, bytes] = field(default_factory=dict)

    @property
    def rows(self) -> Mapping[PartName, Values]:
        """The rows of both kinds."""
        return {**self.of_page, **self.of_recording}

    @property
    def names(self) -> frozenset[PartName]:
        """The parts of both kinds."""
        return frozenset(self.rows)


@dataclass(frozen=True, slots=True)
class ToldParts:
    """What the journal says: which parts were adopted, and which are lost until now, and why.

    `mentions` is the digest of what was read anew of them, "" where nothing was.
    """

    adopted: frozenset[PartName] = frozenset()
    lost: Mapping[PartName, Because] = field(default_factory=dict)
    mentions: str = ""


def has_parts(connection: Connection, tenant: int, row: int) -> bool:
    """Whether a row of `recording` has any part, also one that is lost."""
    wanted = select(part.c.row).where(part.c.tenant == tenant, part.c.recording == row)
    return connection.scalar(wanted.limit(1)) is not None


def recording_row(connection: Connection, tenant: int, own: RecordingId) -> int | None:
    """The row of a recording; None where the index has none."""
    return connection.scalar(
        select(recording.c.row)
        .where(recording.c.tenant == tenant, recording.c.id == own.raw)
        .with_for_update()
    )


def indexed_parts(connection: Connection, tenant: int, own: RecordingId) -> IndexedParts:
    row = recording_row(connection, tenant, own)
    page = select(ledger_page).where(ledger_page.c.tenant == tenant, ledger_page.c.id == own.raw)
    of_page = {_name(own, each): _values(ledger_page, each) for each in connection.execute(page)}
    if row is None:
        return IndexedParts(of_page=of_page)
    parts = select(part).where(part.c.tenant == tenant, part.c.recording == row)
    return IndexedParts(
        of_recording={_name(own, each): _values(part, each) for each in connection.execute(parts)},
        of_page=of_page,
        events=_events(connection, tenant, row),
    )


def _events(connection: Connection, tenant: int, row: int) -> dict[int, bytes]:
    try:
        return bodies_of(connection, tenant, row)
    except EventsUnread:
        return {}


def told_parts(connection: Connection, tenant: int, own: RecordingId) -> ToldParts:
    """Everything that the journal has of its parts, the latest entry of each."""
    adopted: set[PartName] = set()
    lost: dict[PartName, Because] = {}
    mentions = ""
    told = connection.execute(
        select(journal.c.action, journal.c.detail)
        .where(
            journal.c.tenant == tenant,
            journal.c.target == str(own),
            journal.c.action.in_(("adopted", "part_lost", "part_found", "mentions_read")),
        )
        .order_by(journal.c.seq)
    )
    for row in told:
        detail = json.loads(row.detail)
        if row.action == "mentions_read":
            mentions = detail["sha256"]
            continue
        name = PartName(own, detail["part"], detail["generation"])
        if row.action == "adopted":
            adopted.add(name)
        elif row.action == "part_lost":
            lost[name] = detail["because"]
        else:
            lost.pop(name, None)
    return ToldParts(frozenset(adopted), lost, mentions)


def _name(own: RecordingId, row: Row[tuple[object, ...]]) -> PartName:
    return PartName(own, row.part, row.generation)


def _values(table: Table, row: Row[tuple[object, ...]]) -> Values:
    """All columns but those that say where the row hangs."""
    hung = {"row", "recording"}
    return {name.name: getattr(row, name.name) for name in table.c if name.name not in hung}
