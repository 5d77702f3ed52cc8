"""Pieces of the daemon's own work."""

from archive.keys.epochs.work_item import WorkItem, WorkThread


def test_a_job_is_done_where_it_says() -> None:
    """What needs the keystore's thread never runs beside it."""
    done = list[int]()
    job = WorkItem(WorkThread.KEYSTORE, lambda: done.append(1))
    job.run()

    assert done == [1]
    assert job.place is WorkThread.KEYSTORE
