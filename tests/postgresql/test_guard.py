"""The guard's SQL on PostgreSQL: what SQLite runs, by a server with many writers at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest

pytest.importorskip("psycopg", reason="the driver comes with `make postgresql`")

import psycopg

from archive.ids import DEFAULT_TENANT
from archive.keys.guard.destruction import DestroyedRecording, KeptRecording, Why
from archive.keys.guard.plans import MILLION, end_plan
from archive.keys.store import statements
from archive.keys.store.database import Rows, SqlValue
from archive.keys.store.legal_holds import (
    activate_hold,
    cancel_hold,
    hold_keys,
    place_hold,
    read_fence,
    release_hold,
)
from tests.archive.catalog import examples
from tests.archive.keys.race import Mutant, Tally, guard_of, race
from tests.archive.keys.scene import NOW_US
from tests.archive.keys.vault import (
    HOLD,
    PLAN,
    add_key,
    add_shards,
    approve,
    destroy_at_fence,
    hold_id,
    key,
    recording,
    terms,
)
from tests.postgresql.keystore import NOTHING, PostgresqlDatabase, connect, make_tables

pytestmark = pytest.mark.postgresql

ROUNDS = 1_000
FEW = 100


@pytest.fixture
def url() -> Iterator[str]:
    """A database of its own, with the keystore's tables."""
    made = examples.SERVERS[0].new_database()
    database = connect(made)
    make_tables(database)
    add_shards(database)
    yield made
    database.connection.close()


def filled(url: str, recordings: int, share_ppm: int = MILLION) -> PostgresqlDatabase:
    database = connect(url)
    database.execute("BEGIN IMMEDIATE")
    for number in range(recordings):
        add_key(database, number)
    database.execute("COMMIT")
    approve(database, range(recordings), terms_of=terms(share_ppm=share_ppm))
    return database


def run(url: str, rounds: int, mutant: Mutant = Mutant.NONE) -> Tally:
    database = filled(url, rounds)
    if mutant is Mutant.NO_FOREIGN_KEY:
        database.execute("ALTER TABLE hold_key DROP CONSTRAINT hold_key_key_id_fkey")
    opponent = ("postgresql", url, mutant.value)
    return race(guard_of(*opponent), opponent, range(rounds))


def test_every_verb_does_there_what_it_does_here(url: str) -> None:
    """Held, released, destroyed, destroyed again, cancelled, ended."""
    database = filled(url, 3)
    assert place_hold(database, HOLD, DEFAULT_TENANT) == 1
    assert destroy_at_fence(database, [0]) == (KeptRecording(recording(0), Why.PLACING),)
    assert hold_keys(database, HOLD, [key(0), key(99)]).unknown == (key(99),)
    activate_hold(database, HOLD)
    gone = (KeptRecording(recording(0), Why.HELD), DestroyedRecording(recording(1), NOW_US))
    assert destroy_at_fence(database, [0, 1]) == gone
    assert destroy_at_fence(database, [0, 1]) == gone

    assert release_hold(database, HOLD)
    assert destroy_at_fence(database, [0]) == (DestroyedRecording(recording(0), NOW_US),)
    place_hold(database, hold_id(2), DEFAULT_TENANT)
    assert hold_keys(database, hold_id(2), [key(0)]).destroyed == (key(0),)
    assert cancel_hold(database, hold_id(2))
    assert read_fence(database, DEFAULT_TENANT).placing == 0
    assert end_plan(database, PLAN)


def test_the_hold_wins_or_says_that_it_was_too_late(url: str) -> None:
    """Never both, never neither; and both happen, or nothing was tried."""
    tally = run(url, ROUNDS)

    assert tally.faults == []
    assert tally.held + tally.destroyed == ROUNDS
    assert min(tally.held, tally.destroyed) > 0


def test_without_the_foreign_key_the_race_is_lost(url: str) -> None:
    """As on SQLite."""
    tally = run(url, FEW, Mutant.NO_FOREIGN_KEY)

    assert any("held, and destroyed too" in fault for fault in tally.faults)


@pytest.mark.parametrize("mutant", [Mutant.FENCE_READ_BEFORE, Mutant.NO_SHARE_LOCK])
def test_with_the_fence_read_without_its_lock_the_race_is_lost(url: str, mutant: Mutant) -> None:
    """Before the transaction, or in it without FOR SHARE: who only reads locks nothing."""
    tally = run(url, FEW, mutant)

    assert any("while the fence was up" in fault for fault in tally.faults)


@dataclass(slots=True)
class _Interrupted:
    """A connection after whose look at what was spent something else happens first."""

    database: PostgresqlDatabase
    other: Callable[[], object]

    def execute(self, sql: str, parameters: Mapping[str, SqlValue] = NOTHING, /) -> Rows:
        found = self.database.execute(sql, parameters)
        if sql == statements.SPENT:
            self.other()
        return found


def test_two_destroyers_at_once_share_one_brake(url: str) -> None:
    """The second one waits until the first has spent; else each takes the whole share."""
    first, second = filled(url, 2, share_ppm=MILLION // 2), connect(url)
    second.execute("SET lock_timeout = '50ms'")
    waited: list[str] = []

    def meanwhile() -> None:
        try:
            destroy_at_fence(second, [1])
        except psycopg.errors.LockNotAvailable as locked:
            second.connection.rollback()
            waited.append(str(locked))

    done = destroy_at_fence(_Interrupted(first, meanwhile), [0])

    assert len(waited) == 1
    assert done == (DestroyedRecording(recording(0), NOW_US),)
    assert destroy_at_fence(second, [1]) == (KeptRecording(recording(1), Why.BRAKE),)
