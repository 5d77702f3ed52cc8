"""A catalog of the time when ledger pages were recordings."""

from pathlib import Path

from alembic import command
from sqlalchemy import Connection, Engine, text

from archive.catalog.engine import catalog_url, open_engine, reading, writing
from archive.catalog.migrate import migrations, upgrade
from archive.catalog.tenants import ensure_tenant
from archive.catalog.writer import CatalogWriter
from archive.events import CallEnded, encode_event
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import (
    NOW_US,
    STARTED_US,
    adopt,
    adoption,
    index_dump,
    new_catalog,
)
from tests.archive.catalog.test_ledger import page, refused, rows

CALLS = (refused(1), refused(2, "password"))
PAGE = page(1, *CALLS)
ENDED = CallEnded(at_us=STARTED_US, reason="session_ended")


def former(folder: Path) -> Engine:
    """A page of two calls and a recording with 7 packets, as the version before had them."""
    engine = open_engine(catalog_url(folder / "catalog.db"))
    config = migrations()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0011")
    with writing(engine) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        own = PAGE.part_name.recording.raw
        for number, (raw, mode, packets) in enumerate(
            ((own, "ledger", 0), (b"r" * 16, "siprec", 7)), start=1
        ):
            _put(connection, number, {"tenant": tenant, "id": raw, "mode": mode, "n": packets})
        for serial, told in enumerate((*CALLS, ENDED)):
            body = {"tenant": tenant, "serial": serial, "body": encode_event(told)}
            connection.execute(
                text("INSERT INTO event VALUES (NULL, :tenant, 1, :serial, 1, :body)"), body
            )
        for call in CALLS:
            connection.execute(
                text(
                    "INSERT INTO refused_call VALUES (NULL, :tenant, 1, :at_us, :source, :peer,"
                    " :call_id, '', '', 503, :reason, 'as it was told')"
                ),
                {"tenant": tenant, "at_us": call.at_us, "source": call.source, "peer": call.peer,
                 "call_id": call.call_id, "reason": call.reason},
            )  # fmt: skip
    return engine


def _put(connection: Connection, row: int, told: dict[str, object]) -> None:
    """A recording with a conversation and a part."""
    values = {**told, "row": row, "key": PAGE.key_id.raw, "node": PAGE.node.raw}
    for statement in (
        "INSERT INTO conversation (row, tenant, id) VALUES (:row, :tenant, :id)",
        "INSERT INTO recording (row, tenant, id, conversation, source, mode, started_us, ended_us,"
        " duration_ms, direction, flags, state, derived) VALUES (:row, :tenant, :id, :row, '',"
        " :mode, 1, 1, 0, '', '', '', 4)",
        "INSERT INTO part (tenant, recording, part, generation, node, key_id, path, map_path,"
        " size_bytes, sha256, segments, created_us, first_us, last_us, packets, lost_ranges,"
        " end_reason, is_last) VALUES (:tenant, :row, 0, 0, :node, :key, :id, 'map', 1, :key, 1,"
        " 1, 1, 1, :n, 0, 'session_ended', 1)",
    ):
        connection.execute(text(statement), values)


def test_a_page_that_was_a_recording_becomes_one_of_its_own(tmp_path: Path) -> None:
    """With every call as it was told, and its file where it lies; the recording stays."""
    engine = former(tmp_path)
    upgrade(catalog_url(tmp_path / "catalog.db"))
    there = {name: len(found) for name, found in index_dump(engine).items() if found}

    assert there == {
        "refused_call": 2, "ledger_page": 1, "part": 1, "recording": 1, "conversation": 1,
    }  # fmt: skip
    assert [(row.call_id, row.reason, row.detail) for row in rows(engine)] == [
        ("refused-1", "full", "as it was told"),
        ("refused-2", "password", "as it was told"),
    ]
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT packets FROM recording")) == 7
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def test_the_keeper_makes_its_calls_anew_from_the_events(tmp_path: Path) -> None:
    """As it would make those of a page that it adopts today."""
    engine = former(tmp_path)
    upgrade(catalog_url(tmp_path / "catalog.db"))
    CatalogWriter(engine, lambda: NOW_US).derive(100)
    folder = tmp_path / "new"
    folder.mkdir()
    today = new_catalog(folder)
    adopt(today, PAGE, adoption(9))

    assert index_dump(engine)["refused_call"] == index_dump(today)["refused_call"]
