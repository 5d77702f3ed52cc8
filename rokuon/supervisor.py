"""Starts the parts in a stated order, restarts one that dies, stops them in a stated order.

Knows commands and names only, nothing of what a part does. It signals only processes that it
started itself.
"""

import asyncio
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog

from rokuon.compose.errors import PartFailed
from rokuon.i18n import tr
from rokuon.notify import NOTIFY_VARIABLE, READY, SUPERVISOR_VARIABLE
from rokuon.spare import SPARE_VARIABLE, TURN

# Keys first: nobody works without them. Capture stops before the keeper, so that what capture
# closes last is still adopted; the keys go last.
START_ORDER: Final = ("keys", "capture", "keeper", "retention", "api")
STOP_ORDER: Final = ("api", "retention", "capture", "keeper", "keys")

FIRST_PAUSE_S: Final = 0.5
# A part that cannot start is tried twice a minute: often enough to heal, too rare to load a disk.
LONGEST_PAUSE_S: Final = 30.0
# Who has run for this long was well; his next failure is a first one.
WELL_AFTER_S: Final = 60.0
MAX_MESSAGE_BYTES: Final = 4_096
# A spare is not loaded beside a part that is loading itself.
SPARE_AFTER_S: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPlan:
    """How one part is run: what to execute, and how long its start and its end may take.

    One that `has_spare` has a second process beside it, which takes its place when it dies: all but
    reading the configuration and the state is done by then (`rokuon.spare`).
    """

    name: str
    command: tuple[str, ...]
    start_s: float = 30.0
    grace_s: float = 15.0
    first_pause_s: float = FIRST_PAUSE_S
    has_spare: bool = False


def part_command(name: str, arguments: tuple[str, ...]) -> tuple[str, ...]:
    """The command line of a part: this interpreter, `rokuon serve PART`, the same configuration."""
    return (sys.executable, "-m", "rokuon", *arguments, "serve", name)


def pause_s(failures: int, first_s: float = FIRST_PAUSE_S) -> float:
    """How long to wait before the next start after so many failures in a row."""
    return min(LONGEST_PAUSE_S, first_s * 2.0 ** min(failures - 1, 16))


@dataclass(slots=True)
class _Running:
    """One part while the supervisor lives."""

    plan: PartPlan
    ear: socket.socket
    address: str
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    process: asyncio.subprocess.Process | None = None
    spare: asyncio.subprocess.Process | None = None
    failures: int = 0

    @classmethod
    def prepare(cls, plan: PartPlan) -> "_Running":
        """Open the socket on which the part says that it is ready."""
        address = f"@rokuon-{os.getpid()}-{plan.name}-{secrets.token_hex(8)}"
        ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        ear.settimeout(0)
        ear.bind("\0" + address[1:])
        return cls(plan, ear, address)

    def hear(self) -> None:
        """Take one state line; only READY means something to us."""
        try:
            message = self.ear.recv(MAX_MESSAGE_BYTES)
        except BlockingIOError:
            return
        if READY in message.split(b"\n"):
            self.ready.set()


class Supervisor:
    """Runs a list of parts until told to stop; `run` may be called once."""

    def __init__(
        self,
        plans: tuple[PartPlan, ...],
        environment: Mapping[str, str],
        *,
        stop_order: tuple[str, ...] = STOP_ORDER,
    ) -> None:
        self._environment = dict(environment)
        self._stop_order = stop_order
        self._parts = {plan.name: _Running.prepare(plan) for plan in plans}
        self._log = structlog.get_logger()

    def process_id(self, name: str) -> int | None:
        """The process of a part now, None while there is none."""
        process = self._parts[name].process
        return process.pid if process is not None and process.returncode is None else None

    def pass_on_hangup(self, name: str) -> None:
        """A SIGHUP that comes to us goes on to this part, which reads its configuration again."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._hang_up, name)

    def _hang_up(self, name: str) -> None:
        process = self._parts[name].process
        if process is not None:
            _signal(process, signal.SIGHUP)

    async def all_ready(self, stop: asyncio.Event) -> bool:
        """Wait until every part is ready; False when `stop` came first."""
        for part in self._parts.values():
            await _first_of(part.ready, stop)
        return not stop.is_set()

    async def run(
        self,
        stop: asyncio.Event,
        *,
        on_ready: Mapping[str, Callable[[], None]],
    ) -> None:
        """Start all parts in the order given, keep them running, stop them in STOP_ORDER.

        `on_ready` names what to do after a part is first ready, before the next one starts.
        Raises `PartFailed` when a part never becomes ready; the others are stopped first.
        """
        loop = asyncio.get_running_loop()
        for part in self._parts.values():
            loop.add_reader(part.ear, part.hear)
        try:
            async with asyncio.TaskGroup() as group:
                try:
                    await self._start_all(group, stop, on_ready)
                    await stop.wait()
                finally:
                    await self._stop_all()
        finally:
            for part in self._parts.values():
                loop.remove_reader(part.ear)
                part.ear.close()

    async def _start_all(
        self,
        group: asyncio.TaskGroup,
        stop: asyncio.Event,
        on_ready: Mapping[str, Callable[[], None]],
    ) -> None:
        for part in self._parts.values():
            if stop.is_set():
                return
            group.create_task(self._keep(part), name=part.plan.name)
            await self._first_ready(part, stop)
            if part.plan.name in on_ready and part.ready.is_set():
                on_ready[part.plan.name]()

    async def _first_ready(self, part: _Running, stop: asyncio.Event) -> None:
        await _first_of(part.ready, part.ended, stop, longest_s=part.plan.start_s)
        if part.ended.is_set():
            raise PartFailed(part.plan.name, tr("ended before it was ready; the reason is above"))
        if not part.ready.is_set() and not stop.is_set():
            said = tr("not ready after {seconds} s").format(seconds=f"{part.plan.start_s:g}")
            raise PartFailed(part.plan.name, said)

    async def _keep(self, part: _Running) -> None:
        """Run one part again and again until it is released."""
        loop = asyncio.get_running_loop()
        while not part.released.is_set():
            began_s = loop.time()
            code = await self._run_once(part)
            if part.released.is_set():
                break
            if not part.ready.is_set():
                self._log.error("part_never_ready", name=part.plan.name, exit_code=code)
                break
            part.failures = 1 if loop.time() - began_s > WELL_AFTER_S else part.failures + 1
            wait_s = pause_s(part.failures, part.plan.first_pause_s)
            self._log.error("part_ended", name=part.plan.name, exit_code=code, restart_in_s=wait_s)
            await _wait_for(part.released, wait_s)
        part.ended.set()

    async def _run_once(self, part: _Running) -> int:
        part.process = _given_its_turn(part) or await self._spawn(part)
        if part.released.is_set():
            _signal(part.process, signal.SIGTERM)
        self._log.info("part_started", name=part.plan.name, pid=part.process.pid)
        ended = asyncio.ensure_future(part.process.wait())
        if part.plan.has_spare:
            await asyncio.wait([ended], timeout=SPARE_AFTER_S)
            if not ended.done() and not part.released.is_set():
                part.spare = await self._spawn(part, is_spare=True)
        return await ended

    async def _spawn(self, part: _Running, *, is_spare: bool = False) -> asyncio.subprocess.Process:
        environment = self._environment | {
            NOTIFY_VARIABLE: part.address,
            SUPERVISOR_VARIABLE: str(os.getpid()),
        }
        return await asyncio.create_subprocess_exec(
            *part.plan.command,
            env=environment | ({SPARE_VARIABLE: "1"} if is_spare else {}),
            stdin=asyncio.subprocess.PIPE if is_spare else asyncio.subprocess.DEVNULL,
            # Ctrl-C goes to us alone: the parts stop in our order, not all at once.
            start_new_session=True,
        )

    async def _stop_all(self) -> None:
        order = sorted(
            self._parts.values(),
            key=lambda part: (
                self._stop_order.index(part.plan.name) if part.plan.name in self._stop_order else -1
            ),
        )
        for part in order:
            await self._stop_one(part)

    async def _stop_one(self, part: _Running) -> None:
        part.released.set()
        if part.spare is not None:
            _signal(part.spare, signal.SIGKILL)
            await part.spare.wait()
        if part.process is None or part.ended.is_set():
            return
        _signal(part.process, signal.SIGTERM)
        if not await _wait_for(part.ended, part.plan.grace_s):
            self._log.error("part_overstayed", name=part.plan.name, grace_s=part.plan.grace_s)
            _signal(part.process, signal.SIGKILL)
            await part.ended.wait()
        self._log.info("part_stopped", name=part.plan.name)


def _given_its_turn(part: _Running) -> asyncio.subprocess.Process | None:
    """The spare, told to go on; None where there is none that lives."""
    spare, part.spare = part.spare, None
    if spare is None or spare.returncode is not None or spare.stdin is None:
        return None
    spare.stdin.write(TURN)
    return spare


def _signal(process: asyncio.subprocess.Process, what: signal.Signals) -> None:
    """Signal a child of ours that has not been waited for; its id cannot be another's yet."""
    if process.returncode is None:
        process.send_signal(what)


async def _wait_for(event: asyncio.Event, longest_s: float) -> bool:
    """Whether the event came within the time."""
    try:
        await asyncio.wait_for(event.wait(), longest_s)
    except TimeoutError:
        return False
    return True


async def _first_of(*events: asyncio.Event, longest_s: float | None = None) -> None:
    """Return when one of the events is set or the time is over."""
    async with asyncio.TaskGroup() as group:
        waits = [group.create_task(event.wait()) for event in events]
        await asyncio.wait(waits, timeout=longest_s, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
