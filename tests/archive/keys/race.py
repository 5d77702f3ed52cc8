"""Placing against destroying, by two processes of the operating system on one keystore.

Each round has a recording, a hold for it, and two who want it at the same moment: this process
places, a second one destroys. Neither asks the other.
"""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Final, Protocol

import pytest

from archive.ids import DEFAULT_TENANT, TenantId
from archive.keys.client.key_client import KeyClient
from archive.keys.guard import destruction
from archive.keys.guard.destruction import (
    DestroyedRecording,
    DestructionOrder,
    KeptRecording,
    Outcome,
    Why,
)
from archive.keys.store import legal_holds
from archive.keys.store.database import Database, Rows, SqlValue
from archive.keys.store.legal_holds import Fence, HeldKeys
from archive.keys.store.schema import open_database
from tests import ROOT
from tests.archive.keys.scene import NOW_US
from tests.archive.keys.vault import PLAN, hold_id, key, recording

_SPREAD_US: Final = 300


class Mutant(StrEnum):
    """What is left out of the guard, to see that the race shows it."""

    NONE = "none"
    # The table of holds has no foreign key: made so by who makes the keystore.
    NO_FOREIGN_KEY = "no_foreign_key"
    # The fence is read before the transaction that destroys, not in it.
    FENCE_READ_BEFORE = "fence_read_before"
    # The fence is read in the transaction, but without FOR SHARE (PostgreSQL alone).
    NO_SHARE_LOCK = "no_share_lock"


Act = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Placed:
    """What the placing side saw: whether the key was there as the fence went up, and the answer."""

    was_there: bool
    answer: HeldKeys


class Guard(Protocol):
    """What both sides ask; of a keystore itself, or over the daemon's sockets."""

    def place(self, number: int, behind_the_fence: Act) -> Placed: ...

    def is_there(self, number: int) -> bool: ...

    def destroy(self, number: int, after_looking: Act) -> Outcome: ...


@dataclass(slots=True)
class WatchedDatabase:
    """A database that looks for a key just before the transaction ends that raises the fence.

    Whoever finds it locked tries again at once: SQLite's own way is to sleep for milliseconds, and
    in a race nobody sleeps.
    """

    database: Database
    watched: int | None = None
    was_there: bool = False

    def execute(self, sql: str, parameters: Mapping[str, SqlValue] | None = None, /) -> Rows:
        if sql == "COMMIT" and self.watched is not None:
            self.was_there = self.is_there(self.watched)
            self.watched = None
        while True:
            try:
                return self.database.execute(sql, parameters or {})
            except sqlite3.OperationalError as locked:
                if locked.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                os.sched_yield()

    def is_there(self, number: int) -> bool:
        values = {"key": key(number).raw}
        found = self.database.execute("SELECT 1 FROM data_key WHERE key_id = :key", values)
        return found.fetchone() is not None


@dataclass(slots=True)
class DirectGuard:
    """The guard's own functions on a database."""

    database: WatchedDatabase
    mutant: Mutant = Mutant.NONE

    def place(self, number: int, behind_the_fence: Act) -> Placed:
        self.database.watched = number
        legal_holds.place_hold(self.database, hold_id(number), DEFAULT_TENANT)
        behind_the_fence()
        answer = legal_holds.hold_keys(self.database, hold_id(number), [key(number)])
        legal_holds.activate_hold(self.database, hold_id(number))
        return Placed(self.database.was_there, answer)

    def is_there(self, number: int) -> bool:
        return self.database.is_there(number)

    def destroy(self, number: int, after_looking: Act) -> Outcome:
        fence = legal_holds.read_fence(self.database, DEFAULT_TENANT)
        order = DestructionOrder(PLAN, fence.generation, [recording(number)])

        def look_again(database: Database, tenant: TenantId) -> Fence:
            """In the transaction, where without a lock the other side need not wait for us."""
            seen = legal_holds.lock_fence(database, tenant)
            after_looking()
            return seen

        if self.mutant is not Mutant.NO_SHARE_LOCK:
            after_looking()
        with pytest.MonkeyPatch.context() as patch:
            if self.mutant is Mutant.FENCE_READ_BEFORE:
                patch.setattr(destruction, "lock_fence", lambda _database, _tenant: fence)
            if self.mutant is Mutant.NO_SHARE_LOCK:
                patch.setattr(destruction, "lock_fence", look_again)
            (outcome,) = destruction.destroy(self.database, order, NOW_US)
        return outcome


@dataclass(slots=True)
class SocketGuard:
    """The key daemon, asked by the API's and by the runner's client; nobody looks past it."""

    client: KeyClient

    def place(self, number: int, behind_the_fence: Act) -> Placed:
        self.client.place_hold(hold_id(number), DEFAULT_TENANT)
        behind_the_fence()
        was_there = self.is_there(number)
        answer = self.client.hold_keys(hold_id(number), [key(number)])
        self.client.activate_hold(hold_id(number))
        return Placed(was_there, answer)

    def is_there(self, number: int) -> bool:
        return bool(self.client.hold_keys(hold_id(number), [key(number)]).held)

    def destroy(self, number: int, after_looking: Act) -> Outcome:
        generation = self.client.fence(DEFAULT_TENANT).generation
        after_looking()
        (outcome,) = self.client.destroy(PLAN, generation, [recording(number)])
        return outcome


@dataclass(slots=True)
class Tally:
    """How the rounds went. Each of `faults` is something that must never be."""

    held: int = 0
    destroyed: int = 0
    faults: list[str] = field(default_factory=list)

    def count(self, number: int, placed: Placed, outcome: Outcome, is_there: bool) -> None:
        """Judge one round by what both sides were told and by what is there in the end."""
        was_held = placed.answer == HeldKeys(held=1)
        too_late = placed.answer == HeldKeys(destroyed=(key(number),))
        self.held += was_held
        self.destroyed += too_late
        checks = {
            "neither held nor reported as destroyed": was_held or too_late,
            "held, and destroyed too": not (was_held and isinstance(outcome, DestroyedRecording)),
            "reported as destroyed, and kept": not (
                too_late and isinstance(outcome, KeptRecording)
            ),
            "held, and not there": is_there or not was_held,
            "reported as destroyed, and there": not (is_there and too_late),
            "destroyed while the fence was up": was_held or not placed.was_there,
        }
        self.faults += [f"{number}: {fault}" for fault, is_right in checks.items() if not is_right]


def race(guard: Guard, opponent: Sequence[str], numbers: Sequence[int]) -> Tally:
    """Run a round for each recording against an opponent started by these arguments.

    The opponent looks at the fence and says so. In half of the rounds the hold is begun just then,
    before he goes on to destroy; in the others both go on at once. So the moments that matter
    come about on a machine that is busy with other things, too.
    """
    tally, chance = Tally(), Random(18)  # noqa: S311 - moments, not keys
    with _second_process(opponent) as destroyer:
        for number in numbers:
            destroyer.look(number)
            placed = _place(guard, number, destroyer, chance)
            outcome = destroyer.outcome(number)
            tally.count(number, placed, outcome, guard.is_there(number))
    return tally


def _place(guard: Guard, number: int, destroyer: "_Destroyer", chance: Random) -> Placed:
    wait_us = chance.randrange(_SPREAD_US)

    def let_go() -> None:
        destroyer.go_on()
        _wait_us(wait_us)

    if chance.randrange(2):
        return guard.place(number, let_go)
    let_go()
    return guard.place(number, lambda: None)


def destroy_until_answered(guard: Guard, number: int, after_looking: Act) -> Outcome:
    """Try as a runner does whose catalog knows nothing of any hold: judged anew, and again."""
    outcome = guard.destroy(number, after_looking)
    while isinstance(outcome, KeptRecording) and outcome.why in (Why.PLACING, Why.RECHECK):
        outcome = guard.destroy(number, lambda: None)
    return outcome


@dataclass(slots=True)
class _Destroyer:
    process: "subprocess.Popen[str]"

    def look(self, number: int) -> None:
        self._tell(str(number))
        assert self._hear() == "looked"

    def go_on(self) -> None:
        self._tell("go on")

    def outcome(self, number: int) -> Outcome:
        word = self._hear()
        if word.isdigit():
            return DestroyedRecording(recording(number), int(word))
        return KeptRecording(recording(number), Why(word))

    def _tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def _hear(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@contextmanager
def _second_process(arguments: Sequence[str]) -> Iterator[_Destroyer]:
    command = [sys.executable, "-m", "tests.archive.keys.race", *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield _Destroyer(process)
        assert process.stdin is not None
        process.stdin.close()


def _serve_rounds(guard: Guard) -> None:
    """Destroy what is named on standard input, as soon as it is told to go on."""

    def look() -> None:
        print("looked", flush=True)  # noqa: T201 - the other process reads it
        sys.stdin.readline()

    print("ready", flush=True)  # noqa: T201
    while line := sys.stdin.readline():
        outcome = destroy_until_answered(guard, int(line), look)
        word = outcome.at_us if isinstance(outcome, DestroyedRecording) else outcome.why.value
        print(word, flush=True)  # noqa: T201


def _wait_us(microseconds: int) -> None:
    """So short that sleeping would take longer; whoever else wants the processor gets it."""
    until = time.perf_counter_ns() + microseconds * 1_000
    while time.perf_counter_ns() < until:
        os.sched_yield()


def guard_of(kind: str, where: str, mutant: str = Mutant.NONE) -> Guard:
    """The guard of a keystore file, of a daemon's socket, or of a database in PostgreSQL."""
    match kind:
        case "sqlite":
            connection = open_database(Path(where))
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA busy_timeout=0")
            return DirectGuard(WatchedDatabase(connection), Mutant(mutant))
        case "socket":
            return SocketGuard(KeyClient(Path(where)))
        case "postgresql":
            from tests.postgresql.keystore import connect

            locks = Mutant(mutant) is not Mutant.NO_SHARE_LOCK
            return DirectGuard(WatchedDatabase(connect(where, locks=locks)), Mutant(mutant))
    raise ValueError(kind)


if __name__ == "__main__":
    _serve_rounds(guard_of(*sys.argv[1:]))
