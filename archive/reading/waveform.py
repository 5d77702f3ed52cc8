"""The waveform of a call: its recordings on the common time line of its audio, channel by channel.

Where nothing is heard it says why. Pure over opened recordings: from their maps alone. Knows
nothing of files, keys or who looks.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from archive.call.gaps import GapBecause
from archive.call.highlights import Highlight, highlights_in
from archive.reading.dat import BIN_MS, encode_peaks
from archive.reading.joined import distinct
from archive.reading.lanes import Lane
from archive.reading.line_gaps import gaps_on, other_sounds_on
from archive.reading.packets.skew_steps import MICRO
from archive.reading.recording import LanePeaks, RecordingReader
from archive.reading.silences import channels_with, silences_in
from archive.reading.sound.peaks import BIN_US, round_bins
from archive.reading.timeline import Timeline

# "codec": nobody here decodes it. "flat": packets arrived, and their peaks say nothing: digital
# silence, or no decoder when the part was mapped.
BlankBecause = Literal[
    "pause", "hold", "codec", "nothing_arrived", "not_recorded", "flat", GapBecause
]
# As many as a very wide screen has columns, some times over: of up to 12 minutes every 20 ms.
MAX_BINS: Final = 36_000
# Shorter ones are pauses of breath: nobody asks for their reason.
LEAST_BLANK_US: Final = 1_000_000
# Who listens to the other one and has a quiet line is flat for a sentence.
LEAST_FLAT_US: Final = 3_000_000
_Wide = NDArray[np.int16]
_Interval = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One channel of the call's audio: what lies on it in each of the recordings, oldest first.

    `packets` have arrived, `lost` have not; jitter as RFC 3550 §6.4.1, the highest in µs.
    """

    lanes: tuple[Lane, ...]
    packets: int = 0
    lost: int = 0
    max_jitter_us: int = 0

    @property
    def side(self) -> str:
        """The side of who speaks here; "unknown" where it is not the same in all recordings."""
        sides = {lane.side for lane in self.lanes if lane.streams}
        return next(iter(sides)) if len(sides) == 1 else "unknown"

    @property
    def is_guessed(self) -> bool:
        """Whether that is a guess in any of them."""
        return self.side != "unknown" and any(lane.is_guessed for lane in self.lanes)

    @property
    def participants(self) -> tuple[str, ...]:
        """Who speaks here, each once."""
        found = (who for lane in self.lanes for who in (lane.participant, *lane.also))
        return tuple(dict.fromkeys(who for who in found if who))

    @property
    def label(self) -> str:
        """The first stream's own; of what the node played, to whom."""
        return next((lane.label for lane in self.lanes if lane.label), "")

    @property
    def is_mixed(self) -> bool:
        """Whether several speak on it at once, whom nothing can tell apart."""
        return any(lane.is_mixed for lane in self.lanes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """Nothing is heard on these `channels` (from 0, left), and why; µs from the begin.

    `codec` is the one that is not decoded here.
    """

    from_us: int
    until_us: int
    because: BlankBecause
    channels: tuple[int, ...]
    participant: str = ""
    codec: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallWaveform:
    """What a player draws; `peaks` as audiowaveform writes them (.dat, version 2), `start_us` UTC.

    Each blank and highlight lies on the time line of the call's audio.
    """

    start_us: int
    length_us: int
    channels: tuple[Channel, ...]
    peaks: bytes
    blanks: tuple[Blank, ...]
    highlights: tuple[Highlight, ...]


@dataclass(frozen=True, slots=True)
class _Laid:
    """A recording, and how long after the begin of the call it begins."""

    reader: RecordingReader
    from_us: int

    @property
    def line(self) -> Timeline:
        return self.reader.timeline

    @property
    def until_us(self) -> int:
        return self.from_us + self.line.samples * MICRO // self.line.sample_rate_hz


def draw(readers: Sequence[RecordingReader]) -> CallWaveform:
    """The recordings of one call, oldest first, as `joined.join` has them heard."""
    zero_us = min(reader.timeline.start_us for reader in readers)
    heard = [_Laid(each, each.timeline.start_us - zero_us) for each in distinct(readers)]
    length_us = max(each.until_us for each in heard)
    count = max(len(each.line.channels) for each in heard)
    rate_hz = max(each.line.sample_rate_hz for each in heard)
    size = -(-length_us // BIN_US)
    merged = max(1, -(-size // MAX_BINS))
    return CallWaveform(
        start_us=zero_us,
        length_us=length_us,
        channels=tuple(_channel(heard, number) for number in range(count)),
        peaks=encode_peaks(_peaks(heard, count, size, merged), rate_hz, merged * BIN_MS),
        blanks=_blanks(heard, count, length_us),
        highlights=_highlights(heard),
    )


def _channel(heard: Iterable[_Laid], number: int) -> Channel:
    lanes: list[Lane] = []
    packets = lost = jitter_us = 0
    for each in heard:
        if number >= len(each.line.channels):
            continue
        lane = each.line.lanes[each.line.channels[number]]
        lanes.append(lane)
        for part in each.line.parts:
            for stream in part.time_map.streams:
                if stream.stream in lane.streams:
                    packets += stream.counts.packets
                    lost += stream.counts.lost
                    jitter_us = max(jitter_us, stream.counts.max_jitter_us)
    return Channel(lanes=tuple(lanes), packets=packets, lost=lost, max_jitter_us=jitter_us)


def _peaks(heard: Iterable[_Laid], count: int, size: int, merged: int) -> list[LanePeaks]:
    """Added up where recordings overlap, as their audio is; so many bins become one."""
    low: _Wide = np.zeros((count, -(-size // merged) * merged), np.int16)
    high: _Wide = np.zeros_like(low)
    for each in heard:
        at = int(round_bins(each.from_us))
        for number, own in enumerate(each.reader.peaks()):
            _add(low[number], at, own.low)
            _add(high[number], at, own.high)
    lows, highs = (each.reshape(count, -1, merged) for each in (low, high))
    return [
        LanePeaks(_packed(a.min(axis=1)), _packed(b.max(axis=1)))
        for a, b in zip(lows, highs, strict=True)
    ]


def _add(levels: _Wide, at: int, packed: bytes) -> None:
    room = levels[at : at + len(packed)]
    room += np.frombuffer(packed, np.int8)[: len(room)]


def _packed(levels: _Wide) -> bytes:
    return levels.clip(-128, 127).astype(np.int8).tobytes()


def _highlights(heard: Iterable[_Laid]) -> tuple[Highlight, ...]:
    found = {
        each: None
        for laid in heard
        for each in highlights_in(
            laid.line.events,
            laid.line.start_us + laid.until_us - laid.from_us,
            gaps_on(laid.line),
            other_sounds_on(laid.line),
        )
    }
    return tuple(sorted(found, key=lambda each: (each.from_us, each.until_us)))


def _blanks(heard: Sequence[_Laid], count: int, length_us: int) -> tuple[Blank, ...]:
    every = tuple(range(count))
    found = [
        Blank(from_us=a, until_us=b, because="not_recorded", channels=every)
        for a, b in _outside([(each.from_us, each.until_us) for each in heard], (0, length_us))
    ]
    for each in heard:
        told = [*_told(each), *_missing(each)]
        found += [*told, *_unexplained(each, told)]
    return tuple(sorted(found, key=lambda each: (each.from_us, each.channels)))


def _told(laid: _Laid) -> Iterator[Blank]:
    """Pauses, holds, and what cannot be decoded."""
    for each in silences_in(laid.line):
        yield Blank(
            from_us=each.from_us + laid.from_us,
            until_us=each.until_us + laid.from_us,
            because=each.because,
            channels=each.channels,
            participant=each.participant,
            codec=each.codec,
        )


def _missing(laid: _Laid) -> Iterator[Blank]:
    """Gaps that are long enough to be seen."""
    for gap in gaps_on(laid.line):
        if gap.until_us - gap.from_us >= LEAST_BLANK_US and gap.is_whole:
            offset_us = laid.from_us - laid.line.start_us
            yield Blank(
                from_us=gap.from_us + offset_us,
                until_us=gap.until_us + offset_us,
                because=gap.because,
                channels=channels_with(laid.line, (gap.stream,)),
                participant=gap.participant,
            )


def _unexplained(laid: _Laid, told: Sequence[Blank]) -> Iterator[Blank]:
    """Where no packet of a party arrived, or none that sounds, and no pause or hold says why.

    The node itself plays seldom: that it is silent otherwise needs no reason.
    """
    for number, (lane, peaks) in enumerate(
        zip(laid.line.channels, laid.reader.peaks(), strict=True)
    ):
        if laid.line.lanes[lane].side == "node":
            continue
        whole = (laid.from_us, laid.until_us)
        known = [(each.from_us, each.until_us) for each in told if number in each.channels]
        silent = list(_outside([*_arrived(laid, laid.line.lanes[lane]), *known], whole))
        for a, b in silent:
            yield Blank(from_us=a, until_us=b, because="nothing_arrived", channels=(number,))
        for a, b in _outside([*_sounding(laid, peaks), *known, *silent], whole):
            if b - a >= LEAST_FLAT_US:
                yield Blank(from_us=a, until_us=b, because="flat", channels=(number,))


def _sounding(laid: _Laid, peaks: LanePeaks) -> Iterator[_Interval]:
    """Where the peaks of a channel say anything, each bin or run of bins."""
    levels = np.frombuffer(peaks.low, np.int8) | np.frombuffer(peaks.high, np.int8)
    edges = np.flatnonzero(np.diff(levels != 0, prepend=False, append=False)).tolist()
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        yield laid.from_us + first * BIN_US, laid.from_us + end * BIN_US


def _arrived(laid: _Laid, lane: Lane) -> Iterator[_Interval]:
    rate_hz = laid.line.sample_rate_hz
    for part in laid.line.parts:
        for placed in part.spans:
            if placed.stream in lane.streams:
                covered = placed.samples()
                first, end = covered.first * MICRO // rate_hz, covered.end * MICRO // rate_hz
                yield laid.from_us + first, laid.from_us + end


def _outside(inner: Iterable[_Interval], whole: _Interval) -> Iterator[_Interval]:
    """What of an interval lies outside of others, where it is long enough to be told."""
    at, end = whole
    for first, until in sorted(inner):
        if first - at >= LEAST_BLANK_US:
            yield at, min(first, end)
        at = max(at, until)
    if end - at >= LEAST_BLANK_US:
        yield at, end
