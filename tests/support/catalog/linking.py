"""Calls of Ms Suzuki that seem to go together, and those of others beside them."""

import msgspec
from sqlalchemy import Engine

from archive.call.events import Event, RouteTaken
from tests.archive.catalog.examples import (
    AGENT,
    CUSTOMER,
    MINUTE_US,
    STARTED_US,
    adopt,
    adoption,
    inbound,
)

HOUR_US = 60 * MINUTE_US
# As a carrier sends a number that was withheld.
WITHHELD = "sip:anonymous@anonymous.invalid"
OTHER_AGENT = "sip:2002@pbx.example"


def queued(told: tuple[Event, ...], queue: str) -> tuple[Event, ...]:
    """The same, by a route with this queue."""
    taken = RouteTaken(at_us=told[0].at_us, route="r", target="t", mode="yes", queue=queue)
    return (*told, taken)


def outbound(started_us: int, *, customer: str = CUSTOMER, agent: str = AGENT) -> tuple[Event, ...]:
    """An agent calls a customer for nine minutes."""
    opening, *others = inbound(started_us, customer=customer, agent=agent)
    return (msgspec.structs.replace(opening, from_uri=agent), *others)


def put_a_call_back(engine: Engine) -> None:
    """She calls (1), is cut off and calls again (2), and is called back (3)."""
    adopt(
        engine,
        adoption(1, queued(inbound(), "support")),
        adoption(2, queued(inbound(STARTED_US + 10 * MINUTE_US), "support")),
        adoption(3, queued(outbound(STARTED_US + 2 * HOUR_US), "support")),
    )


def put_what_is_none(engine: Engine) -> None:
    """Another customer, another agent, a withheld number twice."""
    adopt(
        engine,
        adoption(4, inbound(STARTED_US + 20 * MINUTE_US, customer="sip:+81399990000@carrier")),
        adoption(5, outbound(STARTED_US + 3 * HOUR_US, agent=OTHER_AGENT)),
        adoption(6, inbound(STARTED_US + 4 * HOUR_US, customer=WITHHELD)),
        adoption(7, outbound(STARTED_US + 5 * HOUR_US, customer=WITHHELD)),
    )
