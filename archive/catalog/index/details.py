"""What hangs on a recording beside its legs: ids of others, marks of its route, peculiarities of
its source.

Derived from facts, written anew each time. Knows nothing of events.
"""

from sqlalchemy import Connection, Table, delete, insert

from archive.call.facts import RecordingFacts
from archive.catalog.tables.catalog import call_id, mark, tolerance
from archive.folded_names import fold_name

Row = dict[str, int | str]


def write_details(connection: Connection, tenant: int, row: int, facts: RecordingFacts) -> None:
    """Put the recording's ids, marks and tolerances in the place of those that were there."""
    common: Row = {"tenant": tenant, "recording": row, "started_us": facts.started_us}
    _replace(connection, call_id, common, _ids(facts))
    _replace(connection, mark, common, _marks(facts))
    _replace(connection, tolerance, common, _tolerances(facts))


def _replace(connection: Connection, table: Table, common: Row, rows: list[Row]) -> None:
    own = (table.c.tenant == common["tenant"], table.c.recording == common["recording"])
    connection.execute(delete(table).where(*own))
    if rows:
        connection.execute(insert(table), [common | each for each in rows])


def _ids(facts: RecordingFacts) -> list[Row]:
    return [
        {"kind": kind, "value": value, "folded": value.casefold()}
        for kind, value in facts.calls.ids
    ]


def _marks(facts: RecordingFacts) -> list[Row]:
    return [{"kind": kind, "folded": fold_name(value)} for kind, value in facts.notes.marks]


def _tolerances(facts: RecordingFacts) -> list[Row]:
    return [
        {"source": facts.source, "code": code, "detail": detail}
        for code, detail in facts.notes.tolerances
    ]
