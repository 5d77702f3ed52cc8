"""One part in the foreground: signals, readiness, and the coroutine that is the part.

Knows which coroutine belongs to which name, nothing of what it does.
"""

import asyncio
import gc
import os
import signal
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Final

from rokuon.compose.processes.instances import only_instance
from rokuon.compose.processes.part_plan import part_command
from rokuon.config.schema import Config
from rokuon.machine.notify import READY, STOPPING, end_with_supervisor, tell
from rokuon.messages.errors import failures_of_parts

# Of every so many new objects the collector looks for cycles among the young: Python's own measure.
YOUNG_OBJECTS: Final = 700
# A part runs until `stop` is set and calls `ready` once, when others may rely on it.
PartMain = Callable[[Config, asyncio.Event, Callable[[], None]], Coroutine[Any, Any, None]]


def part_main(name: str) -> PartMain:
    """The coroutine function of a part; a part loads only what is its own."""
    match name:
        case "keys":
            from rokuon.compose.archive.key_daemon import run_keys as main
        case "keeper":
            from rokuon.compose.archive.keeper import run_keeper as main
        case "retention":
            from rokuon.compose.archive.retention_part import run_retention as main
        case _:
            from rokuon.compose.api.server import run_api as main
    return main


def serve_part(
    name: str, reread: Callable[[], Config], arguments: tuple[str, ...], number: int
) -> None:
    """Run one part until SIGTERM or Ctrl-C; `number` says which of several it is.

    `reread` gives the configuration, now and whenever a part is told to read it again. Raises
    `AlreadyRunning` before anything of one that runs is touched.
    """
    config = reread()
    end_with_supervisor(os.environ)
    with only_instance(config, name, number):
        if name == "signalling":
            from rokuon.compose.capture.signalling import run_signalling

            asyncio.run(_serve(partial(run_signalling, reread), config))
        else:
            _serve_only(name, config, arguments, number)


def _serve_only(name: str, config: Config, arguments: tuple[str, ...], number: int) -> None:
    match name:
        case "capture":
            main = partial(_capture, arguments)
            with failures_of_parts():
                asyncio.run(_serve(main, config))
        case "holder":
            from rokuon.compose.capture.holder import run_holder

            run_holder(config, _ready)
        case "ingest":
            from rokuon.compose.capture.media import run_ingest

            run_ingest(config, number, _ready, stop_asked())
        case "relay":
            from rokuon.compose.capture.media import run_relay

            run_relay(config, number, _ready, stop_asked())
        case _:
            asyncio.run(_serve(part_main(name), config))


async def _capture(
    arguments: tuple[str, ...], config: Config, stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    from rokuon.compose.capture.processes import run_capture

    await run_capture(config, stop, ready, lambda name: process_command(name, arguments))


def process_command(name: str, arguments: tuple[str, ...]) -> tuple[str, ...]:
    """The command line of one of capture's processes, such as `ingest-1`."""
    part, _, number = name.partition("-")
    return (*part_command(part, arguments), *(("--number", number) if number else ()))


def stop_asked() -> Callable[[], bool]:
    """Whether SIGTERM or Ctrl-C has come, for a part with a loop of its own."""
    asked: list[int] = []
    for what in (signal.SIGTERM, signal.SIGINT):
        signal.signal(what, lambda number, _frame: asked.append(number))
    return lambda: bool(asked)


def _ready() -> None:
    # What is alive now stays alive, and is not gone through while somebody waits; of what comes
    # and goes from now on no heap of garbage grows, as it may while all that is made stays.
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
    tell(READY, os.environ)


async def _serve(main: PartMain, config: Config) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for what in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(what, stop.set)
    await main(config, stop, _ready)
    tell(STOPPING, os.environ)
