"""Work on disks beside the loop."""

import threading
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from capture.status.publisher import PATIENCE_US, DiskThread

WITHIN_S = 10.0


@pytest.fixture
def thread() -> Iterator[DiskThread]:
    made = DiskThread()
    yield made
    made.close()


def test_who_offers_work_does_not_wait_for_a_disk_that_hangs(thread: DiskThread) -> None:
    """What comes meanwhile is left out; that the disk hangs is said once, and that it answers."""
    thaw, done, again = threading.Event(), threading.Event(), threading.Event()

    def hang() -> None:
        assert thaw.wait(WITHIN_S)
        done.set()

    with capture_logs() as lines:
        begun = [thread.offer(hang, 0)]
        begun += [thread.offer(again.set, at) for at in (1, PATIENCE_US, PATIENCE_US + 1)]
        assert not again.is_set()
        waited_for = [thread.is_waited_for]
        thaw.set()
        assert done.wait(WITHIN_S)
        waited_for += [thread.is_waited_for]  # that it answers is still to be said
        while not thread.offer(again.set, 2 * PATIENCE_US):
            pass
    thread.close()

    assert [*waited_for, thread.is_waited_for] == [True, True, False]
    assert begun == [True, False, False, False]
    assert again.is_set()
    assert [line["log_level"] for line in lines] == ["error", "info"]


def test_a_mistake_in_a_piece_of_work_is_not_swallowed(thread: DiskThread) -> None:
    """It ends whoever offers the next one, by name."""
    thread.offer(lambda: [].pop(), 0)
    thread.close()

    with pytest.raises(IndexError):
        thread.offer(lambda: None, 1)
