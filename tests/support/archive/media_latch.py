"""What tests of media latch share."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st

from archive.format.media_latch import Latch, Place, Sender, Verdict
from archive.format.packets import Source

PTIME_US: Final = 20_000


SECOND: Final = 50


PARTY: Final = "192.0.2.1"


OTHER: Final = "198.51.100.7"


def sender(host: str = PARTY, port: int = 4000, ssrc: int = 1) -> Sender:
    return Sender(Source(Place.of(host, port).address, port), ssrc)


@dataclass(frozen=True, slots=True, order=True)
class Sent:
    """A packet and when it arrives."""

    at_us: int
    by: Sender


def talk(by: Sender, *, begin_us: int = 0, packets: int = SECOND) -> list[Sent]:
    """A phone that talks: a packet every 20 ms."""
    return [Sent(begin_us + n * PTIME_US, by) for n in range(packets)]


def heard(latch: Latch, sent: Iterable[Sent]) -> tuple[Latch, list[Sent]]:
    """What a listener hears of it, in order of arrival: the packets judged so, and looked back."""
    kept: list[Sent] = []
    undecided: list[tuple[int, Sent]] = []
    for key, each in enumerate(sorted(sent)):
        latch, verdict = latch.hear(each.by, key, each.at_us)
        if verdict is Verdict.UNDECIDED:
            undecided.append((key, each))
        if verdict is Verdict.HEARD:
            assert latch.heard is not None
            since = latch.heard.since
            kept += [one for at, one in undecided if one.by == each.by and at >= since]
            kept.append(each)
            undecided.clear()
    return latch, kept


hosts = st.sampled_from([OTHER, "203.0.113.9", "2001:db8::1"])


senders = st.builds(sender, hosts, st.sampled_from([4000, 4001]), st.integers(1, 3))


noises = st.lists(st.builds(Sent, st.integers(0, 6_000_000), senders), max_size=300)
