"""The seam behind which the queue of jobs lies."""

from archive.catalog.database.engine import open_engine
from archive.catalog.register.jobs import CatalogQueue
from archive.job_queue import KEPT, MAX_WAITING, JobQueue


def test_the_catalog_is_a_queue() -> None:
    """Whoever works jobs off asks for no more than that."""
    queue: JobQueue = CatalogQueue(open_engine("sqlite://"), lambda: 0)

    assert all(
        callable(getattr(queue, each))
        for each in ("claim", "beat", "succeed", "fail", "stop_short", "put_back")
    )


def test_nothing_of_it_is_unbounded() -> None:
    """What waits and what is kept."""
    assert 0 < MAX_WAITING <= KEPT
