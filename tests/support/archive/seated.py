"""A table of agents as a ranking takes it, of periods by their row."""

from collections.abc import Mapping

from archive.agent_table import AgentPeriod
from archive.locate.ranking.people import People, Seat


def seated(periods: Mapping[int, AgentPeriod]) -> People:
    """All of them."""
    return People.of(
        Seat(
            row=row,
            agent_id=each.agent_id,
            names=each.names,
            team=each.team,
            extension=each.extension,
            from_us=each.valid_from_us,
            until_us=each.valid_to_us,
        )
        for row, each in periods.items()
    )
