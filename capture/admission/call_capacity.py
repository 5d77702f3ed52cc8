"""The room that calls share: port pairs, how many may be up, what was measured, who is unheard.

Values and questions about them. Knows nothing of how a call is refused.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from capture.admission.capacity import NO_VACANCY, Vacancy
from capture.admission.port_pool import PortPool
from capture.admission.unacknowledged_calls import UnheardCalls

# A call of two parties: what an INVITE without an offer is offered.
OFFERED_STREAMS: Final = 2


@dataclass(slots=True, kw_only=True)
class CallCapacity:
    """What a node has for its calls."""

    ports: PortPool
    last_arrival_us: Callable[[int], int]  # of a port pair
    max_calls: int
    unheard: UnheardCalls
    vacancy: Vacancy = NO_VACANCY  # as the shell last measured it

    def free_calls(self, live: int, pairs: int) -> int:
        """How many calls more fit beside those that live, by their number and `pairs` for each."""
        return min(self.max_calls - live, self.ports.free() // pairs)

    def is_heard(self, pairs: Iterable[int], since_us: int) -> bool:
        """Has anything come on these pairs since then?"""
        return any(self.last_arrival_us(pair) > since_us for pair in pairs)

    def has_ports(self, now_us: int) -> bool:
        """Has some worker the ports of a call of two parties?"""
        return self.ports.could_take(OFFERED_STREAMS, now_us, self.ports.workers)

    def has_room(self, now_us: int) -> bool:
        """Would a call of two parties be taken?"""
        fits = self.ports.could_take(OFFERED_STREAMS, now_us, self.vacancy.workers)
        return self.vacancy.full is None and fits
