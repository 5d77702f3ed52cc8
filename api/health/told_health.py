"""How well the installation is, for a person whose duty that is; the board answers everybody.

Knows nothing of the web, nor of words.
"""

from api.access.authorization import Door
from api.health.board import Health, HealthBoard
from api.permissions.actor import Actor
from api.permissions.verbs import Verb


async def health_for(actor: Actor, door: Door, board: HealthBoard) -> Health:
    """As of the last seconds. Raises `Refused` where the actor may not."""
    await door.access(actor, Verb.HEALTH)
    return await board.now()
