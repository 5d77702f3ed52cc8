"""Which packet indices have been used, so that none is used twice (RFC 3711 §3.3.1, §3.3.2).

Kept as the few that were passed over and may still come: a packet in its turn costs a comparison.
Pure. Knows nothing of keys or packets.
"""

from typing import Final

# RFC 3711 §3.3.2: at least 64; a burst after a relay was replaced is longer.
REPLAY_PACKETS: Final = 256
SEQUENCES: Final = 1 << 16
_SEQUENCE: Final = SEQUENCES - 1
_HALF: Final = SEQUENCES // 2


class SkippedIndices:
    """The indices among the latest that were left out, and may still come, each of them once."""

    __slots__ = ("_indices",)

    def __init__(self) -> None:
        self._indices: set[int] = set()

    def leave_out(self, first: int, stop: int) -> None:
        """Those from `first` to before `stop`, with which it goes on, have not come."""
        oldest = max(0, stop - REPLAY_PACKETS)
        self._indices = {each for each in self._indices if each >= oldest}
        self._indices.update(range(max(oldest, first), stop))

    def comes(self, index: int) -> bool:
        """One of them comes; False where it is none of them, or was there before."""
        if index not in self._indices:
            return False
        self._indices.remove(index)
        return True


class HeardIndices:
    """The indices of one SSRC under one key, from `first` on and a few before it."""

    __slots__ = ("_passed_over", "highest")

    def __init__(self, first: int) -> None:
        self.highest, self._passed_over = first - 1, SkippedIndices()
        self._passed_over.leave_out(0, first)

    def guess(self, sequence: int) -> int:
        """The index of a packet with this sequence number; below 0: of none."""
        behind = (sequence - self.highest) & _SEQUENCE
        return self.highest + (behind if behind < _HALF else behind - SEQUENCES)

    def is_new(self, index: int) -> bool:
        """Note an index that is proved; whether it had not come before."""
        following = self.highest + 1
        if index < following:
            return index > self.highest - REPLAY_PACKETS and self._passed_over.comes(index)
        if index > following:
            self._passed_over.leave_out(following, index)
        self.highest = index
        return True
