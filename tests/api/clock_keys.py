"""A key daemon in memory, as far as it is asked of the clock."""

from dataclasses import dataclass, field

from archive.errors import KeyUnavailable
from archive.keys.clock_watch import ClockFacts, Doubt, KernelWord
from tests.archive.catalog.examples import MINUTE_US, NOW_US

SURE = ClockFacts(kernel=KernelWord.SYNCHRONISED, life_us=NOW_US - 60 * MINUTE_US)
# Ten days off, and a kernel that does not know the time.
PAUSED = ClockFacts(
    doubt=Doubt.PAUSE,
    kernel=KernelWord.UNSYNCHRONISED,
    since_us=NOW_US - 20 * MINUTE_US,
    life_us=NOW_US - 10 * 24 * 60 * MINUTE_US,
)


@dataclass
class MemoryClockKeys:
    """In doubt, or not, until a person has said a word; `away`: it cannot be reached."""

    facts: ClockFacts = SURE
    words: list[int] = field(default_factory=list)
    away: bool = False

    def clock_facts(self) -> ClockFacts:
        if self.away:
            raise KeyUnavailable("it does not answer")
        return self.facts

    def confirm_clock(self) -> bool:
        self.words.append(1)
        self.facts = SURE
        return True
