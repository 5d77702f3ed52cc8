"""Port pairs: which are free, which rest, which worker has them.

Pure. A pair that a call has used rests before another call gets it, so that a late packet never
lands in another customer's recording.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grant:
    """Pairs of one worker for one recording."""

    worker: int
    pairs: tuple[int, ...]


class PortPool:
    """Pair n belongs to worker n % workers; each is given out in order and rests after use.

    `reserve` pairs of one worker or another are kept back for who asks for them by name.
    """

    def __init__(self, pairs: int, workers: int, rest_us: int) -> None:
        self._workers, self._rest_us = workers, rest_us
        self.reserve = 0
        # In order, and any one of them is found without looking at the others: a restart takes
        # thousands out of the middle.
        self._free: list[OrderedDict[int, None]] = [
            OrderedDict.fromkeys(range(worker, pairs, workers)) for worker in range(workers)
        ]
        self._resting: deque[tuple[int, int]] = deque()

    @property
    def workers(self) -> range:
        """The numbers of the workers."""
        return range(self._workers)

    def free(self) -> int:
        """How many pairs could be given out now."""
        return sum(len(pairs) for pairs in self._free)

    def take(self, count: int, now_us: int, among: Iterable[int]) -> Grant | None:
        """`count` pairs of the first worker of `among` that has enough; None where none has.

        Nothing of the reserve, whoever asks.
        """
        self._wake(now_us)
        return self._given(count, (each for each in among if self._leaves_reserve(each, count)))

    def take_reserved(self, count: int, now_us: int, among: Iterable[int]) -> Grant | None:
        """The same, of the reserve too."""
        self._wake(now_us)
        return self._given(count, among)

    def could_take(self, count: int, now_us: int, among: Iterable[int]) -> bool:
        """Whether `take` would find as many now."""
        self._wake(now_us)
        return any(
            len(self._free[each]) >= count and self._leaves_reserve(each, count) for each in among
        )

    def _given(self, count: int, among: Iterable[int]) -> Grant | None:
        for worker in among:
            free = self._free[worker]
            if len(free) >= count:
                return Grant(worker, tuple(free.popitem(last=False)[0] for _ in range(count)))
        return None

    def _leaves_reserve(self, worker: int, count: int) -> bool:
        """Does some worker still have the reserve, once this one has given so many?"""
        left = [len(free) for free in self._free]
        left[worker] -= count
        return count == 0 or max(left) >= self.reserve

    def take_here(self, pair: int) -> bool:
        """A call that was up before we were has this pair; False where it was not free."""
        free = self._free[pair % self._workers]
        if pair not in free:
            return False
        del free[pair]
        return True

    def give_back(self, pairs: Iterable[int], now_us: int) -> None:
        """The pairs of a call that is over; they rest first."""
        self._resting += [(now_us + self._rest_us, pair) for pair in pairs]

    def rest(self, pair: int, now_us: int) -> None:
        """Take a free pair out of use for a while: something arrived on it not long ago.

        That of a call which is up stays with the call.
        """
        if self.take_here(pair):
            self.give_back([pair], now_us)

    def _wake(self, now_us: int) -> None:
        while self._resting and self._resting[0][0] <= now_us:
            _, pair = self._resting.popleft()
            self._free[pair % self._workers][pair] = None
