"""How long each worker takes to answer signalling, and how often its connection broke.

Pure. Knows no message: a question is a moment, and so is its answer.
"""

from collections import Counter
from typing import Final


class RoundTrips:
    """Of workers by number; `breaks` are counted since the start."""

    def __init__(self) -> None:
        self.breaks: Final[Counter[int]] = Counter()
        self._asked_s: dict[int, float] = {}
        self._took_s: dict[int, float] = {}

    def asks(self, worker: int, now_s: float) -> bool:
        """Note a question; False where one waits for its answer already."""
        if worker in self._asked_s:
            return False
        self._asked_s[worker] = now_s
        return True

    def answered(self, worker: int, now_s: float) -> None:
        """Take the answer."""
        asked_s = self._asked_s.pop(worker, now_s)
        self._took_s[worker] = now_s - asked_s

    def came(self, worker: int) -> None:
        """Forget what the connection before was asked: this one is asked anew."""
        self._asked_s.pop(worker, None)

    def broke(self, worker: int, now_s: float) -> None:
        """Count it; the worker owes an answer from now on."""
        self.breaks[worker] += 1
        self._asked_s.setdefault(worker, now_s)

    def waited_s(self, worker: int, now_s: float) -> float:
        """For how long a question has waited; 0.0 where none does."""
        return now_s - self._asked_s.get(worker, now_s)

    def lag_s(self, worker: int, now_s: float) -> float:
        """How long the last answer took, or longer where the next one does."""
        return max(self._took_s.get(worker, 0.0), self.waited_s(worker, now_s))
