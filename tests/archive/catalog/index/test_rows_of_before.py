"""Recordings whose rows are of an older form, beside what this version writes of them."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, select, update

from archive.catalog.database.engine import catalog_url, open_engine, reading, writing
from archive.catalog.index.outdated_rows import derive_stale
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.migrate import upgrade
from archive.catalog.tables.catalog import INDEX_TABLES, part, recording
from archive.catalog.tables.derived_forms import FORM
from tests.archive.catalog import examples
from tests.support.catalog.names_before import rows_before
from tests.support.catalog.packed import bodies_in

# What rows of before have not, and what they say in its place.
LEFT_OUT = {
    *("mention", "refused_mention", "packed_events", "naming", "naming_word", "leg_naming"),
    *("text_piece", "recording_change"),
}
UNREAD: dict[str, dict[str, object]] = {
    "recording": {"read_form": 0},
    "part": {"sounds": None},
    "leg": {"party": "", "party_because": ""},
}
NAMED = examples.inbound(agent_names=("田中 真由", "Tanaka Mayu"))
Rows = dict[str, list[dict[str, object]]]


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def filled(folder: Path) -> Engine:
    """Two calls as rows had them before: an event and a word of a name a row, nobody read."""
    today = examples.new_catalog(folder)
    CatalogWriter(today, lambda: 1).commit([examples.adoption(1, NAMED), examples.adoption(2)])
    told, before = rows_of(today), examples.new_database(folder / "before.db")
    upgrade(url_of(before))
    told["event"] = [*_one_by_one(told["packed_events"])]
    told["leg_name"] = [*_word_by_word(told)]
    tables = tables_of(before)
    with writing(before) as connection:
        for table in tables.sorted_tables:
            own = [{**row, **UNREAD.get(table.name, {})} for row in told[table.name]]
            if own and table.name not in {*LEFT_OUT, "alembic_version", "index_identity"}:
                connection.execute(table.insert(), own)
    today.dispose()
    return before


def _one_by_one(packed: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    """The events as a row each."""
    for each in packed:
        assert isinstance(each["body"], bytes)
        for serial, body in bodies_in(each["body"]).items():
            own = {name: each[name] for name in ("tenant", "recording")}
            at_us = json.loads(body)["at_us"]
            yield {**own, "row": next(_NUMBERS), "serial": serial, "at_us": at_us, "body": body}


def _word_by_word(told: Rows) -> Iterator[dict[str, object]]:
    """The names of legs as a row for each word."""
    contents = {each["row"]: each["content"] for each in told["naming"]}
    for each in rows_before(told["leg_naming"], contents):  # type: ignore[arg-type]  # as they are
        yield {**each, "row": next(_NUMBERS)}


_NUMBERS = count(1)


def tables_of(engine: Engine) -> MetaData:
    there = MetaData()
    there.reflect(engine)
    return there


def rows_of(engine: Engine) -> Rows:
    with reading(engine) as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in tables_of(engine).sorted_tables
        }


# What differs from row to row by the order in which they were written.
PLACES = {"row", "leg", "retention_class", "naming"}


def told(rows: Rows) -> set[str]:
    """What stands in the tables of the index, whichever rows it has."""
    return {
        f"{table} { ({name: row[name] for name in sorted(row) if name not in PLACES}) }"
        for table in (each.name for each in INDEX_TABLES)
        for row in rows[table]
    }


@pytest.mark.sqlite
def test_the_background_pass_tells_of_recordings_of_before_what_it_tells_of_new_ones(
    tmp_path: Path,
) -> None:
    """But where nobody has read how they sound, which their flags say until a rebuild."""
    engine = filled(tmp_path)
    with writing(engine) as connection:
        connection.execute(update(recording).values(derived=FORM - 1))
        tenant = connection.scalar(select(recording.c.tenant).limit(1))
        assert tenant is not None
        assert derive_stale(connection, tenant, 1).count == 1
        assert derive_stale(connection, tenant, 9).count == 1
        assert derive_stale(connection, tenant, 9).count == 0
    today = open_engine(catalog_url(tmp_path / "catalog.db"))
    with writing(today) as connection:
        connection.execute(update(part).values(sounds=None))
        connection.execute(update(recording).values(derived=FORM - 1))
        derive_stale(connection, tenant, 9)
    after = rows_of(engine)

    assert {row["party"] for row in after["leg"]} == {"caller", "callee"}
    assert {row["flags"] for row in after["recording"]} == {"edges_unread"}
    assert (after["event"], after["leg_name"]) == ([], [])
    assert told(after) == told(rows_of(today))
    for each in (engine, today):
        each.dispose()
