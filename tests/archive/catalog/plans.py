"""How SQLite goes about a statement, on the catalog as it is and on one of a million calls.

A step that reads a large table from end to end, or a whole tenant of it, is named.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, event

from archive.catalog.tables.catalog import catalog

# As many rows as there are people, not as there are calls; of jobs a hundred of each kind,
# of plans one a day, of approvals that stand one for each rule of a revision; of seals one for each
# row of these, of counts one for each tenant.
SMALL: Final = frozenset(
    {
        "tenant", "user", "service", "role_gift", "os_name", "token", "agent_import",
        "agent_period", "agent_name", "proposal", "approval", "one_person", "credential",
        "sign_in_code", "session", "retention_revision", "hold", "limit_round", "certificate",
        "due_count", "revision_call_back", "job", "destruction_plan", "standing_approval",
        "confirmation", "row_seal", "tombstone_count", "column_copy", "index_identity",
        "proposal_comment",
    }
)  # fmt: skip
CALLS: Final = 1_000_000
SEATS: Final = 300
# Of so many values a column has one; those that are not named have another in each row.
DISTINCT: Final = {
    "tenant": 1, "serial": 10, "part": 1, "generation": 1, "agent_period": SEATS, "raw": 100_000,
    "reversed_digits": 100_000, "last4": 10_000, "folded": 50_000, "kind": 5, "source": 5,
    "code": 20, "naming": 50_000, "name": SEATS, "extension": SEATS, "agent_id": SEATS,
}  # fmt: skip
# A key of these columns alone leaves a part of the table that grows with it: one mark in six may be
# a purpose, and all of these the same one; of mentions most are numbers.
SHARED: Final = {"mark": frozenset({"kind=?", "folded=?"}), "mention": frozenset({"kind=?"})}
# What is inserted reads nothing: rows that point to it are looked for only where a statement before
# has left some that point nowhere, which no key of ours allows.
_PLANNED: Final = ("SELECT", "WITH", "UPDATE", "DELETE")
# How many rows or ids are named in one statement at the most.
AT_ONCE: Final = 500
_LIST: Final = re.compile(r"IN \(\?(?:, \?)*\)")
_SCAN: Final = re.compile(r"SCAN (\w+)")
# Without a key: the least or the greatest of all.
_BY_ROW: Final = re.compile(
    r"SEARCH \w+( USING INTEGER PRIMARY KEY \(rowid[=>]\?\))?( LEFT-JOIN)?$"
)
_BY_INDEX: Final = re.compile(r"SEARCH (\w+) USING (?:COVERING )?INDEX \w+ \((.+)\)")


@dataclass(frozen=True)
class Statement:
    """One statement as the database got it."""

    sql: str
    values: tuple[Any, ...]

    def plan(self, database: sqlite3.Connection) -> list[str]:
        """The steps, as `EXPLAIN QUERY PLAN` words them."""
        rows = database.execute(f"EXPLAIN QUERY PLAN {self.sql}", self.values)
        return [row[3] for row in rows]

    def for_many(self) -> "Statement":
        """The same, asked for as many things at once as those who ask ever do."""
        sql = _LIST.sub(f"IN ({', '.join('?' * AT_ONCE)})", self.sql)
        return Statement(sql, (None,) * sql.count("?"))


@contextmanager
def listening(to: type[Engine] | Engine = Engine) -> Iterator[list[Statement]]:
    """Every statement that this engine runs while the block lasts, or any of this process.

    Installations of other tests may run beside: who asks for order or number names the engine.
    """
    heard: list[Statement] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        if sql.startswith(_PLANNED):
            first = values[0] if values and isinstance(values, list) else values
            heard.append(Statement(sql, tuple(first)))

    event.listen(to, "before_cursor_execute", note)
    try:
        yield heard
    finally:
        event.remove(to, "before_cursor_execute", note)


# The first or the last entry of an index (https://sqlite.org/optoverview.html, MIN/MAX).
END: Final = re.compile(
    r"SELECT (coalesce\()?(max|min)\(\w+\.(sequence|started_us)\)[^()]*\)?[^()]*"
    r"WHERE [^()]*tenant = \?"
)


def slow_steps(steps: list[str]) -> list[str]:
    """The steps that take longer the more calls there are."""
    return [step for step in steps if _is_slow(step)]


def has_key(steps: list[str]) -> bool:
    """Whether a large table is asked by a key that leads with the tenant."""
    found = [_BY_INDEX.match(step) for step in steps]
    return any(each and _is_large(each[1]) and "tenant=?" in each[2] for each in found)


def _table(name: str) -> str:
    """The table behind a name that a statement gives it where it asks twice."""
    return re.sub(r"_\d+$", "", name)


def _is_large(name: str) -> bool:
    return _table(name) not in SMALL


def _is_slow(step: str) -> bool:
    if "AUTOMATIC" in step:
        return True
    scan = _SCAN.match(step)
    if scan:
        return _table(scan[1]) in catalog.tables and _is_large(scan[1])
    found = _BY_INDEX.match(step)
    if found is None:
        return step.startswith("SEARCH") and not _BY_ROW.match(step)
    tenant, *key = found[2].split(" AND ")
    narrow = [each for each in key if each not in SHARED.get(found[1], ())]
    return _is_large(found[1]) and (tenant != "tenant=?" or not narrow)


@contextmanager
def planner(file: Path) -> Iterator[sqlite3.Connection]:
    """A copy in memory of the catalog in `file`, to plan on."""
    with closing(sqlite3.connect(":memory:")) as copy:
        with closing(sqlite3.connect(file)) as original:
            original.backup(copy)
        # As the product opens it: what points to a row that goes is looked for, too.
        copy.execute("PRAGMA foreign_keys=ON")
        yield copy


def indexes(database: sqlite3.Connection) -> dict[str, tuple[str, list[str]]]:
    """Every index, with its table and columns."""
    found = database.execute("SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index'")
    return {
        name: (table, [row[2] for row in database.execute(f"PRAGMA index_info({name})")])
        for name, table in found.fetchall()
    }


def pretend_calls(database: sqlite3.Connection, calls: int = CALLS) -> None:
    """Give the planner the statistics that ANALYZE would find among so many calls."""
    database.execute("ANALYZE")
    database.execute("DELETE FROM sqlite_stat1")
    for name, (table, columns) in indexes(database).items():
        rows = SEATS if table in SMALL else calls
        database.execute(
            "INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", (table, name, _spread(rows, columns))
        )
    database.execute("ANALYZE sqlite_schema")


def has_statistics(database: sqlite3.Connection) -> bool:
    """Whether anybody has had SQLite gather them."""
    found = database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'")
    return found.fetchone() is not None


def _spread(rows: int, columns: list[str]) -> str:
    """How many rows there are, and how many share one value of the first column, of two, ..."""
    shared, told = rows, [rows]
    for column in columns:
        shared = max(1, shared // DISTINCT.get(column, rows))
        told.append(shared)
    return " ".join(str(each) for each in told)
