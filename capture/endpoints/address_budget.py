"""How often an address may have something done: so many at once, then so many a second.

Pure: time is an argument. Knows nothing of what is asked for.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

# Addresses that are remembered; the one that asked longest ago is forgotten, with what it owes.
MAX_ADDRESSES: Final = 4096


@dataclass(slots=True)
class AddressBudget:
    """Allows each address `burst` at once and `per_s` a second from then on (a token bucket)."""

    burst: int
    per_s: float
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, address: str, now_s: float) -> bool:
        """Spend one; return whether there was one to spend."""
        left, since_s = self._left.pop(address, (float(self.burst), now_s))
        left = min(float(self.burst), left + (now_s - since_s) * self.per_s)
        is_allowed = left >= 1
        self._left[address] = (left - 1 if is_allowed else left, now_s)
        if len(self._left) > MAX_ADDRESSES:
            self._left.popitem(last=False)
        return is_allowed
