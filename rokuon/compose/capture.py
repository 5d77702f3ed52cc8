"""The part `capture`, put together from the configuration.

Knows the capture daemon's entry, nothing of what it does.
"""

import asyncio
from collections.abc import Callable

from rokuon.compose.errors import NotReady
from rokuon.config.schema import Config
from rokuon.i18n import tr


async def run_capture(config: Config, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """The part `capture`."""
    del config, stop, ready
    raise NotReady(tr("this build has no capture daemon"))
