"""Where the packets of a stream lie on wall time: spans of one source, each with an anchor.

Pure numpy. Knows nothing of frames, files, codecs or lanes; times are µs since 1970 UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import msgspec
import numpy as np

from archive.reading.packets.anchor_clock import AnchorSource, Fit, Said, line_through
from archive.reading.packets.rtp import Column, Mask, SenderReport, SourceName, distance, unwrap
from archive.reading.packets.sequence_numbers import Numbered, NumberGaps
from archive.reading.packets.skew import Envelope, Line, line_below
from archive.reading.packets.skew_steps import MICRO, Elapsed, correction_us

# A sender that restarts its timestamps is further off than any queue on the way holds a packet.
JUMP_US: Final = 2_000_000
# A wrong clock rate drifts without a jump; so far and no further does one anchor carry.
DRIFT_US: Final = 30_000_000
# RFC 3550 appendix A.1 (MAX_DROPOUT): a packet further behind comes from a restarted sender.
MAX_BEHIND: Final = 3_000
# A stream changes its source a few times in its life; thousands are an attack on memory.
MAX_SPANS: Final = 1_024
# How many unique sequence numbers are remembered to tell a duplicate from a late packet.
RECENT: Final = 1_024
UNPLACED: Final = -1
# The clock of a packet of which nobody tells it: such a one lies where it came, on a clock of ours.
UNTOLD_HZ: Final = 0
_OWN_HZ: Final = 8_000
# What is left of a difference one packet later, and what no longer changes a µs of any.
_FADE: Final = 15 / 16
_FADED: Final = 1e-18


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of one source whose timestamps run on without a jump.

    `key` names its first packet (see `blocks.packet_keys`); `anchor_us` is the wall time of
    `first_timestamp`; `first_ticks` and `last_ticks` bound its packets' timestamps, counted from
    there, `end_ticks` their payloads. Every packet arrived from `early_us` to `late_us` after its
    place. `longest_bytes` is the longest payload in ticks (of G.711 a byte each), `first_sequence`
    and `last_sequence` are the lowest and the highest sequence number (16 bits). `skew_ppb` is how
    much longer than told its seconds last, `uncertainty_us` how far off a place may be; 0 where
    nothing can be said.
    """

    ssrc: int
    key: int
    clock_rate_hz: int
    first_timestamp: int
    first_ticks: int
    last_ticks: int
    end_ticks: int
    anchor_us: int
    source: AnchorSource
    early_us: int
    late_us: int
    longest_bytes: int
    first_sequence: int = 0
    last_sequence: int = 0
    skew_ppb: int = 0
    uncertainty_us: int = 0

    def us_at(self, ticks: int) -> int:
        """Wall time of a timestamp that lies `ticks` after the first."""
        return self.anchor_us + ticks * MICRO // self.clock_rate_hz + self.correction_us(ticks)

    def correction_us(self, ticks: Elapsed) -> Elapsed:
        """How much later than its timestamp says a packet lies, in whole steps."""
        return correction_us(ticks * MICRO // self.clock_rate_hz, self.skew_ppb)


class StreamCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the packets of a stream; jitter as RFC 3550 section 6.4.1, in µs."""

    packets: int = 0
    lost: int = 0
    reordered: int = 0
    duplicates: int = 0
    unplaced: int = 0
    jitter_us: int = 0
    max_jitter_us: int = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """Packets of one source in the order received, one array entry each, shape (n,).

    `trusted` is false where the clock stepped while the packet was on its way to us,
    `clock_rates` are in Hz or `UNTOLD_HZ`, `payload_lengths` in ticks, `silent` ones hold digits or
    the noise of a pause.
    """

    keys: Column
    arrivals_us: Column
    trusted: Mask
    sequence: Column
    timestamp: Column
    clock_rates: Column
    payload_lengths: Column
    silent: Mask

    def __len__(self) -> int:
        return len(self.keys)

    def pick(self, which: Mask | Column | slice) -> "Rows":
        """The rows that a mask, an index or a slice names."""
        return Rows(
            self.keys[which],
            self.arrivals_us[which],
            self.trusted[which],
            self.sequence[which],
            self.timestamp[which],
            self.clock_rates[which],
            self.payload_lengths[which],
            self.silent[which],
        )

    def numbered(self, sequence: Column, ticks: Column) -> Numbered:
        ends = ticks + self.payload_lengths
        return Numbered(sequence, ticks, ends, self.arrivals_us, self.keys, ~self.silent)


@dataclass(frozen=True, slots=True)
class TimedReport:
    """A sender report and when it arrived."""

    arrival_us: int
    report: SenderReport


class Track:
    """A span that still grows."""

    def __init__(self, ssrc: int, first: Rows) -> None:
        self.ssrc = ssrc
        self.key = int(first.keys[0])
        self.rate = int(first.clock_rates[0]) or _OWN_HZ
        self._is_told = bool(first.clock_rates[0] != UNTOLD_HZ)
        self.first_timestamp = int(first.timestamp[0])
        self._sequence = self._highest = self._lowest = int(first.sequence[0])
        self._timestamp = self.first_timestamp
        self._stamped_us = self._drift = self._first_drift = int(first.arrivals_us[0])
        self.drift_range = (self._drift, self._drift)
        self.tick_range = (0, 0)
        self.longest = self.end_ticks = 0
        self.first_arrival = self.last_arrival = int(first.arrivals_us[0])
        self._envelope = Envelope(self.rate)
        self.numbers = NumberGaps(self.rate)
        self._packets = self._behind = self._duplicates = 0
        self._recent = np.empty(0, np.int64)
        self._jitter = self._max_jitter = 0.0

    def take(self, rows: Rows) -> Column:
        """Take rows until the span breaks: ticks of those taken, counted from the first timestamp.

        A packet behind the highest one, or of an untrusted arrival, never breaks a span. Nor do
        digits on a clock of their own (8 kHz beside Opus), which lie where the packet before them
        does, or a packet whose clock nobody tells: that lies as much later as it came.
        """
        untold = rows.clock_rates == UNTOLD_HZ
        aside = untold | (rows.silent & (rows.clock_rates != self.rate))
        rows = replace(rows, trusted=rows.trusted & ~(aside & (self._is_told | ~untold)))
        sequence = unwrap(rows.sequence, 16, self._sequence)
        timestamp = self._stamps(rows, aside, untold)
        ticks = timestamp - self.first_timestamp
        drift = rows.arrivals_us - ticks * MICRO // self.rate
        highest = np.maximum.accumulate(np.concatenate(([self._highest], sequence)))[:-1]
        on_time = (sequence >= highest) & rows.trusted
        other_clock = (rows.clock_rates != self.rate) & ~aside
        end = self._first_break(other_clock | (sequence - highest < -MAX_BEHIND), on_time, drift)
        if end:
            kept = slice(0, end)
            self._sequence = int(sequence[end - 1])
            if len(stamped := np.flatnonzero(~aside[kept])):
                self._timestamp = int(timestamp[stamped[-1]])
                self._stamped_us = int(rows.arrivals_us[stamped[-1]])
            taken = rows.pick(kept)
            self._count(sequence[kept], highest[kept])
            self.numbers.feed(taken.numbered(sequence[kept], ticks[kept]))
            self._widen(taken, ticks[kept], drift[kept], on_time[kept])
        return ticks[:end]

    def _stamps(self, rows: Rows, aside: Mask, untold: Mask) -> Column:
        """Timestamps as they run on; of those set aside the last one before them, or since that."""
        if not aside.any():
            return unwrap(rows.timestamp, 32, self._timestamp)
        last = np.maximum.accumulate(np.where(aside, -1, np.arange(len(rows))))
        stamps = np.where(last < 0, self._timestamp % (1 << 32), rows.timestamp[last])
        stamped_us = np.where(last < 0, self._stamped_us, rows.arrivals_us[last])
        later = (rows.arrivals_us - stamped_us) * self.rate // MICRO
        return unwrap(stamps, 32, self._timestamp) + np.where(untold, later, 0)

    def _first_break(self, broken: Mask, on_time: Mask, drift: Column) -> int:
        at = np.flatnonzero(on_time)
        steps = np.abs(np.diff(drift[at], prepend=self._drift)) > JUMP_US
        steps |= np.abs(drift[at] - self._first_drift) > DRIFT_US
        broken[at] |= steps
        return int(np.argmax(broken)) if broken.any() else len(broken)

    def _count(self, sequence: Column, highest: Column) -> None:
        self._packets += len(sequence)
        known = np.concatenate((self._recent, sequence))
        unique, first_at = np.unique(known, return_index=True)
        fresh = np.zeros(len(known), np.bool_)
        fresh[first_at] = True
        new = fresh[len(self._recent) :]
        self._duplicates += int(np.count_nonzero(~new))
        self._behind += int(np.count_nonzero(new & (sequence < highest)))
        self._highest = max(self._highest, int(sequence.max()))
        self._lowest = min(self._lowest, int(sequence.min()))
        self._recent = unique[-RECENT:]

    def _widen(self, rows: Rows, ticks: Column, drift: Column, on_time: Mask) -> None:
        self.longest = max(self.longest, int(rows.payload_lengths.max()))
        near = np.abs(drift - self._first_drift) <= DRIFT_US
        heeded, near = near & rows.trusted, near | ~rows.trusted
        trusted = drift[heeded]
        if near.any():
            low, high = self.tick_range
            self.tick_range = min(low, int(ticks[near].min())), max(high, int(ticks[near].max()))
            ends = ticks[near] + rows.payload_lengths[near]
            self.end_ticks = max(self.end_ticks, int(ends.max()))
        if len(trusted):
            low, high = self.drift_range
            self.drift_range = min(low, int(trusted.min())), max(high, int(trusted.max()))
            self.last_arrival = max(self.last_arrival, int(rows.arrivals_us[rows.trusted].max()))
            self._envelope.feed(ticks[heeded], trusted)
        timely = drift[on_time]
        if len(timely):
            self._track_jitter(np.abs(np.diff(timely, prepend=self._drift)))
            self._drift = int(timely[-1])

    def _track_jitter(self, differences: Column) -> None:
        """RFC 3550 section 6.4.1: J = J + (|D| - J) / 16, packet by packet."""
        course = differences / 16
        course[0] += self._jitter * _FADE
        step, fade = 1, _FADE
        while step < len(course) and fade > _FADED:
            course[step:] += fade * course[:-step]
            step, fade = 2 * step, fade * fade
        self._jitter = float(course[-1])
        self._max_jitter = max(self._max_jitter, float(course.max()))

    def fit(self, reports: Iterable[TimedReport], clock: bytes) -> Fit:
        """The lines that the arrivals and the sender's reports draw."""
        buckets = self._envelope.buckets()
        below = line_below(buckets)
        arrived = below if below.skew_ppb else replace(below, offset_us=self.drift_range[0])
        reported = line_through(self._said(reports), arrived, buckets)
        return Fit(buckets, arrived, reported, clock)

    def _said(self, reports: Iterable[TimedReport]) -> Said:
        """The drift that each report tells which came while this span lasted."""
        first, last = self.first_arrival - JUMP_US, self.last_arrival + JUMP_US
        heard = [r.report for r in reports if first <= r.arrival_us <= last]
        own = [report for report in heard if report.ssrc == self.ssrc]
        stamps = np.array([report.rtp_timestamp for report in own], dtype=np.int64)
        ticks = distance(stamps, self.first_timestamp, 32)
        elapsed_us = ticks * MICRO // self.rate
        ntp_us = np.array([report.ntp_us for report in own], dtype=np.int64)
        return Said(elapsed_us, ntp_us - elapsed_us)

    @property
    def sequences(self) -> tuple[int, int]:
        """Lowest and highest sequence number, as packets carry them."""
        return self._lowest % (1 << 16), self._highest % (1 << 16)

    def counts(self) -> StreamCounts:
        """What this span saw so far."""
        expected = self._highest - self._lowest + 1
        return StreamCounts(
            packets=self._packets,
            lost=max(0, expected - (self._packets - self._duplicates)),
            reordered=self._behind,
            duplicates=self._duplicates,
            jitter_us=round(self._jitter),
            max_jitter_us=round(self._max_jitter),
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """For each packet fed: the number of its span (or `UNPLACED`), and its ticks in it."""

    span: Column
    ticks: Column


class StreamAligner:
    """Sorts the packets of one stream into spans as they come; `finish` anchors them."""

    def __init__(self) -> None:
        self._tracks: list[Track] = []
        self._open: dict[int, int] = {}
        self._reports: list[TimedReport] = []
        self._clocks: dict[int, bytes] = {}
        self._unplaced = 0

    def feed(self, ssrc: Column, rows: Rows) -> Placed:
        """Take packets in the order received, of any source; arrays of shape (n,)."""
        placed = Placed(np.full(len(rows), UNPLACED), np.zeros(len(rows), np.int64))
        for source in np.unique(ssrc).tolist():
            at = np.flatnonzero(ssrc == source)
            self._feed_source(source, rows.pick(at), at, placed)
        return placed

    def _feed_source(self, ssrc: int, rows: Rows, at: Column, placed: Placed) -> None:
        done = 0
        while done < len(rows):
            rest = rows.pick(slice(done, None))
            number = self._open.get(ssrc, UNPLACED)
            if number == UNPLACED:
                if len(self._tracks) == MAX_SPANS:
                    self._unplaced += len(rest)
                    return
                number = self._open[ssrc] = len(self._tracks)
                self._tracks.append(Track(ssrc, rest))
            ticks = self._tracks[number].take(rest)
            where = at[done : done + len(ticks)]
            placed.span[where], placed.ticks[where] = number, ticks
            done += len(ticks)
            if done < len(rows):
                del self._open[ssrc]

    @property
    def tracks(self) -> tuple[Track, ...]:
        """All spans, in the order of their numbers."""
        return tuple(self._tracks)

    def hear(self, report: TimedReport) -> None:
        """Keep what a sender says of its clock."""
        if len(self._reports) < MAX_SPANS * 16:
            self._reports.append(report)

    def name(self, source: SourceName) -> None:
        """Keep what a sender calls itself: sources of one name have one clock."""
        if len(self._clocks) < MAX_SPANS or source.ssrc in self._clocks:
            self._clocks[source.ssrc] = source.name

    def fit(self) -> tuple[Fit, ...]:
        """The lines that each span can lie on."""
        clocks = (self._clocks.get(track.ssrc, b"") for track in self._tracks)
        pairs = zip(self._tracks, clocks, strict=True)
        return tuple(track.fit(self._reports, clock) for track, clock in pairs)

    def anchor(self, fits: Iterable[Fit], source: AnchorSource) -> tuple[Span, ...]:
        """Anchor every span; the numbers in `Placed` are places in what this returns."""
        rows = zip(self._tracks, fits, strict=True)
        return tuple(anchor(track, fit, source) for track, fit in rows)

    def counts(self) -> StreamCounts:
        """Sum of all spans; jitter is the last span's, its maximum that of all."""
        every = [track.counts() for track in sorted(self._tracks, key=lambda track: track.key)]
        return StreamCounts(
            packets=sum(c.packets for c in every) + self._unplaced,
            lost=sum(c.lost for c in every),
            reordered=sum(c.reordered for c in every),
            duplicates=sum(c.duplicates for c in every),
            unplaced=self._unplaced,
            jitter_us=every[-1].jitter_us if every else 0,
            max_jitter_us=max((c.max_jitter_us for c in every), default=0),
        )


def anchor(track: Track, fit: Fit, source: AnchorSource) -> Span:
    """Give a span its place on wall time."""
    line = fit.line(source)
    early_us, late_us = _lateness_us(track, fit, line)
    return Span(
        ssrc=track.ssrc,
        key=track.key,
        clock_rate_hz=track.rate,
        first_timestamp=track.first_timestamp,
        first_ticks=track.tick_range[0],
        last_ticks=track.tick_range[1],
        end_ticks=track.end_ticks,
        anchor_us=line.offset_us,
        source=source,
        early_us=early_us,
        late_us=late_us,
        longest_bytes=track.longest,
        first_sequence=track.sequences[0],
        last_sequence=track.sequences[1],
        skew_ppb=line.skew_ppb,
        uncertainty_us=line.uncertainty_us,
    )


def _lateness_us(track: Track, fit: Fit, line: Line) -> tuple[int, int]:
    """How late after its place a packet came at least, and at most."""
    if line.skew_ppb:
        return fit.buckets.lateness_us(line)
    low, high = track.drift_range
    return low - line.offset_us, high - line.offset_us
