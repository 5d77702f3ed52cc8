"""One part in the foreground: signals, readiness, and the coroutine that is the part.

Knows which coroutine belongs to which name, nothing of what it does.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from typing import Any

from rokuon.config.schema import Config
from rokuon.notify import READY, STOPPING, end_with_supervisor, tell

# A part runs until `stop` is set and calls `ready` once, when others may rely on it.
PartMain = Callable[[Config, asyncio.Event, Callable[[], None]], Coroutine[Any, Any, None]]


def part_main(name: str) -> PartMain:
    """The coroutine function of a part; a part loads only what is its own."""
    match name:
        case "keys":
            from rokuon.compose.keys import run_keys as main
        case "capture":
            from rokuon.compose.capture import run_capture as main
        case "keeper":
            from rokuon.compose.keeper import run_keeper as main
        case _:
            from rokuon.compose.api import run_api as main
    return main


def serve_part(name: str, config: Config) -> None:
    """Run one part until SIGTERM or Ctrl-C."""
    end_with_supervisor(os.environ)
    asyncio.run(_serve(part_main(name), config))


async def _serve(main: PartMain, config: Config) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for what in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(what, stop.set)
    await main(config, stop, lambda: tell(READY, os.environ))
    tell(STOPPING, os.environ)
