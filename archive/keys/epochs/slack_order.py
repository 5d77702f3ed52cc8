"""The slack of the keystore, which may have wraps of destroyed keys: overwritten, step by step.

Knows nothing of pages, nor of who asks for it.
"""

from dataclasses import dataclass

from archive.disk.sqlite_slack import Scrub, cut_log
from archive.keys.epochs.turn import OpenKeystore
from archive.keys.epochs.work_item import WorkItem, WorkThread


@dataclass(slots=True)
class SlackOrder:
    """One pass over the whole keystore whenever it is wished for; the first when it is opened."""

    opened: OpenKeystore
    is_wished: bool = True
    _pass: Scrub | None = None

    def next_job(self) -> WorkItem | None:
        """The next step; None where nothing is asked for."""
        if self.is_wished and self._pass is None:
            # What is destroyed from now on is the next pass's.
            self.is_wished, self._pass = False, Scrub()
        return None if self._pass is None else WorkItem(WorkThread.KEYSTORE, self._step)

    def _step(self) -> None:
        assert self._pass is not None
        if not self._pass.step(self.opened.connection):
            self._pass = None
            cut_log(self.opened.connection)
