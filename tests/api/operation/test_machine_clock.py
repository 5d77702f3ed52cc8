"""The clock: who says what of it, and what the journal has."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.operation.machine_clock import (
    LIFE_US,
    WATCH_US,
    ClockRounds,
    MachineClock,
    is_clock_sure,
    read_life,
)
from api.permissions.accounts import Authority
from api.permissions.errors import NotAllowed, PersonNeeded, Refused, TimeDiffers
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.reach import ReachRule
from archive.catalog.database.engine import reading
from archive.catalog.journal.entries import JournalEntry
from archive.ids import DEFAULT_TENANT
from archive.moments import ClockReading
from archive.verification.journal import journal_findings
from tests.api.clock_keys import PAUSED, MemoryClockKeys
from tests.api.register import register, service
from tests.archive.catalog.examples import NOW_US, new_catalog
from tests.support.services import NobodyThere
from tests.told import all_told

HOUR_US = 3_600_000_000


@dataclass
class Machine:
    """Both clocks; the wall's may be set."""

    wall_us: int = NOW_US
    monotonic_us: int = 0

    def read(self) -> ClockReading:
        return ClockReading(wall_us=self.wall_us, monotonic_us=self.monotonic_us)

    def passes(self, passed_us: int) -> None:
        self.wall_us += passed_us
        self.monotonic_us += passed_us


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = new_catalog(tmp_path)
    yield made
    made.dispose()


def rounds(engine: Engine, machine: Machine, folder: Path) -> ClockRounds:
    """Those of a part that has just been started."""
    return ClockRounds(
        engine=engine, tenant=DEFAULT_TENANT, clock=machine.read, life=folder / "alive"
    )


def told(engine: Engine) -> list[JournalEntry]:
    """The whole journal."""
    with reading(engine) as connection:
        return list(all_told(connection))


def set_entries(engine: Engine) -> list[tuple[object, object]]:
    """What the journal has of clocks that were set."""
    found = [each.entry for each in told(engine) if each.entry.action == "clock_set"]
    return [(each.detail["was_us"], each.detail["is_us"]) for each in found]


def test_a_sign_of_life_is_given_every_hour_and_is_in_no_journal(
    engine: Engine, tmp_path: Path
) -> None:
    """One that was given is read at the next start."""
    machine = Machine()
    own = rounds(engine, machine, tmp_path)
    own.round()
    first = read_life(tmp_path / "alive")
    machine.passes(LIFE_US - 1)
    own.round()
    between = read_life(tmp_path / "alive")
    machine.passes(1)
    own.round()

    assert (first, between) == (NOW_US, NOW_US)
    assert read_life(tmp_path / "alive") == NOW_US + LIFE_US
    assert told(engine) == []


def test_a_clock_that_is_set_while_it_runs_is_in_the_journal(
    engine: Engine, tmp_path: Path
) -> None:
    """With what it would have said; so an entry of before is out of no order."""
    machine = Machine()
    own = rounds(engine, machine, tmp_path)
    own.round()
    machine.passes(HOUR_US)
    machine.wall_us -= 2 * HOUR_US
    own.round()
    own.round()

    assert set_entries(engine) == [(NOW_US + HOUR_US, NOW_US - HOUR_US)]
    assert list(journal_findings(engine)) == []


def test_a_clock_that_was_set_back_while_nobody_was_there_is_too(
    engine: Engine, tmp_path: Path
) -> None:
    """By the last sign of life; that time has passed is no step."""
    machine = Machine()
    rounds(engine, machine, tmp_path).round()
    machine.wall_us += 10 * 24 * HOUR_US
    rounds(engine, machine, tmp_path).round()
    assert set_entries(engine) == []

    machine.wall_us -= 3 * HOUR_US
    rounds(engine, machine, tmp_path).round()
    assert [is_us for _, is_us in set_entries(engine)] == [machine.wall_us]


def test_where_no_key_daemon_answers_nothing_is_sure() -> None:
    """It is the one that destroys."""
    assert not is_clock_sure(NobodyThere())
    assert not is_clock_sure(MemoryClockKeys(PAUSED))
    assert is_clock_sure(MemoryClockKeys())


async def test_a_retention_owner_confirms_what_its_watch_says_too(tmp_path: Path) -> None:
    """Written down before the key daemon hears it; who may not is refused, so is another time."""
    async with register(tmp_path) as it:
        owner = it.person("owner", Role.RETENTION_OWNER)
        auditor = it.person("sato", Role.AUDITOR)
        keys = MemoryClockKeys(PAUSED)
        clock = MachineClock(it.door, keys)
        shown = await clock.show(owner)
        with pytest.raises(TimeDiffers):
            await clock.confirm(owner, it.now_us + WATCH_US + 1)
        with pytest.raises(Refused):
            await clock.confirm(auditor, it.now_us)
        assert (keys.words, it.journal("clock_confirmed")) == ([], [])
        confirmed = await clock.confirm(owner, it.now_us + WATCH_US)
        (entry,) = it.journal("clock_confirmed")

    assert (shown.facts, confirmed.facts.doubt, keys.words) == (PAUSED, "", [1])
    assert (entry.actor, entry.target) == ("owner", "clock")


async def test_neither_a_program_nor_who_reaches_a_part_alone_says_that_the_clock_is_right(
    tmp_path: Path,
) -> None:
    """A program reads the same clock again; what goes by it goes beyond anybody's part."""
    own = frozenset({Verb.DESTRUCTION_READ, Verb.DESTRUCTION_MANAGE})
    part = Authority(own=own, own_reach=(ReachRule(queues=frozenset({"support"})),))
    async with register(tmp_path) as it:
        owner = it.person("owner", Role.RETENTION_OWNER)
        of_a_part = replace(owner, account=replace(owner.account, authority=part))
        keys = MemoryClockKeys(PAUSED)
        clock = MachineClock(it.door, keys)
        with pytest.raises(NotAllowed):
            await clock.confirm(of_a_part, it.now_us)
        with pytest.raises(PersonNeeded):
            await clock.confirm(service(*own), it.now_us)
        assert (await clock.show(of_a_part)).facts.doubt == "pause"
        refused = [entry.detail["why"] for entry in it.journal("refused")]
        confirmed = it.journal("clock_confirmed")

    assert refused == ["not_permitted", "person_needed"]
    assert (keys.words, confirmed) == ([], [])
