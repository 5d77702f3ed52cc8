"""The part `keeper`, put together from the configuration.

Knows where things lie, nothing of what is done with them.
"""

import asyncio
from collections.abc import Callable

from rokuon.compose.errors import NotReady
from rokuon.config.schema import Config
from rokuon.i18n import tr


async def run_keeper(config: Config, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """The part `keeper`."""
    del config, stop, ready
    raise NotReady(tr("this build has no such part"))
