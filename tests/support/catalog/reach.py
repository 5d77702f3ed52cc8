"""What tests of reach share."""

from dataclasses import dataclass

from sqlalchemy import Engine

from archive.call.events import Event, RouteTaken
from tests.archive.catalog.examples import STARTED_US, adopt, adoption, inbound


def routed(queue: str, purpose: str) -> Event:
    """The route that a call took."""
    return RouteTaken(
        at_us=STARTED_US, route="r", target="t", mode="yes", queue=queue, purpose=purpose,
        controller="acme",
    )  # fmt: skip


def put_three(engine: Engine) -> None:
    """Two have a route."""
    adopt(
        engine,
        adoption(1, (*inbound(), routed("support", "quality"))),
        adoption(2, (*inbound(), routed("sales", "training"))),
        adoption(3),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What one call of the scene is about; "" is not said, team included."""

    queue: str
    controller: str
    team: str
    customer: str


QUEUES, CONTROLLERS, TEAMS = ("", "support", "sales"), ("", "Acme K.K."), ("", "Red", "東京")


# One agent of each team, at an extension of his own.
SEATS = {team: str(1001 + at) for at, team in enumerate(TEAMS)}


def call(told: Told) -> tuple[Event, ...]:
    """A call of a customer with the agent of that team."""
    taken = RouteTaken(
        at_us=STARTED_US, route="r", target="t", mode="yes", queue=told.queue,
        controller=told.controller,
    )  # fmt: skip
    customer, agent = f"sip:{told.customer}@carrier", f"sip:{SEATS[told.team]}@pbx.example"
    return (*inbound(customer=customer, agent=agent), taken)
