"""A server with one thread and a queue by rank, for the law of admission to be tried on."""

import random
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Final

from capture.admission.admission_rate import AdmissionRate

# A call costs 6 ms, its INVITE two thirds of it; a refusal a tenth of a millisecond.
INVITE_S: Final = 0.004
ANSWER_S: Final = 0.001
BYE_S: Final = 0.001
REFUSAL_S: Final = 0.0001
CARRIED_PER_S: Final = 1 / (INVITE_S + ANSWER_S + BYE_S)
_RING_S: Final = 0.02
_TALK_S: Final = 2.0


@dataclass(slots=True)
class Fates:
    """When INVITEs were taken, how many were refused by source, how long first answers took."""

    taken_s: list[float] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    first_answers_s: list[tuple[float, float]] = field(default_factory=list)

    def per_second(self, first: int, last: int) -> list[int]:
        """How many were taken in each of these seconds."""
        return [sum(at <= each < at + 1 for each in self.taken_s) for at in range(first, last)]

    def p99_s(self, since_s: float) -> float:
        """The first answer that 99 of 100 did not wait longer for, of those that came since."""
        waited = sorted(each for at_s, each in self.first_answers_s if at_s >= since_s)
        return waited[int(0.99 * len(waited))]


def arrivals(per_s: dict[str, float], seconds: float, seed: int = 1) -> list[tuple[float, str]]:
    """INVITEs of each source at its rate, as telephones have them: none knows of the other."""
    numbers, found = random.Random(seed), list[tuple[float, str]]()  # noqa: S311 - no secret
    for source, rate in per_s.items():
        at_s = numbers.expovariate(rate)
        while at_s < seconds:
            found.append((at_s, source))
            at_s += numbers.expovariate(rate)
    return sorted(found)


@dataclass(slots=True)
class ServerModel:
    """The server: what is due of its calls comes first, then the INVITEs of each source in turn."""

    rate: AdmissionRate = field(default_factory=lambda: AdmissionRate.begun(-10.0))
    now_s: float = 0.0
    fates: Fates = field(default_factory=Fates)
    waiting: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    due: list[tuple[float, float]] = field(default_factory=list)

    def take(self, came: list[tuple[float, str]]) -> None:
        """Read what has come."""
        oldest_s = min((at_s for at_s, _ in came), default=self.now_s)
        self.rate = self.rate.turned(self.now_s, oldest_s)
        for at_s, source in came:
            self.rate, is_taken = self.rate.arrived(source, self.now_s)
            if is_taken:
                self.waiting[source].append(at_s)
            else:
                self.refuse(source, at_s)

    def refuse(self, source: str, arrived_s: float) -> None:
        """Say 503."""
        self.fates.refused[source] += 1
        self.now_s += REFUSAL_S
        self.fates.first_answers_s.append((arrived_s, self.now_s - arrived_s))

    def set_up(self, source: str) -> None:
        """Take the turn of one source."""
        arrived_s = self.waiting[source].popleft()
        self.waiting[source] = self.waiting.pop(source)  # the next turn is another source's
        self.rate, is_taken = self.rate.begun_with(source, arrived_s, self.now_s)
        if not is_taken:
            self.refuse(source, arrived_s)
            return
        self.fates.taken_s.append(self.now_s)
        self.now_s += INVITE_S
        self.fates.first_answers_s.append((arrived_s, self.now_s - arrived_s))
        self.due += [(self.now_s + _RING_S, ANSWER_S), (self.now_s + _TALK_S, BYE_S)]

    def turn(self, next_s: float) -> None:
        """Do the most urgent thing that there is, or sleep until something comes."""
        ready = [each for each in self.due if each[0] <= self.now_s]
        if ready:
            self.due = [each for each in self.due if each[0] > self.now_s]
            self.now_s += sum(cost_s for _, cost_s in ready)
        elif source := next((each for each in self.waiting if self.waiting[each]), ""):
            self.set_up(source)
        else:
            self.now_s = min([next_s, *(at_s for at_s, _ in self.due)])


def served(coming: list[tuple[float, str]], pause: tuple[float, float] = (-1.0, -1.0)) -> Fates:
    """What becomes of them; nothing runs from the beginning of the pause to its end."""
    server, ahead = ServerModel(), deque(coming)
    while ahead or any(server.waiting.values()):
        came = []
        while ahead and ahead[0][0] <= server.now_s:
            came.append(ahead.popleft())
        server.take(came)
        server.turn(ahead[0][0] if ahead else server.now_s)
        if pause[0] <= server.now_s < pause[1]:
            server.now_s = pause[1]
    return server.fates
