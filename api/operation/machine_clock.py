"""The clock of this machine: whether anything is destroyed by it, and a person's word for it.

What sets it is written into the journal. Knows nothing of the web, nor of how a clock is read.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import msgspec
from sqlalchemy import Engine

from api.access.authorization import Door
from api.permissions.actor import Actor
from api.permissions.errors import PersonNeeded, TimeDiffers
from api.permissions.verbs import Verb
from archive.catalog.database.engine import write, writing
from archive.catalog.journal.entries import Entry, append
from archive.disk.files import LocalDisk, publish
from archive.errors import KeyUnavailable
from archive.ids import TenantId
from archive.keys.clock_watch import ClockFacts
from archive.moments import ClockReading
from retention.decisions.brakes import has_stepped, is_behind
from retention.runner.step_rounds import StepRounds

CLOCK: Final = "clock"
# Who writes that it was set: nobody here did it.
ACTOR: Final = "rokuon"
# A person reads it off a watch, and types.
WATCH_US: Final = 5 * 60 * 1_000_000
LOOK_S: Final = 10.0
LIFE_US: Final = 3_600_000_000


class ClockKeys(Protocol):
    """What is asked of the key daemon, which destroys; see `KeyClient`. It blocks."""

    def clock_facts(self) -> ClockFacts:
        """What it knows of the clock, and why it destroys nothing by it."""

    def confirm_clock(self) -> bool:
        """A person says that date and time are right; whether it destroys now."""


@dataclass(frozen=True, slots=True)
class ClockState:
    """What the clock says, and what the key daemon knows of it."""

    now_us: int
    facts: ClockFacts


@dataclass(frozen=True, slots=True)
class MachineClock:
    """What may be asked and done; each raises `Refused`, `KeyUnavailable`."""

    door: Door
    keys: ClockKeys

    async def show(self, actor: Actor) -> ClockState:
        """The state now."""
        await self.door.access(actor, Verb.DESTRUCTION_READ)
        return await self._state()

    async def confirm(self, actor: Actor, read_us: int) -> ClockState:
        """A person says that it is so late; raises `TimeDiffers` where the clock says otherwise.

        What a program read would be this clock again: raises `PersonNeeded` besides.
        """
        verb = Verb.DESTRUCTION_MANAGE
        access = await self.door.access_to_all(actor, verb)
        if not actor.account.person:
            refusal = PersonNeeded("a program reads no other clock")
            await self.door.write_down(actor, verb, refusal, CLOCK)
            raise refusal
        if abs(access.at_us - read_us) > WATCH_US:
            raise TimeDiffers("the clock of the machine says otherwise")
        entry = Entry(
            tenant=access.tenant,
            at_us=access.at_us,
            actor=access.actor,
            action="clock_confirmed",
            target=CLOCK,
            reason=access.purpose,
        )
        await write(self.door.engine, lambda connection: append(connection, entry))
        await asyncio.to_thread(self.keys.confirm_clock)
        return await self._state()

    async def _state(self) -> ClockState:
        facts = await asyncio.to_thread(self.keys.clock_facts)
        return ClockState(self.door.clock_us(), facts)


def is_clock_sure(keys: ClockKeys) -> bool:
    """Whether the key daemon destroys by the time now; not where it does not answer."""
    try:
        return not keys.clock_facts().doubt
    except KeyUnavailable:
        return False


class _Life(msgspec.Struct, frozen=True):
    """A sign of life: when it was given."""

    at_us: int


@dataclass(slots=True, kw_only=True)
class ClockRounds:
    """Writes into the journal that the clock was set, while this part runs or before its start.

    `life` is the file of the hourly sign of life; `clock` reads both clocks.
    """

    engine: Engine
    tenant: TenantId
    clock: Callable[[], ClockReading]
    life: Path
    _before: ClockReading | None = field(default=None, init=False)
    _told_us: int = field(default=0, init=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Look until told to stop."""
        await StepRounds(name="clock", step=self.round, look_s=LOOK_S).run(stop)

    def round(self) -> float:
        """Look once; for how many seconds to wait then."""
        now, before = self.clock(), self._before
        was_us = self._expected(before, now)
        if was_us:
            self._tell(was_us, now.wall_us)
        self._before = now
        if was_us or now.wall_us - self._told_us >= LIFE_US:
            publish(LocalDisk(), self.life, [msgspec.json.encode(_Life(now.wall_us))])
            self._told_us = now.wall_us
        return LOOK_S

    def _expected(self, before: ClockReading | None, now: ClockReading) -> int:
        """What it should have said where it was set; 0: it was not."""
        if before is None:
            self._told_us = last_us = read_life(self.life)
            return last_us if is_behind(now.wall_us, last_us) else 0
        passed_us = now.monotonic_us - before.monotonic_us
        return before.wall_us + passed_us if has_stepped(before, now) else 0

    def _tell(self, was_us: int, is_us: int) -> None:
        entry = Entry(
            tenant=self.tenant,
            at_us=is_us,
            actor=ACTOR,
            action="clock_set",
            target=CLOCK,
            detail={"was_us": was_us, "is_us": is_us},
        )
        with writing(self.engine) as connection:
            append(connection, entry)


def read_life(file: Path) -> int:
    """When the last sign of life was given; 0: none was, or it cannot be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Life).at_us
    except (OSError, msgspec.DecodeError):
        return 0
