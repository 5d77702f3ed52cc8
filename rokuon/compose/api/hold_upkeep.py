"""The part of the API that finishes what was begun with legal holds, at its start and from then on.

Knows when, nothing of what is done.
"""

import asyncio
from contextlib import suppress
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.holds.gauges import HoldGauges
from api.holds.upkeep import HoldUpkeep
from archive.errors import KeyRefused, KeyUnavailable

# The fence of a placing that was cut off stops every destruction meanwhile.
EVERY_S: Final = 30.0

log = structlog.get_logger("rokuon.holds")


async def keep_up(
    upkeep: HoldUpkeep, gauges: HoldGauges, stop: asyncio.Event, every_s: float = EVERY_S
) -> None:
    """Again and again until `stop`; what cannot be done now is done the next time."""
    while not stop.is_set():
        try:
            await upkeep.once()
            gauges.show(await upkeep.figures())
        except (KeyUnavailable, KeyRefused, SQLAlchemyError) as away:
            log.warning("legal holds wait", reason=type(away).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every_s)
