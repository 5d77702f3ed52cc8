"""The part of the API that finishes what was begun with legal holds, at its start and from then on.

Knows when, nothing of what is done.
"""

import asyncio
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.holds.gauges import HoldGauges
from api.holds.upkeep import HoldUpkeep
from archive.errors import KeyRefused, KeyUnavailable
from archive.rounds import Rounds

# The fence of a placing that was cut off stops every destruction meanwhile.
EVERY_S: Final = 30.0

log = structlog.get_logger("rokuon.holds")


async def keep_up(
    upkeep: HoldUpkeep, gauges: HoldGauges, stop: asyncio.Event, every_s: float = EVERY_S
) -> None:
    """Again and again until `stop`; what cannot be done now is done the next time."""
    async for _ in Rounds(stop, every_s):
        try:
            await upkeep.once()
            gauges.show(await upkeep.figures())
        except (KeyUnavailable, KeyRefused, SQLAlchemyError) as away:
            log.warning("legal holds wait", reason=type(away).__name__)
