"""A journal of ten million entries in minutes: what keeper and people write in three years.

One call in ten entries, of which people look at a few. Knows the columns of three tables, and
nothing of what is asked.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from archive.catalog.database.engine import catalog_url, open_engine, writing
from archive.catalog.journal.entries import ONE_RECORDING, Action
from archive.catalog.migrate import upgrade
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT, ID_BYTES, uuid7
from bench.filled_catalog import FAST, Step, take_indexes

FIRST_US: Final = 1_700_000_000_000_000
# An entry every 9.5 s: ten million in three years.
APART_US: Final = 9_500_000
ENTRIES_A_CALL: Final = 10
ACCOUNTS: Final = 100
ON_A_PAGE: Final = 50
# Of a hundred entries; the keeper writes the first.
SHARES: Final[Mapping[Action, int]] = {
    "adopted": 40, "searched": 15, "found": 15, "read": 20, "listened": 8, "exported": 2,
}  # fmt: skip
# People look at calls of the last weeks.
_LOOK_BACK: Final = 100_000
_BATCH: Final = 200_000
_DETAILS: Final[Mapping[Action, Mapping[str, object]]] = {
    "adopted": {"part": 0, "generation": 0, "sha256": "ab" * 32, "bytes": 2_880_000},
    "searched": {
        "from": "2026-10-01T00:00:00+09:00", "to": "2026-11-01T00:00:00+09:00",
        "zone": "Asia/Tokyo", "clues": ["number …7788", "agent 田中"],
    },
    "found": {"count": ON_A_PAGE, "search": 1_000_000},
    "read": ONE_RECORDING,
    "listened": {"range": "bytes=0-65535", **ONE_RECORDING},
    "exported": ONE_RECORDING,
}  # fmt: skip

_Row = tuple[int, int, str, str, str, str, str, bytes | None]


@dataclass(frozen=True, slots=True)
class FilledJournal:
    """What was made: entries and calls, and how large the file is."""

    entries: int
    calls: int
    size_bytes: int


def account(number: int) -> str:
    """The name of one of the accounts."""
    return f"person.{number % ACCOUNTS:03d}"


def call_id(number: int) -> bytes:
    """The id of a call, which began when the journal had ten entries for each before it."""
    began_us = FIRST_US + number * ENTRIES_A_CALL * APART_US
    return uuid7(began_us, number.to_bytes(ID_BYTES - 6, "big"))


def fill(file: Path, entries: int, *, seed: int, step: Step) -> FilledJournal:
    """Make a catalog with that many entries in `file`, which is not there yet."""
    url = catalog_url(file)
    upgrade(url)
    engine = open_engine(url)
    with writing(engine) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
    engine.dispose()
    calls = max(ON_A_PAGE, entries // ENTRIES_A_CALL)
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        for pragma in FAST:
            database.execute(f"PRAGMA {pragma}")
        indexes, guards = take_indexes(database), _take_guards(database)
        ids = b"".join(map(call_id, range(calls)))
        _fill_calls(database, tenant, calls)
        _fill_entries(database, _entries(tenant, entries, ids, Random(seed)), entries, step)  # noqa: S311  # no secret
        for made_by in (*(each for _, each in indexes), *guards):
            database.execute(made_by)
        database.execute("PRAGMA journal_mode=WAL")
    return FilledJournal(entries=entries, calls=calls, size_bytes=file.stat().st_size)


def _take_guards(database: sqlite3.Connection) -> list[str]:
    """What keeps entries as they are, left out until all are there; makers."""
    found = database.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall()
    for name, _ in found:
        database.execute(f'DROP TRIGGER "{name}"')
    return [made_by for _, made_by in found]


def _fill_calls(database: sqlite3.Connection, tenant: int, calls: int) -> None:
    """Each call has one recording and is named by it."""
    database.execute("BEGIN")
    database.executemany(
        "INSERT INTO conversation (row, tenant, id) VALUES (?, ?, ?)",
        ((number + 1, tenant, call_id(number)) for number in range(calls)),
    )
    database.executemany(
        "INSERT INTO recording (row, tenant, id, conversation, source, mode, started_us, ended_us,"
        " duration_ms, direction, flags, state) VALUES (?, ?, ?, ?, 'pbx', 'siprec', ?, ?, 240000,"
        " 'inbound', '', 'complete')",
        (
            (number + 1, tenant, call_id(number), number + 1, FIRST_US + number, FIRST_US + number)
            for number in range(calls)
        ),
    )
    database.execute("COMMIT")


def _fill_entries(
    database: sqlite3.Connection, rows: Iterator[_Row], entries: int, step: Step
) -> None:
    for first in range(0, entries, _BATCH):
        size = min(_BATCH, entries - first)
        database.execute("BEGIN")
        database.executemany(
            "INSERT INTO journal (tenant, at_us, actor, action, target, reason, detail, shown)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (next(rows) for _ in range(size)),
        )
        database.execute("COMMIT")
        step(first + size, entries)


def _entries(tenant: int, entries: int, ids: bytes, random: Random) -> Iterator[_Row]:
    """The rows in the order of writing; whoever looks looks at what there was by then."""
    kinds = [action for action, share in SHARES.items() for _ in range(share)]
    details = {
        action: json.dumps(told, ensure_ascii=False, sort_keys=True)
        for action, told in _DETAILS.items()
    }
    last = len(ids) // ID_BYTES - ON_A_PAGE
    for number in range(entries):
        action = random.choice(kinds)
        by = "keeper" if action == "adopted" else account(random.randrange(ACCOUNTS))
        newest = min(last, number // ENTRIES_A_CALL)
        call = newest if by == "keeper" else random.randint(max(0, newest - _LOOK_BACK), newest)
        at = call * ID_BYTES
        target = "" if action in {"searched", "found"} else ids[at : at + ID_BYTES].hex()
        shown = ids[at : at + ON_A_PAGE * ID_BYTES] if action == "found" else None
        reason = "" if by == "keeper" else "case:D-2026-0114"
        at_us = FIRST_US + number * APART_US
        yield tenant, at_us, by, action, target, reason, details[action], shown
