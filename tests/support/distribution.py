"""Which tests go to one worker, and which of them first.

Knows names alone, nothing of what is tested.
"""

from typing import Final

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

# Few tests of minutes each, without a fixture that they share: one by one, before all others. Last
# of all, on one worker, as a file of few tests would be, the others would wait for them.
APART: Final = (
    "tests/api/web/pages/test_pages_beyond_reach.py",
    "tests/api/web/test_lists_beyond_reach.py",
)


class LongestFirst(LoadFileScheduling):
    """A file to a worker, as `--dist loadfile` has it; those that take longest test by test."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return nodeid if file in APART else file

    def _assign_work_unit(self, node: WorkerController) -> None:
        first = min(self.workqueue, key=_place)
        self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)


def _place(scope: str) -> int:
    file, apart, _ = scope.partition("::")
    return APART.index(file) if apart else len(APART)
