"""Python's cycle collector, kept from stopping the loop while calls are up.

Knows nothing of calls but how many there are.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# A look at everything takes some 15 ms then, and one call in a hundred thousand would notice.
FEW_CALLS: Final = 50
# What only a look at everything finds is rare: exceptions and connections that outlived a turn.
WHOLE_EVERY_S: Final = 3_600.0


class Collector:
    """Looks through what is young, once; what has lived for a turn is set aside.

    A live call is some fifty objects without a cycle among them: counting references frees them.
    The collector visits them all the same, again and again as they become more, and nobody is
    answered meanwhile: up to 170 ms with 3,500 calls on busy cores.
    """

    def __init__(self, now_s: float) -> None:
        self._whole_at_s = now_s

    def turn(self, calls: int, now_s: float) -> None:
        """Collect what was made since the last turn; everything, where it disturbs hardly anyone.

        `calls` are up now, `now_s` is monotonic. To be called every tick.
        """
        if calls <= FEW_CALLS and now_s - self._whole_at_s >= WHOLE_EVERY_S:
            self._whole_at_s = now_s
            gc.unfreeze()
        gc.collect()
        gc.freeze()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Collect nothing in this block: it makes thousands of objects, and all of them stay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
