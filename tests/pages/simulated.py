"""Simulations of a policy in each of their states, and how one comes to their pages."""

from api.operation.job_runner import Steps
from api.simulations.simulation_jobs import simulating
from archive.catalog.database.engine import writing
from archive.catalog.register.jobs import CatalogQueue, cancel_job, order_job
from archive.job_queue import JobKind, Order
from tests.archive.catalog.examples import NOW_US, author
from tests.pages.houses import policy_of
from tests.pages.visitor import Go, Visitor

_KIND = JobKind.SIMULATION


def _ordered(visitor: Visitor, text: str) -> int:
    order = Order(kind=_KIND, arguments={"text": text})
    with writing(visitor.house.engine) as connection:
        return order_job(connection, author(), order)


def waiting(visitor: Visitor) -> None:
    """Before somebody works it off."""
    number = _ordered(visitor, policy_of("解約"))
    visitor.go(f"/simulations/{number}")


def came_to_nothing(visitor: Visitor) -> None:
    """It was cancelled."""
    number = _ordered(visitor, policy_of("解約"))
    with writing(visitor.house.engine) as connection:
        cancel_job(connection, author(), number)
    visitor.go(f"/simulations/{number}")


def simulated(text: str, page: str = "") -> Go:
    """It is done, as everything before it; or a page of its own about it."""

    def gone(visitor: Visitor) -> None:
        number = _ordered(visitor, text)
        engine = visitor.house.engine
        queue = CatalogQueue(engine, lambda: NOW_US)
        while (claim := queue.claim([_KIND])) is not None:
            queue.succeed(claim, simulating(engine, lambda: NOW_US)(claim, Steps()))
        visitor.go(f"/simulations/{number}{page}")

    return gone


def jobs_listed(visitor: Visitor) -> None:
    """One waits beside whatever came before it."""
    _ordered(visitor, policy_of("解約"))
    visitor.go("/jobs")


def job_over(visitor: Visitor) -> None:
    """It was cancelled while somebody looked at it."""
    number = _ordered(visitor, policy_of("解約"))
    visitor.go("/jobs")
    with writing(visitor.house.engine) as connection:
        cancel_job(connection, author(), number)
    with visitor.page.expect_navigation():
        visitor.page.locator(f"form[action='/jobs/{number}/cancel'] button").click()
