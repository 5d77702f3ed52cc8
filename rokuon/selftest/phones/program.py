"""A phone that is a program of its own: orders as JSON lines on its stdin, events on its stdout.

An asyncio shell. Knows nothing of what a phone can do.
"""

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

_PROGRAMS: Final = Path(__file__).parent / "programs"
# To load its library, to carry out an order, and to end, on a busy machine.
READY_S: Final = 30.0
ORDER_S: Final = 10.0
END_S: Final = 10.0
# What is quoted of what a program that failed wrote.
_LAST_WORDS: Final = 300

Event = dict[str, Any]


class PhoneFailed(Exception):
    """The program ended or is of no use; the text is its own."""


class OrderFailed(PhoneFailed):
    """It did not do what it was told, or not in time; it runs on."""


class PhoneProgram:
    """One that runs. Its events are read when they are waited for."""

    def __init__(self, process: Process, errors: Path) -> None:
        self._process, self._errors = process, errors
        self._events: list[Event] = []
        self._orders = 0

    async def told(self, *wanted: Mapping[str, Any]) -> Event:
        """The first event that has the fields of one of these. Raises `PhoneFailed`."""
        read = 0
        while True:
            for event in self._events[read:]:
                if any(each.items() <= event.items() for each in wanted):
                    return event
            read = len(self._events)
            await self._read()

    async def order(self, do: str, what: Mapping[str, Any]) -> Any:
        """Have something done; what came of it. Raises `OrderFailed` or `PhoneFailed`."""
        assert self._process.stdin is not None
        self._orders += 1
        line = json.dumps({"order": self._orders, "do": do, **what}) + "\n"
        self._process.stdin.write(line.encode())
        try:
            async with asyncio.timeout(ORDER_S):
                done = await self.told({"event": "done", "order": self._orders})
        except TimeoutError as silent:
            raise OrderFailed(self._said()) from silent
        if done["why"] is not None:
            raise OrderFailed(done["why"])
        return done["result"]

    async def ready(self) -> None:
        """Wait until it takes orders. Raises `PhoneFailed`."""
        try:
            async with asyncio.timeout(READY_S):
                await self.told({"event": "ready"})
        except TimeoutError as late:
            raise PhoneFailed(self._said()) from late

    async def end(self) -> None:
        """The end of its orders is the order to end: it hangs up. Whoever does not is killed."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(END_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise PhoneFailed(self._said())
        self._events.append(json.loads(line))

    def _said(self) -> str:
        return self._errors.read_text("utf-8", "replace").strip()[-_LAST_WORDS:]


@asynccontextmanager
async def running(
    python: Path, program: str, folder: Path, settings: Mapping[str, Any]
) -> AsyncIterator[PhoneProgram]:
    """`programs/<program>.py` while the block lasts, ready for orders. Raises `PhoneFailed`.

    It has a session of its own: Ctrl-C must not end it before it has hung up.
    """
    errors = folder / "errors"
    with errors.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            str(python), str(_PROGRAMS / f"{program}.py"), json.dumps(dict(settings)),
            stdin=PIPE, stdout=PIPE, stderr=file, start_new_session=True,
        )  # fmt: skip
    started = PhoneProgram(process, errors)
    try:
        await started.ready()
        yield started
    finally:
        await started.end()
