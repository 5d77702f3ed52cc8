"""An archive all of which is due but for what is held: catalog, keys, files, an approved plan.

Made for a Rokuon that has started once and is stopped. Knows nothing of what is measured on it.
"""

import secrets
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from api.destruction.drafts import append_draft, due_now
from archive.access.reach import WHOLE_TENANT
from archive.catalog.access.grants import Access
from archive.catalog.database.engine import catalog_url, open_engine, reading, writing
from archive.catalog.destruction.planned_recordings import count_stages
from archive.catalog.destruction.plans import PlanApproval, approve_plan, note_handed, plan_numbered
from archive.catalog.journal.authors import Author
from archive.catalog.retention.revisions import NewRevision, append_revision
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, RecordingId
from archive.keys.guard.plans import MILLION, PlanTerms, open_plan, plan_recordings, seal_plan
from archive.keys.store.schema import open_database
from rokuon.machine.clock import now_us

POLICY: Final = """
form = 1
zone = "Asia/Tokyo"
[limits]
cooling_off_h = 0
share_per_day = "100 %"
[[rule]]
id = "default"
[rule.audio]
delete_after = "P30D"
"""
LOOK_S: Final = 1.0
_DAY_US: Final = 86_400_000_000
_WRAPPED_BYTES: Final = 60
# As large as a short call's is of no matter: what takes time is that a file goes.
_FILE: Final = bytes(512)
_PARTS: Final = (
    "SELECT recording.id, part.part, part.generation, part.key_id, part.created_us, part.path,"
    " part.map_path FROM part JOIN recording ON recording.row = part.recording"
)


def condemn(data: Path) -> int:
    """Give every recording of the catalog keys and files, and plan what must go; the plan's number.

    The plan is not handed over: nothing is destroyed before `hand_over`.
    """
    with closing(sqlite3.connect(_catalog(data))) as catalog:
        parts = catalog.execute(_PARTS).fetchall()
    for row in parts:
        for name in row[5:]:
            file = data / "archive" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(_FILE)
    engine = open_engine(catalog_url(_catalog(data)))
    number = _planned(engine)
    with closing(open_database(data / "keys" / "keystore.db")) as keystore:
        _add_keys(keystore, [row[:5] for row in parts])
        _approve(keystore, engine, number)
    engine.dispose()
    return number


def hand_over(data: Path, plan: int) -> None:
    """Say that the key daemon has the plan, as it has had all along: the run begins."""
    engine = open_engine(catalog_url(_catalog(data)))
    with writing(engine) as connection:
        note_handed(connection, plan, now_us())
    engine.dispose()


def wait_until_through(data: Path, plan: int) -> int:
    """Return how many recordings are gone when the run of the plan has ended."""
    engine = open_engine(catalog_url(_catalog(data)))
    while not _has_ended(engine, plan):
        time.sleep(LOOK_S)
    with reading(engine) as connection:
        stages = count_stages(connection, tenant_row(connection, DEFAULT_TENANT), plan)
    engine.dispose()
    return sum(count for (stage, _), count in stages.items() if stage == "gone")


def _has_ended(engine: Engine, plan: int) -> bool:
    with reading(engine) as connection:
        return plan_numbered(connection, DEFAULT_TENANT, plan).course.ended_us is not None


def _catalog(data: Path) -> Path:
    return data / "catalog" / "catalog.db"


def _planned(engine: Engine) -> int:
    at_us = now_us()
    access = Access(tenant=DEFAULT_TENANT, actor="bench", at_us=at_us, within=WHOLE_TENANT)
    author = Author(access=access)
    with writing(engine) as connection:
        everything = NewRevision(text=POLICY, in_force_us=0, is_retroactive=True)
        append_revision(connection, author, everything)
        number = append_draft(connection, author, due_now(connection, author))
        approve_plan(connection, author, number, PlanApproval(approved_us=at_us, due_us=at_us))
    return number


def _add_keys(
    keystore: sqlite3.Connection, parts: list[tuple[bytes, int, int, bytes, int]]
) -> None:
    """As if each had been written, adopted and archived here."""
    (epoch,) = keystore.execute("SELECT max(id) FROM epoch").fetchone()
    (last,) = keystore.execute("SELECT coalesce(max(id), 0) FROM shard").fetchone()
    days = sorted({part[4] // _DAY_US for part in parts})
    shards = {day: last + 1 + at for at, day in enumerate(days)}
    keystore.execute("BEGIN")
    keystore.executemany(
        "INSERT INTO shard (id, tenant, day, epoch, wrapped_key) VALUES (?, ?, ?, ?, ?)",
        (
            (own, DEFAULT_TENANT.raw, day, epoch, secrets.token_bytes(_WRAPPED_BYTES))
            for day, own in shards.items()
        ),
    )
    keystore.executemany(
        "INSERT INTO data_key (key_id, recording, part, generation, shard, wrapped, state,"
        " created_us, adopted_us, archived_us) VALUES (?, ?, ?, ?, ?, ?, 'adopted', ?, ?, ?)",
        (
            (
                key, recording, part, generation, shards[at_us // _DAY_US],
                secrets.token_bytes(40), at_us, at_us, at_us,
            )
            for recording, part, generation, key, at_us in parts
        ),
    )  # fmt: skip
    recordings = len({part[0] for part in parts})
    keystore.execute(
        "INSERT INTO census VALUES (?, ?, ?, 0, 0) ON CONFLICT (tenant) DO UPDATE SET"
        " recordings = recordings + excluded.recordings, keys = keys + excluded.keys",
        (DEFAULT_TENANT.raw, recordings, len(parts)),
    )
    keystore.execute("COMMIT")


def _approve(keystore: sqlite3.Connection, engine: Engine, number: int) -> None:
    """The key daemon's own side of the plan."""
    with reading(engine) as connection:
        content = plan_numbered(connection, DEFAULT_TENANT, number).content
        planned = connection.exec_driver_sql(
            "SELECT recording FROM planned_recording WHERE plan = ?", (number,)
        ).all()
    terms = PlanTerms(
        tenant=DEFAULT_TENANT, digest=content.sha256, due_us=content.decided_us, share_ppm=MILLION
    )
    counts = dict(
        keystore.execute("SELECT recording, count(*) FROM data_key GROUP BY recording").fetchall()
    )
    open_plan(keystore, content.id, terms)
    plan_recordings(
        keystore, content.id, [(RecordingId(row[0]), counts[row[0]]) for row in planned]
    )
    seal_plan(keystore, content.id, content.sha256, content.decided_us)
