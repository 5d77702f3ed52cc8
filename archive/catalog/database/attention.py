"""Whether anybody waits for an answer of the catalog, or did just now: what has time gives way.

Of one event loop. Knows nothing of what is asked.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

# Between the questions of one request, and while its answer is put together.
_JUST_NOW_S: Final = 0.05


@dataclass(slots=True)
class Attention:
    """`clock_s` only grows."""

    clock_s: Callable[[], float] = time.monotonic
    _waiting: int = 0
    _until_s: float = float("-inf")

    @contextmanager
    def paid(self) -> Iterator[None]:
        """To one more, until he has his answer."""
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
            self._until_s = self.clock_s() + _JUST_NOW_S

    def is_paid(self) -> bool:
        return self._waiting > 0 or self.clock_s() < self._until_s
