"""What tests of overdue share."""

from api.destruction.overdue import Overdues
from tests.api.destruction.scene import Installation


async def reasons(it: Installation) -> list[tuple[str, int]]:
    """Of everything that is overdue."""
    found = await Overdues(it.it.door).listed(it.owner)
    return [(each.reason, each.plan) for each in found]
