"""Whose packets a worker's streams hear, batch by batch: what to flag, and whom to go on with.

Columns where one sender is heard alone, as nearly always; packet by packet where not, by the rule
of `archive.format.media_latch`. Leaves out nothing of what is written.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.format.media_latch import Latch, Place, Sender, Verdict, host_of
from archive.format.packets import SOURCE, Source
from capture.holder.landing_buffer import LandingRing
from capture.links.recorder_messages import LatchWanted, MediaSender, SenderAside, SenderHeard
from capture.media.batch_receiver import Columns
from capture.media.live import LiveStream
from capture.media.packet_frames import encode_source
from capture.media.rtcp_mux import is_report_type

# Events of a call are counted (`siprec.session.MAX_EVENTS`); a later part that begins with another
# sender than the last waits 2 s for its silence.
MAX_TOLD: Final = 64
# Who is heard is told for the parts that follow, which are many minutes off; most calls that have
# just begun need not be spoken of between two processes.
TOLD_AFTER_US: Final = 10_000_000
_AF_INET: Final = 2
# Address and port of a `sockaddr_in` lie in its first word, of a `sockaddr_in6` in three.
_WORDS: Final = 3
_RTP_HEAD_BYTES: Final = 12
_RTP_VERSION: Final = 2
# Behind every ring sequence.
_NEVER: Final = 1 << 62
Flags = NDArray[np.bool_]
Said = SenderHeard | SenderAside


@dataclass(slots=True)
class _Latched:
    """A stream with its latch, how often its sender was told, and whether others were.

    `is_due`: it stands among those whose sender is to be told.
    """

    live: LiveStream
    latch: Latch
    told: int = 0
    is_due: bool = False
    crowd_is_told: bool = False

    def heard(self) -> SenderHeard | None:
        if self.latch.heard is None:
            return None
        wanted, recording = self.live.wanted, self.live.recording.recording.raw
        sender = _named(self.latch.heard.sender)
        return SenderHeard(recording=recording, stream=wanted.stream, sender=sender)


@dataclass(frozen=True, slots=True)
class LatchVerdicts:
    """The packets of a batch that are not heard, None where all are; runs of streams with others.

    `aside` has an entry per packet, `crowded` one per run.
    """

    aside: Flags | None
    crowded: Flags


class SenderLatches:
    """The latches of a worker's streams, by lane."""

    def __init__(self, lanes: int) -> None:
        self._streams: dict[int, _Latched] = {}
        self._watched = np.zeros(lanes, bool)
        self._settled = np.zeros(lanes, bool)
        self._names = np.zeros((lanes, _WORDS), np.uint64)
        self._ssrcs = np.zeros(lanes, np.uint32)
        self._last_us = np.zeros(lanes, np.int64)
        self._said: list[Said] = []
        self._due: deque[tuple[int, _Latched]] = deque()

    def watch(self, stream: LiveStream) -> None:
        """Judge this stream's packets from now on, by what is wanted of it now."""
        pair, wanted = stream.wanted.pair, stream.wanted.latch
        if wanted is None:
            self.unwatch(stream)
            return
        known = self._streams.get(pair)
        if known is None or known.live is not stream:
            self._streams[pair] = _Latched(stream, _begun(wanted))
            self._names[pair] = 0
        else:
            place = Place.of(wanted.address, wanted.port)
            known.latch = self._up_to_now(known).describe(wanted.rule, place)
        self._watched[pair], self._settled[pair] = True, False

    def unwatch(self, stream: LiveStream) -> None:
        """Its packets are judged no more."""
        self._streams.pop(stream.wanted.pair, None)
        self._watched[stream.wanted.pair] = False

    def take_said(self, now_us: int) -> list[Said]:
        """What signalling is to know, since the last call; `now_us` on the clock never set."""
        said, self._said = self._said, []
        while self._due and self._due[0][0] <= now_us:
            known = self._due.popleft()[1]
            known.is_due = False
            heard = known.heard()
            if heard is not None and self._streams.get(known.live.wanted.pair) is known:
                known.told += 1
                said.append(heard)
        return said

    def everything(self) -> list[Said]:
        """Whom each stream hears, for a signalling that has not heard it."""
        return [said for each in self._streams.values() if (said := each.heard()) is not None]

    def judge(
        self,
        ring: LandingRing,
        columns: Columns,
        streams: list[LiveStream],
        clock_offset_us: int,
    ) -> LatchVerdicts:
        """Judge runs of RTP; each of `streams` has one."""
        crowded = np.zeros(len(streams), bool)
        if not self._streams or not streams:
            return LatchVerdicts(None, crowded)
        pairs = np.array([stream.wanted.pair for stream in streams], np.int64)
        odd = self._watched[pairs] & ~self._alone(ring, columns, pairs)
        ends = columns.starts[: len(pairs)] + columns.counts[: len(pairs)] - 1
        last_us = columns.arrivals_us[ends] - clock_offset_us
        if not odd.any():
            self._last_us[pairs] = last_us
            return LatchVerdicts(None, crowded)
        self._last_us[pairs[~odd]] = last_us[~odd]
        aside = np.zeros(len(columns.ssrcs), bool)
        for run in np.flatnonzero(odd).tolist():
            known = self._streams[int(pairs[run])]
            if known.live is streams[run]:  # not of a stream that was cut off here
                one = _Run(ring, columns, run, clock_offset_us)
                crowded[run] = self._follow(known, one, aside)
        return LatchVerdicts(aside if aside.any() else None, crowded)

    def _alone(self, ring: LandingRing, columns: Columns, pairs: NDArray[np.int64]) -> Flags:
        """Runs all of whose packets are of who is heard, of streams where nothing is open."""
        starts, counts = columns.starts[: len(pairs)], columns.counts[: len(pairs)]
        total = int(starts[-1] + counts[-1])
        first = columns.runs[0].first
        names = ring.name_words[first : first + total]
        own = columns.ssrcs[:total] == np.repeat(self._ssrcs[pairs], counts)
        words = 1 if names[0, 0] & 0xFFFF == _AF_INET else _WORDS
        for word in range(words):
            own &= names[:, word] == np.repeat(self._names[pairs, word], counts)
        alone: Flags = np.logical_and.reduceat(own, starts)
        alone &= self._settled[pairs]
        return alone

    def _follow(self, known: _Latched, run: "_Run", aside: Flags) -> bool:
        """Take a latch through a run; whether others send there."""
        pair, before = known.live.wanted.pair, self._up_to_now(known)
        latch, at = before, run.first
        unheard: list[tuple[int, Sender]] = []
        while at < run.stop:
            if latch.is_settled:
                end = run.alone_until(at, self._names[pair], int(self._ssrcs[pair]))
                if end > at:
                    latch, at = latch.kept(run.arrived_us(end - 1), end - at), end
                    continue
            if run.is_media(at):
                sender = run.sender(at)
                latch, verdict = latch.hear(sender, run.key(at), run.arrived_us(at))
                if verdict is Verdict.HEARD:
                    self._names[pair], self._ssrcs[pair] = run.name(at), sender.ssrc
                else:
                    unheard.append((at, sender))
            at += 1
        known_from = {each.sender: each.since for each in (latch.heard, *latch.candidates) if each}
        for place, sender in unheard:
            aside[place] = run.key(place) < known_from.get(sender, _NEVER)
        known.latch = latch
        self._settled[pair] = latch.is_settled
        self._last_us[pair] = 0 if latch.heard is None else latch.heard.last_us
        self._tell(known, before)
        is_crowded = latch.is_crowded and latch.aside_us != before.aside_us
        if is_crowded and unheard:
            self._tell_aside(known, unheard[-1][1])
        return is_crowded

    def _up_to_now(self, known: _Latched) -> Latch:
        """The latch with the time at which who is heard was heard last."""
        pair = known.live.wanted.pair
        if not self._settled[pair]:
            return known.latch
        return known.latch.kept(int(self._last_us[pair]), 0)

    def _tell(self, known: _Latched, before: Latch) -> None:
        """Note that whom a stream has come to hear is to be told."""
        heard, former = known.latch.heard, before.heard
        if heard is None or (former is not None and heard.sender == former.sender):
            return
        if not known.is_due and known.told < MAX_TOLD:
            known.is_due = True
            self._due.append((heard.last_us + TOLD_AFTER_US, known))

    def _tell_aside(self, known: _Latched, sender: Sender) -> None:
        """Say once that another sends beside."""
        if known.crowd_is_told:
            return
        known.crowd_is_told = True
        recording, stream = known.live.recording.recording.raw, known.live.wanted.stream
        self._said.append(SenderAside(recording=recording, stream=stream, sender=_named(sender)))


@dataclass(frozen=True, slots=True)
class _Run:
    """One stream's packets of a batch, by their places in its columns."""

    ring: LandingRing
    columns: Columns
    number: int
    clock_offset_us: int

    @property
    def first(self) -> int:
        return int(self.columns.starts[self.number])

    @property
    def stop(self) -> int:
        return self.first + int(self.columns.counts[self.number])

    def slot(self, at: int) -> int:
        return self.columns.runs[0].first + at

    def key(self, at: int) -> int:
        return self.ring.base + self.slot(at)

    def arrived_us(self, at: int) -> int:
        """When it came, on the clock that is never set."""
        return int(self.columns.arrivals_us[at]) - self.clock_offset_us

    def name(self, at: int) -> NDArray[np.uint64]:
        return self.ring.name_words[self.slot(at), :_WORDS].astype(np.uint64)

    def ssrc(self, at: int) -> int:
        return int(self.columns.ssrcs[at])

    def sender(self, at: int) -> Sender:
        entry = SOURCE.unpack(encode_source(self.ring.names[self.slot(at)].tobytes()))
        return Sender(Source(entry[0], entry[1]), self.ssrc(at))

    def is_media(self, at: int) -> bool:
        """Whether it is RTP by its version, length and type (RFC 5761 §4)."""
        first, second = self.ring.small[self.slot(at), :2].tolist()
        is_long = int(self.columns.lengths[at]) >= _RTP_HEAD_BYTES
        return is_long and first >> 6 == _RTP_VERSION and not is_report_type(second)

    def alone_until(self, at: int, name: NDArray[np.uint64], ssrc: int) -> int:
        """The first place from `at` on that is of another sender."""
        rows = slice(self.slot(at), self.slot(self.stop))
        names = self.ring.name_words[rows, :_WORDS]
        words = 1 if names[0, 0] & 0xFFFF == _AF_INET else _WORDS
        own = self.columns.ssrcs[at : self.stop] == ssrc
        own &= (names[:, :words] == name[:words]).all(axis=1)
        others = np.flatnonzero(~own)
        return at + int(others[0]) if others.size else self.stop


def _begun(wanted: LatchWanted) -> Latch:
    """A latch that goes on where a predecessor's left off."""
    place = Place.of(wanted.address, wanted.port)
    if wanted.heard is None:
        return Latch(wanted.rule, place)
    source = Source(Place.of(wanted.heard.address, 0).address, wanted.heard.port)
    return Latch.taken_over(wanted.rule, place, Sender(source, wanted.heard.ssrc))


def _named(sender: Sender) -> MediaSender:
    return MediaSender(host_of(sender.source.address), sender.source.port, sender.ssrc)
