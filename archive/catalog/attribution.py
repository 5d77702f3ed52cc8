"""Which agent a leg belongs to: the table's row in force at the time, else what the call says.

Knows nothing of how legs come into the catalog, nor of CSV.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import ColumnElement, Connection, and_, case, or_, select, update

from archive.catalog.tables import agent_period, leg

AttributedBy = Literal["table", "metadata", "none"]
Confidence = Literal["certain", "likely", "none"]

# A configured customer is not made an agent because his number ends up in the table of seats;
# a side that was only guessed is.
_MAY_BE_AGENT: Final = or_(leg.c.side != "customer", leg.c.side_guessed == 1)
_SAID_TO_BE_AGENT: Final = and_(leg.c.side == "agent", leg.c.name != "")


def withdraw(connection: Connection, where: ColumnElement[bool]) -> None:
    """Attribute the legs `where` to what the call itself says of them, or to nobody."""
    connection.execute(
        update(leg)
        .where(where)
        .values(
            agent_id="",
            agent_period=None,
            attributed_by=case((_SAID_TO_BE_AGENT, "metadata"), else_="none"),
            confidence=case((_SAID_TO_BE_AGENT, "likely"), else_="none"),
        )
    )


def attribute(
    connection: Connection, period: int, agent_id: str, where: ColumnElement[bool]
) -> int:
    """Attribute the legs `where` that may be an agent's to a row of the table; returns how many."""
    certain = and_(leg.c.side == "agent", leg.c.side_guessed == 0)
    done = connection.execute(
        update(leg)
        .where(where, _MAY_BE_AGENT)
        .values(
            agent_id=agent_id,
            agent_period=period,
            attributed_by="table",
            confidence=case((certain, "certain"), else_="likely"),
        )
    )
    return done.rowcount


def attribute_recording(connection: Connection, tenant: int, recording: int) -> None:
    """Attribute every leg of one recording as of the moment at which it began."""
    of_recording = and_(leg.c.tenant == tenant, leg.c.recording == recording)
    withdraw(connection, of_recording)
    in_force = connection.execute(
        select(leg.c.row, agent_period.c.row, agent_period.c.agent_id)
        .join_from(leg, agent_period, _seat(tenant))
        .where(of_recording)
    ).all()
    for leg_row, period, agent_id in in_force:
        attribute(connection, period, agent_id, leg.c.row == leg_row)


def _seat(tenant: int) -> ColumnElement[bool]:
    return and_(
        agent_period.c.tenant == tenant,
        agent_period.c.extension == leg.c.raw,
        agent_period.c.superseded.is_(None),
        agent_period.c.valid_from_us <= leg.c.from_us,
        agent_period.c.valid_to_us > leg.c.from_us,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A row of the table of agents: who sat at which extension, from when until before when."""

    row: int
    agent_id: str
    extension: str
    from_us: int
    to_us: int


def reattribute(
    connection: Connection, tenant: int, *, ended: Iterable[Seat], begun: Iterable[Seat]
) -> int:
    """Follow a change of the table: legs of the seats `ended`, then those of the seats `begun`.

    Returns how many legs the new seats took.
    """
    for seat in ended:
        withdraw(connection, _sat_there(tenant, seat))
    return sum(
        attribute(connection, seat.row, seat.agent_id, _sat_there(tenant, seat)) for seat in begun
    )


def _sat_there(tenant: int, seat: Seat) -> ColumnElement[bool]:
    return and_(
        leg.c.tenant == tenant,
        leg.c.raw == seat.extension,
        leg.c.from_us >= seat.from_us,
        leg.c.from_us < seat.to_us,
    )
