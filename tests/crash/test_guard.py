"""The guard cut off before every statement: placing, destroying, ending."""

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.ids import DEFAULT_TENANT
from archive.keys.guard.destruction import DestroyedRecording, KeptRecording, Why
from archive.keys.guard.plans import PlanState, end_plan, find_plan
from archive.keys.store.database import Database, Rows, SqlValue
from archive.keys.store.legal_holds import (
    activate_hold,
    cancel_hold,
    hold_keys,
    place_hold,
    read_fence,
    release_hold,
)
from archive.keys.store.schema import open_database
from tests.archive.keys.scene import NOW_US
from tests.archive.keys.vault import (
    HOLD,
    PLAN,
    Vault,
    add_key,
    approve,
    destroy_at_fence,
    key,
    recording,
)
from tests.crash.crashing import Fuse, PowerCut

NEVER = 10_000
RECORDINGS = 4
TABLES = (
    *("data_key", "destroyed", "fence", "hold", "hold_key"),
    *("plan", "planned", "census", "spent", "clock"),
)

Act = Callable[[Database], object]


@dataclass(slots=True)
class CrashingDatabase:
    """A keystore whose process is killed before a given statement; then none is run any more."""

    database: Database
    fuse: Fuse

    def execute(self, sql: str, parameters: Mapping[str, SqlValue] | None = None, /) -> Rows:
        self.fuse.burn(sql)
        return self.database.execute(sql, parameters or {})


def place(database: Database) -> None:
    place_hold(database, HOLD, DEFAULT_TENANT)
    hold_keys(database, HOLD, [key(0), key(1)])
    activate_hold(database, HOLD)


def destroy_some(database: Database) -> None:
    """Recordings of two parts each."""
    plan = find_plan(database, PLAN)
    if plan is None or plan.state is not PlanState.ENDED:
        approve(database, range(RECORDINGS), keys=2)
        destroy_at_fence(database, range(RECORDINGS))
    while not end_plan(database, PLAN):
        pass


def hold_then_destroy(database: Database) -> None:
    place(database)
    destroy_some(database)


def release(database: Database) -> None:
    while not release_hold(database, HOLD):
        pass


def nothing(_database: Database) -> None:
    pass


# What was there before, and what is cut off.
ACTS: list[tuple[Act, Act]] = [
    (nothing, place),
    (nothing, destroy_some),
    (nothing, hold_then_destroy),
    (place, release),
]


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A keystore file to be copied: the same wraps in every copy."""
    made = Vault(tmp_path / "keystore.db", recordings=RECORDINGS)
    for number in range(RECORDINGS):
        add_key(made.connection, number, part=1)
    made.connection.close()
    return made.path


def everything(connection: sqlite3.Connection) -> dict[str, list[object]]:
    return {
        table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall())  # noqa: S608
        for table in TABLES
    }


def opened(path: Path) -> sqlite3.Connection:
    connection = open_database(path)
    connection.execute("PRAGMA synchronous=OFF")
    return connection


def cut_off(vault: Path, before: Act, act: Act, calls: int) -> tuple[Path, list[str]]:
    """Do it on a copy, killed after so many statements; the copy, and what was run."""
    path = vault.with_name(f"{calls}.db")
    shutil.copyfile(vault, path)
    connection = opened(path)
    before(connection)
    fuse = Fuse(calls)
    with suppress(PowerCut):
        act(CrashingDatabase(connection, fuse))
    connection.close()
    return path, fuse.calls


def whole(connection: sqlite3.Connection) -> bool:
    """No recording is half gone, none there and gone, and nothing is held that is not there."""
    halves = connection.execute(
        "SELECT recording FROM data_key GROUP BY recording HAVING count(*) != 2"
    ).fetchall()
    both = connection.execute(
        "SELECT key_id FROM data_key WHERE key_id IN (SELECT key_id FROM destroyed)"
    ).fetchall()
    return not halves + both and not connection.execute("PRAGMA foreign_key_check").fetchall()


@pytest.mark.parametrize(("before", "act"), ACTS, ids=lambda act: act.__name__)
def test_killed_before_any_statement_and_asked_again_all_is_as_it_would_have_been(
    vault: Path, before: Act, act: Act
) -> None:
    """Who was killed repeats himself from the beginning; nothing is done twice, nothing is lost."""
    path, steps = cut_off(vault, before, act, NEVER)
    expected = everything(opened(path))
    for calls in range(len(steps)):
        path, _ = cut_off(vault, before, act, calls)
        connection = opened(path)
        assert whole(connection), steps[calls]
        act(connection)
        assert everything(connection) == expected, steps[calls]
        connection.close()


def test_a_placing_that_was_killed_stops_destroying_until_it_is_cancelled(vault: Path) -> None:
    """From the fence to the activation; before and after it only the hold stands in the way."""
    _, steps = cut_off(vault, nothing, place, NEVER)
    seen = set()
    for calls in range(len(steps)):
        path, _ = cut_off(vault, nothing, place, calls)
        connection = opened(path)
        approve(connection, [0], keys=2)
        is_up = bool(read_fence(connection, DEFAULT_TENANT).placing)
        seen.add(is_up)
        if is_up:
            assert destroy_at_fence(connection, [0]) == (KeptRecording(recording(0), Why.PLACING),)
            assert cancel_hold(connection, HOLD)
        assert destroy_at_fence(connection, [0]) == (DestroyedRecording(recording(0), NOW_US),)
        connection.close()

    assert seen == {False, True}
