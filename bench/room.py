"""How many calls of two streams this host lets one recorder hold at all, and what sets the bound.

Pure arithmetic over figures that it is handed. Knows nothing of speed.
"""

from dataclasses import dataclass
from typing import Final

PAIRS_PER_CALL: Final = 2
# RTP and RTCP of a pair are a descriptor and a port each.
PER_PAIR: Final = 2
# What the recorder's holder keeps for everything but media.
HOLDERS_OWN: Final = 256


@dataclass(frozen=True, slots=True)
class Bound:
    """One resource and the calls that it has room for; `told` is for people."""

    name: str
    calls: int
    told: str


def by_descriptors(limit: int) -> Bound:
    """`limit` is RLIMIT_NOFILE of the process that holds all media sockets."""
    calls = max(0, limit - HOLDERS_OWN) // (PAIRS_PER_CALL * PER_PAIR)
    told = (
        f"RLIMIT_NOFILE of {limit:,}: {PAIRS_PER_CALL * PER_PAIR} descriptors a call "
        f"and {HOLDERS_OWN} of its own for one process that holds all media sockets"
    )
    return Bound("descriptors", calls, told)


def by_ports(first: int, last: int) -> Bound:
    """`first` and `last` are the first and last RTP port of the range."""
    calls = ((last - first) // PER_PAIR + 1) // PAIRS_PER_CALL
    told = f"ports {first:,} to {last + 1:,}: {PAIRS_PER_CALL * PER_PAIR} a call"
    return Bound("ports", calls, told)


def tightest(*bounds: Bound) -> Bound:
    """The one with room for the fewest calls."""
    return min(bounds, key=lambda bound: bound.calls)


def capped(asked: list[int], bound: Bound) -> list[int]:
    """What can be tried of the numbers asked for: the bound stands for all above it."""
    return sorted({min(calls, bound.calls) for calls in asked})
