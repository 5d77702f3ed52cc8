"""Calls that we have answered and of which nothing has come since, no ACK and no packet, by source.

Who sends INVITEs and never listens (UDP lets him forge where from) takes this much room and no
more. Pure. Knows no SIP but the names of dialogs.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from capture.peers.sources import Source
from capture.sip.flow import Flow
from capture.sip.identity import DialogId

# As many as a source answers in so long are always under way where a network is slow.
OWN_RATE_S: Final = 2
RATE_OVER_S: Final = 60
_SLOT_S: Final = 5
# Our 2xx has gone out three times by then (RFC 3261 §13.3.1.4). Longer than `OWN_RATE_S`, or what a
# flood is answered would raise its own bound.
PATIENCE_S: Final = 3.0
# Of each source, each time (twice a second): ending calls takes time that others wait for.
GIVEN_UP_AT_ONCE: Final = 4


@dataclass(slots=True)
class _Answered:
    """One source: its calls that are unheard of, oldest first, and what it was answered of late."""

    unheard: dict[DialogId, float] = field(default_factory=dict)
    slots: deque[list[int]] = field(default_factory=deque)

    def count(self, at_s: float) -> None:
        slot = int(at_s) // _SLOT_S
        if not self.slots or self.slots[-1][0] != slot:
            self.slots.append([slot, 0])
        self.slots[-1][1] += 1

    def rate(self, now_s: float) -> float:
        """Calls answered a second, over the last minute."""
        first = (int(now_s) - RATE_OVER_S) // _SLOT_S
        while self.slots and self.slots[0][0] <= first:
            self.slots.popleft()
        return sum(count for _, count in self.slots) / RATE_OVER_S


class UnheardCalls:
    """`source_of` names who is at the other end of a flow; each step costs the same at any size."""

    def __init__(self, source_of: Callable[[Flow], str]) -> None:
        self._source_of = source_of
        self._of: dict[str, _Answered] = {}
        self._whose: dict[DialogId, str] = {}

    def __iter__(self) -> Iterator[tuple[DialogId, float]]:
        """Each, and when it was answered."""
        found = ([*each.unheard.items()] for each in self._of.values())
        return (each for listed in found for each in listed)

    def answered(self, dialog: DialogId, flow: Flow, at_s: float) -> None:
        """A call has its 2xx."""
        name = self._source_of(flow)
        known = self._of.setdefault(name, _Answered())
        known.unheard[dialog] = at_s
        known.count(at_s)
        self._whose[dialog] = name

    def heard(self, dialog: DialogId) -> None:
        """Something came of it, or it is over; saying so twice changes nothing."""
        if (name := self._whose.pop(dialog, None)) is not None:
            self._of[name].unheard.pop(dialog, None)

    def is_full(self, source: Source, now_s: float) -> bool:
        """Has this source as many as it may?"""
        known = self._of.get(source.name)
        return known is not None and self._is_full(known, source, now_s)

    def given_up(self, sources: Callable[[str], Source], now_s: float) -> list[DialogId]:
        """Some that need wait no longer, the oldest, where their source has no room for others."""
        found: list[DialogId] = []
        for name, known in self._of.items():
            if self._is_full(known, sources(name), now_s):
                oldest = islice(known.unheard.items(), GIVEN_UP_AT_ONCE)
                found += [dialog for dialog, at_s in oldest if now_s - at_s >= PATIENCE_S]
        return found

    def _is_full(self, known: _Answered, source: Source, now_s: float) -> bool:
        count = len(known.unheard)
        if count < source.unacknowledged_calls:
            return False
        return count >= OWN_RATE_S * known.rate(now_s)
