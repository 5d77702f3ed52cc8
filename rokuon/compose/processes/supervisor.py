"""Starts the parts in a stated order, restarts one that dies, stops them in a stated order.

Knows commands and names only, nothing of what a part does. It signals only processes that it
started itself.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from rokuon.compose.processes.part_plan import Failures, PartPlan
from rokuon.machine.notify import NOTIFY_VARIABLE, SPARE_VARIABLE, SUPERVISOR_VARIABLE, TURN
from rokuon.machine.ready_socket import ReadySocket
from rokuon.messages.errors import PartFailed
from rokuon.messages.i18n import tr

# Keys first: nobody works without them. Capture stops before the keeper, so that what capture
# closes last is still adopted; the keys go last.
START_ORDER: Final = ("keys", "capture", "keeper", "retention", "api")
STOP_ORDER: Final = ("api", "retention", "capture", "keeper", "keys")

# A spare is not loaded beside a part that is loading itself.
SPARE_AFTER_S: Final = 1.5
# How long parts have to end what they do when what they live by is gone: the first one in the order
# of stopping, then all others at once.
LET_GO_S: Final = 2.0


@dataclass(slots=True)
class _Running:
    """One part while the supervisor lives; it runs while it `may_run` and is not `released`."""

    plan: PartPlan
    ear: ReadySocket
    failures: Failures
    may_run: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    process: asyncio.subprocess.Process | None = None
    spare: asyncio.subprocess.Process | None = None

    @classmethod
    def prepare(cls, plan: PartPlan) -> "_Running":
        """A part that may run, and is heard."""
        part = cls(plan, ReadySocket.open(plan.name), Failures(plan.pauses))
        part.may_run.set()
        return part


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
            await _first_of(part.ear.ready, stop)
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
            loop.add_reader(part.ear.sock, part.ear.hear)
        try:
            async with asyncio.TaskGroup() as group:
                try:
                    await self._start_all(group, stop, on_ready)
                    await stop.wait()
                finally:
                    await self._stop_all()
        finally:
            for part in self._parts.values():
                loop.remove_reader(part.ear.sock)
                part.ear.sock.close()

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
            if part.plan.name in on_ready and part.ear.is_known:
                on_ready[part.plan.name]()

    async def _first_ready(self, part: _Running, stop: asyncio.Event) -> None:
        await _first_of(part.ear.ready, part.ended, stop, longest_s=part.plan.start_s)
        if part.ended.is_set():
            raise PartFailed(part.plan.name, tr("ended before it was ready; the reason is above"))
        if not part.ear.is_known and not stop.is_set():
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
            if not part.ear.is_known:
                self._log.error("part_never_ready", name=part.plan.name, exit_code=code)
                break
            if part.may_run.is_set():
                await self._failed(part, code, loop.time() - began_s)
            await _first_of(part.may_run, part.released)
        part.ended.set()

    async def _failed(self, part: _Running, code: int, ran_s: float) -> None:
        """It has ended by itself: wait before the next start, once the others have let go."""
        wait_s = part.failures.pause_s(ran_s)
        self._log.error("part_ended", name=part.plan.name, exit_code=code, restart_in_s=wait_s)
        if part.plan.carries_others:
            await self._have_let_go(part)
        await _wait_for(part.released, wait_s)

    async def _have_let_go(self, ground: _Running) -> None:
        """All others end, for they live by what is gone; they may run when it is ready again."""
        ground.ear.ready.clear()
        first, *others = [part for part in self._in_stop_order() if part is not ground]
        for part in (first, *others):
            part.may_run.clear()
        for part in (ground, first, *others):  # it loads while these end
            part.spare = part.spare or await self._spawn(part, is_spare=True)
        # The first has work to end together with the others. Where it could not, what these would
        # close in order would look as if it went on somewhere: they are killed as well.
        await self._end_now(first, signal.SIGTERM)
        how = signal.SIGKILL if _was_killed(first) else signal.SIGTERM
        async with asyncio.TaskGroup() as group:
            for part in others:
                group.create_task(self._end_now(part, how))

    async def _end_now(self, part: _Running, how: signal.Signals) -> None:
        process = part.process
        if process is None:
            return
        _signal(process, how)
        try:
            await asyncio.wait_for(process.wait(), LET_GO_S)
        except TimeoutError:
            self._log.error("part_overstayed", name=part.plan.name, grace_s=LET_GO_S)
            _signal(process, signal.SIGKILL)
            await process.wait()

    async def _run_once(self, part: _Running) -> int:
        part.process = _given_its_turn(part) or await self._spawn(part)
        if part.released.is_set():
            _signal(part.process, signal.SIGTERM)
        self._log.info("part_started", name=part.plan.name, pid=part.process.pid)
        async with asyncio.TaskGroup() as group:
            beside = [group.create_task(each) for each in self._beside(part)]
            code = await part.process.wait()
            for task in beside:
                task.cancel()
        return code

    def _beside(self, part: _Running) -> Iterator[Coroutine[Any, Any, None]]:
        if part.plan.has_spare:
            yield self._load_spare(part)
        if part.plan.carries_others:
            yield self._let_others_run(part)

    async def _load_spare(self, part: _Running) -> None:
        await asyncio.sleep(SPARE_AFTER_S)
        if part.spare is None and not part.released.is_set():
            part.spare = await self._spawn(part, is_spare=True)

    async def _let_others_run(self, ground: _Running) -> None:
        await ground.ear.ready.wait()
        for part in self._parts.values():
            part.may_run.set()

    async def _spawn(self, part: _Running, *, is_spare: bool = False) -> asyncio.subprocess.Process:
        environment = self._environment | {
            NOTIFY_VARIABLE: part.ear.address,
            SUPERVISOR_VARIABLE: str(os.getpid()),
        }
        return await asyncio.create_subprocess_exec(
            *part.plan.command,
            env=environment | ({SPARE_VARIABLE: "1"} if is_spare else {}),
            stdin=asyncio.subprocess.PIPE if is_spare else asyncio.subprocess.DEVNULL,
            # Ctrl-C goes to us alone: the parts stop in our order, not all at once.
            start_new_session=True,
        )

    def _in_stop_order(self) -> list[_Running]:
        return sorted(
            self._parts.values(),
            key=lambda part: (
                self._stop_order.index(part.plan.name) if part.plan.name in self._stop_order else -1
            ),
        )

    async def _stop_all(self) -> None:
        for part in self._in_stop_order():
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


def _was_killed(part: _Running) -> bool:
    """Whether its process had no time to end in order."""
    return part.process is not None and part.process.returncode == -signal.SIGKILL


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
