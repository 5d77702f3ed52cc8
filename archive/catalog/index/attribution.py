"""Which agent a leg belongs to: whom somebody has named by hand, else the table's row in force at
the time, else what the call says.

Knows nothing of how legs come into the catalog, nor of CSV.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, update

from archive.call.corrected import CorrectedAgent
from archive.call.direction import AGENT_TABLE, CORRECTION, WEAK
from archive.call.event_values import GUESSES, is_guess
from archive.call.legs import Decided, LegFacts
from archive.catalog.locating.changes import note_changes
from archive.catalog.retention.retention_classes import let_empty_go
from archive.catalog.tables.catalog import agent_period, leg, leg_address, leg_agent, recording
from archive.catalog.tables.derived_forms import SOONER

AttributedBy = Literal["correction", "table", "metadata", "none"]
Confidence = Literal["certain", "likely", "none"]

# Sides of which the table of agents knows better.
_WEAK: Final = frozenset({*WEAK, AGENT_TABLE})
# A configured customer is not made an agent because his number ends up in the table of seats;
# a side that was only guessed is.
_MAY_BE_AGENT: Final = or_(leg.c.side != "customer", leg.c.side_because.in_(sorted(_WEAK)))
_CERTAIN: Final = and_(leg.c.side == "agent", leg.c.side_because.not_in(sorted(_WEAK)))
# Nobody's import goes before what somebody has looked at and corrected.
_BY_TABLE: Final = leg.c.attributed_by != CORRECTION
_SAID_TO_BE_AGENT: Final = and_(
    leg.c.side == "agent", leg.c.side_because.not_in(sorted(GUESSES)), leg.c.name != ""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Whose a leg is, by what and how surely; `period` is the row of the table of agents."""

    agent_id: str = ""
    period: int | None = None
    by: AttributedBy = "none"
    confidence: Confidence = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A row of the table of agents: who sat at which extension, from when until before when."""

    row: int
    agent_id: str
    extension: str
    from_us: int
    to_us: int

    def holds(self, stay: LegFacts) -> bool:
        """Was this the seat of who stays, when he came?"""
        came = self.from_us <= stay.from_us < self.to_us
        return came and any(at.number.raw == self.extension for at in stay.addresses)


def seats_of(
    connection: Connection, tenant: int, legs: Sequence[LegFacts]
) -> tuple[Seat | None, ...]:
    """The seat of each leg in the table as it is in force, as of the moment at which it began."""
    raws = sorted({at.number.raw for stay in legs for at in stay.addresses if at.number.raw})
    if not raws:
        return (None,) * len(legs)
    rows = connection.execute(
        select(agent_period)
        .where(
            agent_period.c.tenant == tenant,
            agent_period.c.extension.in_(raws),
            agent_period.c.superseded.is_(None),
        )
        .order_by(agent_period.c.row)
    )
    seats = [
        Seat(
            row=row.row,
            agent_id=row.agent_id,
            extension=row.extension,
            from_us=row.valid_from_us,
            to_us=row.valid_to_us,
        )
        for row in rows
    ]
    return tuple(next((seat for seat in seats if seat.holds(stay)), None) for stay in legs)


def attribution_of(stay: LegFacts, decided: Decided, seat: Seat | None) -> Attribution:
    is_weak = decided.because in _WEAK
    if seat is not None and (decided.side != "customer" or is_weak):
        certain = decided.side == "agent" and not is_weak
        return Attribution(
            agent_id=seat.agent_id,
            period=seat.row,
            by="table",
            confidence="certain" if certain else "likely",
        )
    if decided.side == "agent" and not is_guess(decided.because) and stay.names:
        return Attribution(by="metadata", confidence="likely")
    return Attribution()


def corrected_attribution(
    connection: Connection, tenant: int, named: CorrectedAgent, at_us: int
) -> Attribution:
    """Whom somebody has named, with the row that the table in force has of him as of `at_us`."""
    period = connection.scalar(
        select(agent_period.c.row)
        .where(
            agent_period.c.tenant == tenant,
            agent_period.c.agent_id == named.agent_id,
            agent_period.c.superseded.is_(None),
            agent_period.c.valid_from_us <= at_us,
            agent_period.c.valid_to_us > at_us,
        )
        .order_by(agent_period.c.row)
        .limit(1)
    )
    return Attribution(
        agent_id=named.agent_id, period=period, by="correction", confidence=named.confidence
    )


def reattribute(
    connection: Connection, tenant: int, *, ended: Iterable[Seat], begun: Iterable[Seat]
) -> int:
    """Follow a change of the table: legs of the seats `ended`, then those of the seats `begun`.

    Returns how many legs the new seats took. The sides of their recordings are to be decided anew.
    """
    ended, begun = tuple(ended), tuple(begun)
    if not _has_calls(connection, tenant):
        return 0
    for seat in ended:
        _withdraw(connection, _sat_there(tenant, seat))
    taken = sum(_attribute(connection, seat, _sat_there(tenant, seat)) for seat in begun)
    lost: set[int] = set()
    for seat in (*ended, *begun):
        lost |= _decide_anew(connection, tenant, seat)
    let_empty_go(connection, tenant, lost)
    note_changes(connection, tenant, recording.c.derived == SOONER)
    return taken


def _has_calls(connection: Connection, tenant: int) -> bool:
    oldest = select(func.min(recording.c.started_us)).where(recording.c.tenant == tenant)
    return connection.scalar(oldest) is not None


def _withdraw(connection: Connection, where: ColumnElement[bool]) -> None:
    """Attribute the legs `where` to what the call itself says of them, or to nobody."""
    connection.execute(
        update(leg)
        .where(where, _BY_TABLE)
        .values(
            agent_id="",
            agent_period=None,
            attributed_by=case((_SAID_TO_BE_AGENT, "metadata"), else_="none"),
            confidence=case((_SAID_TO_BE_AGENT, "likely"), else_="none"),
        )
    )


def _attribute(connection: Connection, seat: Seat, where: ColumnElement[bool]) -> int:
    """Attribute the legs `where` that may be an agent's to a seat; returns how many."""
    done = connection.execute(
        update(leg)
        .where(where, _MAY_BE_AGENT, _BY_TABLE)
        .values(
            agent_id=seat.agent_id,
            agent_period=seat.row,
            attributed_by="table",
            confidence=case((_CERTAIN, "certain"), else_="likely"),
        )
    )
    return done.rowcount


def _decide_anew(connection: Connection, tenant: int, seat: Seat) -> set[int]:
    """Where somebody sat there, or was named by hand: the name that he had is the table's.

    Returns the classes that recordings have lost.
    """
    lost: set[int] = set()
    sat = select(leg.c.recording).where(_sat_there(tenant, seat))
    named = select(leg_agent.c.recording).where(
        leg_agent.c.tenant == tenant, leg_agent.c.agent_id == seat.agent_id
    )
    for those in (sat, named):
        own = (recording.c.tenant + 0 == tenant, recording.c.row.in_(those))
        was_in = select(recording.c.retention_class).where(*own).distinct()
        lost.update(each for each in connection.scalars(was_in) if each is not None)
        connection.execute(
            update(recording).where(*own).values(derived=SOONER, retention_class=None)
        )
    return lost


def _sat_there(tenant: int, seat: Seat) -> ColumnElement[bool]:
    """Found by their rows: `+ 0` keeps the indexes that begin with the tenant out of it."""
    at = select(leg_address.c.leg).where(
        leg_address.c.tenant == tenant,
        leg_address.c.raw == seat.extension,
        leg_address.c.in_force == 1,
    )
    return and_(
        leg.c.tenant + 0 == tenant,
        leg.c.row.in_(at),
        leg.c.from_us >= seat.from_us,
        leg.c.from_us < seat.to_us,
    )
