"""What RTCP says of the time before a stream's first packet and behind its last: sent, or not.

Pure. A sender counts its packets from its begin on (RFC 3550 section 6.4.1), and who has sent none
of late sends no count. Knows nothing of frames, nor of who was to speak.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from archive.call.adoption import EdgeBecause, StreamSound
from archive.reading.packets.alignment import Span
from archive.reading.packets.rtp import Column, byes, receiver_reports, sender_reports, unwrap
from archive.reading.packets.skew_steps import MICRO
from archive.reading.packets.sounds import each_of

# A stream changes its source a few times in its life; a flood of sources is no evidence.
MAX_SOURCES: Final = 32
# Packets that are under way while a report is made.
_UNDER_WAY: Final = 2
# A count may be so far off what an edge holds at the stream's packet time.
_NEAR: Final = 0.25
# A packet whose length nobody can tell.
_PACKET_US: Final = 20_000
_NONE: Final = np.zeros(0, np.int64)


class Edges(NamedTuple):
    """Why nothing came before the first packet, and behind the last."""

    before: EdgeBecause
    after: EdgeBecause


class _Said(NamedTuple):
    """A sender had sent so many packets when its report came; then `number` was the highest."""

    at_us: int
    packets: int
    number: int


class _Recent(NamedTuple):
    """The packets that came last, with their extended numbers; `before` them was the highest."""

    before: int = 0
    arrivals_us: Column = _NONE
    numbers: Column = _NONE

    def number_at(self, at_us: int) -> int:
        """The highest number until then."""
        came = self.numbers[self.arrivals_us <= at_us]
        return max(self.before, int(came.max())) if len(came) else self.before


@dataclass(slots=True)
class _Source:
    """Packets and reports of one source.

    `fresh` reports came among the `recent` packets, `waiting` ones behind them.
    """

    first: int = 0
    high: int = 0
    first_us: int | None = None
    last_us: int = 0
    recent: _Recent = field(default_factory=_Recent)
    said: list[_Said] = field(default_factory=list)
    fresh: list[_Said] = field(default_factory=list)
    waiting: list[_Said] = field(default_factory=list)

    def take(self, arrivals_us: Column, sequence: Column) -> None:
        """Packets that follow the last, in the order received."""
        self.count()
        numbers = unwrap(sequence, 16, self.high if self.is_heard else int(sequence[0]))
        if self.first_us is None:
            self.first, self.first_us = int(numbers[0]), int(arrivals_us[0])
            self.high = self.first - 1
        self.recent = _Recent(self.high, arrivals_us, numbers)
        self.high = max(self.high, int(numbers.max()))
        self.last_us = max(self.last_us, int(arrivals_us.max()))
        waiting, self.waiting = self.waiting, []
        for each in waiting:
            self.say(each.at_us, each.packets)

    def say(self, at_us: int, packets: int) -> None:
        """A sender report; the first and the last of each kind are kept."""
        if self.is_heard and at_us <= self.last_us:
            self.fresh = _ends([*self.fresh, _Said(at_us, packets, self.high)])
        else:
            self.waiting = _ends([*self.waiting, _Said(at_us, packets, self.high)])

    def count(self) -> None:
        """Of reports among packets: which number was the highest when they came."""
        fresh, self.fresh = self.fresh, []
        counted = (each._replace(number=self.recent.number_at(each.at_us)) for each in fresh)
        self.said = _ends([*self.said, *counted])

    @property
    def is_heard(self) -> bool:
        """Whether any packet of it came."""
        return self.first_us is not None


def _ends(said: list[_Said]) -> list[_Said]:
    return [said[0], said[-1]] if len(said) > 1 else said


class EdgeReports:
    """Of one stream, while its packets and reports pass."""

    def __init__(self) -> None:
        self._sources: dict[int, _Source] = {}
        # When who sends no count said so, and who said that he leaves.
        self._receives: dict[int, list[int]] = {}
        self._left: dict[int, int] = {}

    def feed(self, ssrc: Column, arrivals_us: Column, sequence: Column) -> None:
        """Take packets in the order received; arrays of shape (n,)."""
        if not len(ssrc):
            return
        for each, own in each_of(ssrc):
            source = self._source(each)
            if source is not None:
                source.take(arrivals_us[own], sequence[own])

    def hear(self, arrival_us: int, datagram: bytes) -> None:
        """Take a compound packet of RTCP, opened."""
        for report in sender_reports(datagram):
            source = self._source(report.ssrc)
            if source is not None:
                source.say(arrival_us, report.packets)
        for ssrc in receiver_reports(datagram):
            if ssrc in self._receives or len(self._receives) < MAX_SOURCES:
                heard = self._receives.setdefault(ssrc, [])
                heard[1:] = [arrival_us]
        for ssrc in byes(datagram):
            if ssrc in self._left or len(self._left) < MAX_SOURCES:
                self._left[ssrc] = arrival_us

    def _source(self, ssrc: int) -> _Source | None:
        if ssrc not in self._sources and len(self._sources) == MAX_SOURCES:
            return None
        return self._sources.setdefault(ssrc, _Source())

    def told(
        self, stream: int, spans: Iterable[Span], added_us: int, *, is_open: bool
    ) -> Sequence[StreamSound]:
        """What is known, if anything: the stream was there from `added_us` on.

        On one that `is_open` to anybody reports count only from who is heard.
        """
        packet_us = max((s.longest_bytes * MICRO // s.clock_rate_hz for s in spans), default=0)
        heard = [each for each in self._sources.values() if each.is_heard]
        for each in heard:
            each.count()
        if not heard:
            why: EdgeBecause = "" if is_open else self._why_none()
            edges = Edges(why, why)
        else:
            first = min(heard, key=lambda each: each.first_us or 0)
            last = max(heard, key=lambda each: each.last_us)
            packet_us = packet_us or _PACKET_US
            edges = Edges(_before(first, added_us, packet_us), self._after(last, packet_us))
        return [StreamSound(stream, "", (), *edges)] if any(edges) else []

    def _why_none(self) -> EdgeBecause:
        """No packet came at all: who counts some has sent them."""
        counts = [each.packets for own in self._sources.values() for each in own.waiting]
        if any(counts):
            return "lost"
        return "not_sent" if counts or self._receives or self._left else ""

    def _after(self, source: _Source, packet_us: int) -> EdgeBecause:
        if source.waiting:
            return _behind(source, source.waiting[-1], packet_us)
        (ssrc,) = (number for number, each in self._sources.items() if each is source)
        receives = self._receives.get(ssrc, [])
        # Who sends no count while it sends does so at all times.
        is_odd = any((source.first_us or 0) < each <= source.last_us for each in receives)
        has_stopped = bool(receives) and receives[-1] > source.last_us and not is_odd
        has_left = self._left.get(ssrc, 0) > source.last_us
        return "not_sent" if has_stopped or has_left else ""


def _before(source: _Source, added_us: int, packet_us: int) -> EdgeBecause:
    """By the first count: how many more were sent than had come by then."""
    said = [*source.said, *source.waiting]
    if not said or source.first_us is None:
        return ""
    more = said[0].packets - (max(said[0].number, source.first - 1) - source.first + 1)
    if more <= _UNDER_WAY:
        return "not_sent"
    held = (source.first_us - added_us) / packet_us
    return "lost" if abs(more - held) <= _NEAR * held else ""


def _behind(source: _Source, last: _Said, packet_us: int) -> EdgeBecause:
    """By a count behind the last packet, against one before it, or all that came."""
    known = source.said[-1] if source.said else None
    sent = last.packets if known is None else last.packets - known.packets
    came = source.high - (source.first - 1 if known is None else known.number)
    if sent - came <= _UNDER_WAY:
        return "not_sent"
    held = (last.at_us - source.last_us) / packet_us
    return "lost" if known is not None and sent - came >= held / 2 else ""
