"""Whether who listens may go on."""

from typing import Any

from api.access.listener_access import ListenerState
from api.permissions.actor import Actor
from tests.api.actors import reviewer


class Doorkeeper:
    """Counts how often it is asked, and says no from the second time on."""

    def __init__(self) -> None:
        self.asked = 0

    async def stands(self, _actor: Actor) -> bool:
        """Once."""
        self.asked += 1
        return self.asked == 1


async def test_it_is_asked_again_when_its_time_has_come() -> None:
    """And then the answer counts at once."""
    keeper: Any = Doorkeeper()
    trust = ListenerState(keeper, Actor(account=reviewer()), every_s=0.0)

    assert [await trust.holds(), await trust.holds()] == [True, False]


async def test_it_is_not_asked_for_every_piece_of_news() -> None:
    """Of a hundred listeners each asks every two seconds."""
    keeper: Any = Doorkeeper()
    trust = ListenerState(keeper, Actor(account=reviewer()), every_s=60.0)

    assert [await trust.holds() for _ in range(3)] == [True] * 3
    assert keeper.asked == 0
