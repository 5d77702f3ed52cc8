"""The other calls of the same party near a candidate: who calls once calls again.

Pure. Knows nothing of numbers: which calls are of one party is handed in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from archive.ids import ConversationId

# As long as a matter usually goes on; the rule of call-backs has it too.
BURST_US: Final = 4 * 86_400_000_000
# The nearest are told; of the others how many there are.
MAX_BESIDE: Final = 20


@dataclass(frozen=True, slots=True, order=True)
class PartyCall:
    """A conversation of the party, and when it began (UTC µs)."""

    begin_us: int
    conversation: ConversationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """The nearest other calls, oldest first, and how many more there are."""

    calls: tuple[PartyCall, ...]
    others: int


def burst_of(own: PartyCall, party: Iterable[PartyCall]) -> Burst:
    """Of all calls of its party, each conversation once; of a withheld number there is none."""
    near = {
        each.conversation: each
        for each in sorted(party, reverse=True)
        if each.conversation != own.conversation and _away(own, each) <= BURST_US
    }
    found = sorted(near.values(), key=lambda each: (_away(own, each), each))
    return Burst(calls=tuple(sorted(found[:MAX_BESIDE])), others=len(found[MAX_BESIDE:]))


def _away(one: PartyCall, other: PartyCall) -> int:
    return abs(other.begin_us - one.begin_us)
