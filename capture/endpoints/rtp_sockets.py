"""The RTP sockets by pair number, which hear only while a call uses them.

Knows nothing of calls.
"""

from collections.abc import Iterable, Sequence

from capture.holder.kernel import close_filter, open_filter
from capture.holder.server import is_bound


class RtpSockets:
    """The descriptors of all pairs; `shares` are those of each worker, pair after pair."""

    def __init__(self, shares: Sequence[Sequence[int]]) -> None:
        total = sum(len(share) for share in shares)
        # Pair n is entry n // workers of worker n % workers.
        self.descriptors = [shares[n % len(shares)][n // len(shares)] for n in range(total)]

    def __len__(self) -> int:
        return len(self.descriptors)

    def unbound(self) -> list[int]:
        """The pairs whose ports belong to another program."""
        return [pair for pair, each in enumerate(self.descriptors) if not is_bound(each)]

    def open(self, pairs: Iterable[int]) -> None:
        """Let what arrives on these pairs in; raises `OSError`."""
        for pair in pairs:
            open_filter(self.descriptors[pair])

    def close(self, pairs: Iterable[int]) -> None:
        """Let the kernel drop what arrives on these pairs; raises `OSError`."""
        for pair in pairs:
            close_filter(self.descriptors[pair])
