"""What hangs on a recording beside its legs: ids of others, marks of its route, pieces of what was
written about it, numbers and names that are mentioned, peculiarities of its source.

Derived from facts, written anew each time. Knows nothing of events.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import Connection, Delete, Table, bindparam, delete, insert

from archive.call.facts import RecordingFacts
from archive.call.mentions import ToldBeside, ToldMention
from archive.catalog.tables.catalog import call_id, mark, mention, text_piece, tolerance
from archive.folded_names import findable, fold_name
from archive.locate.gist import bigrams

Row = dict[str, int | str]


def write_details(connection: Connection, tenant: int, row: int, facts: RecordingFacts) -> None:
    """Put a recording's ids, marks, mentions, tolerances in the place of those that were there."""
    common: Row = {"tenant": tenant, "recording": row, "started_us": facts.started_us}
    _replace(connection, call_id, common, _ids(facts))
    _replace(connection, mark, common, _marks(facts))
    _replace(connection, text_piece, common, piece_rows(_texts(facts)))
    _replace(connection, mention, common, mention_rows(facts.beside))
    _replace(connection, tolerance, common, _tolerances(facts))


def _deletion(table: Table) -> Delete:
    return delete(table).where(
        table.c.tenant == bindparam("own_tenant"), table.c.recording == bindparam("own_row")
    )


# Asked of every recording that comes: to put them together takes as long as to ask them.
_DELETIONS: Final = {
    table: _deletion(table) for table in (call_id, mark, text_piece, mention, tolerance)
}


def _replace(connection: Connection, table: Table, common: Row, rows: list[Row]) -> None:
    own = {"own_tenant": common["tenant"], "own_row": common["recording"]}
    connection.execute(_DELETIONS[table], own)
    if rows:
        connection.execute(insert(table), [common | each for each in rows])


def _ids(facts: RecordingFacts) -> list[Row]:
    return [_id(kind, value) for kind, value in facts.calls.ids]


def _id(kind: str, value: str) -> Row:
    """An id by which others know the call; most are folded as they are, and kept once."""
    folded = value.casefold()
    return {"kind": kind, "value": "" if value == folded else value, "folded": folded}


def _marks(facts: RecordingFacts) -> list[Row]:
    return [{"kind": kind, "folded": fold_name(value)} for kind, value in facts.notes.marks]


def _texts(facts: RecordingFacts) -> Iterator[str]:
    yield from (value for kind, value in facts.notes.marks if kind == "tag")
    yield from facts.notes.written


def piece_rows(texts: Iterable[str]) -> list[Row]:
    """The pieces of all that was written about a recording, each once."""
    return [{"piece": each} for each in dict.fromkeys(p for text in texts for p in bigrams(text))]


def mention_rows(beside: ToldBeside) -> list[Row]:
    """By its number or address, by every word of its name, and a queue by all of it."""
    found: dict[tuple[int | str, ...], Row] = {}
    for nth, each in enumerate(beside.mentions):
        own: Row = {"nth": nth, "told_as": each.mention.told_as}
        for row in _findable(each):
            whole = row["text"] if row["kind"] == "name" else ""
            found.setdefault((own["told_as"], row["kind"], row["folded"], whole), own | row)
    return list(found.values())


def _findable(each: ToldMention) -> Iterator[Row]:
    raw, name, digits = each.number.raw, each.mention.name, each.number.reversed_digits
    if digits:
        yield {"kind": "number", "text": raw, "e164": each.number.e164, "folded": digits}
    elif raw:
        yield {"kind": "address", "text": raw, "e164": "", "folded": raw}
    for word in sorted(findable(name)):
        yield {"kind": "name", "text": name, "e164": "", "folded": word}
    if each.mention.told_as == "queue":
        yield {"kind": "queue", "text": name or raw, "e164": "", "folded": fold_name(name or raw)}


def _tolerances(facts: RecordingFacts) -> list[Row]:
    return [
        {"source": facts.source, "code": code, "detail": detail}
        for code, detail in facts.notes.tolerances
    ]
