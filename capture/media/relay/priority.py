"""How a relay is scheduled: ahead of all that is not live, as long as it leaves a core for that.

Whoever speaks hears a packet that waits for a core; nobody hears a page that is sealed later. Knows
nothing of packets (ADR 36).
"""

import os
import resource
from collections.abc import Callable
from typing import Final, Literal

PriorityWord = Literal["realtime", "normal"]

# The lowest there is: everything else of the kernel's that is real time goes first.
REALTIME: Final = 1
# Of a core, over a beat. From the first on what seals the packets needs a share as much as we do.
BUSY: Final = 0.9
EASY: Final = 0.7
# The kernel ends a relay that has had a core for so long in real time without a wait: another one
# takes its place, which could not even be started beside it where there is one core.
RUNAWAY_S: Final = 5


class Priority:
    """That of this thread.

    `ask` has the kernel change it, and raises `OSError`; `tell` hears what it is now, and why.
    """

    def __init__(
        self,
        wish: PriorityWord,
        ask: Callable[[PriorityWord], None],
        tell: Callable[[PriorityWord, str], None],
    ) -> None:
        self._wish, self._ask, self._tell = wish, ask, tell
        self.runs: PriorityWord = "normal"

    def begin(self) -> None:
        """Ask for what is wished; without leave it is `normal` for good."""
        if self._wish == "realtime":
            self._change("realtime", because="begins")

    def follow(self, share: float) -> None:
        """Go by how much of a core it used in the last beat (1: all)."""
        if self._wish == "normal":
            return
        if self.runs == "realtime" and share >= BUSY:
            self._change("normal", because="has too much to do")
        elif self.runs == "normal" and share < EASY:
            self._change("realtime", because="has room again")

    def _change(self, to: PriorityWord, because: str) -> None:
        try:
            self._ask(to)
        except OSError as error:
            self._wish = "normal"
            self._tell(self.runs, str(error.strerror))
            return
        self.runs = to
        self._tell(to, because)


def ask_kernel(word: PriorityWord) -> None:
    """Change how this thread is scheduled; raises `OSError` where that is not allowed.

    sched(7): round robin beside other relays, not inherited by what it starts.
    """
    if word == "normal":
        os.sched_setscheduler(0, os.SCHED_OTHER | os.SCHED_RESET_ON_FORK, os.sched_param(0))
        return
    _, most_us = resource.getrlimit(resource.RLIMIT_RTTIME)
    runaway_us = RUNAWAY_S * 1_000_000
    limit_us = runaway_us if most_us == resource.RLIM_INFINITY else min(most_us, runaway_us)
    resource.setrlimit(resource.RLIMIT_RTTIME, (limit_us, limit_us))
    os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(REALTIME))
