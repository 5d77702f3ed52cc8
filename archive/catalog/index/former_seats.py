"""Who sat at a leg's seat by a table of agents that was in force after it, and is no more.

As of then and as known now are two answers: both find the call. Knows nothing of corrections.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from archive.call.legs import LegFacts
from archive.catalog.index.attribution import Seat
from archive.catalog.tables.catalog import agent_import, agent_period


def former_agents(
    connection: Connection, tenant: int, legs: Sequence[LegFacts]
) -> tuple[tuple[str, ...], ...]:
    """The ids of each leg's former agents, in the order in which they were told.

    Of periods that were superseded before the leg began nobody has ever said that it was theirs.
    """
    raws = sorted({at.number.raw for stay in legs for at in stay.addresses if at.number.raw})
    rows = connection.execute(
        select(agent_period, agent_import.c.at_us)
        .join_from(agent_period, agent_import, agent_import.c.row == agent_period.c.superseded)
        .where(agent_period.c.tenant == tenant, agent_period.c.extension.in_(raws))
        .order_by(agent_period.c.row)
    )
    known = [
        (
            Seat(
                row=row.row,
                agent_id=row.agent_id,
                extension=row.extension,
                from_us=row.valid_from_us,
                to_us=row.valid_to_us,
            ),
            row.at_us,
        )
        for row in rows
    ]
    return tuple(
        tuple(
            dict.fromkeys(
                seat.agent_id
                for seat, until_us in known
                if stay.from_us < until_us and seat.holds(stay)
            )
        )
        for stay in legs
    )
