"""Waveform peaks: the lowest and the highest sample of every 20 ms, as 8-bit numbers.

Pure numpy. Knows nothing of frames, lanes or pictures.
"""

import itertools
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from archive.reading.packets.alignment import Span
from archive.reading.packets.rtp import Bytes, Column
from archive.reading.packets.skew_steps import Elapsed
from archive.reading.sound.formats import G711_RATE_HZ
from archive.reading.sound.g711 import TABLES, Law
from archive.reading.sound.samples import Stretches, flatten

PEAKS_PER_S: Final = 50
BIN_SAMPLES: Final = G711_RATE_HZ // PEAKS_PER_S
BIN_US: Final = 1_000_000 // PEAKS_PER_S
# No call is longer than 16 h; a timestamp beyond is not worth the memory.
MAX_BINS: Final = 16 * 3600 * PEAKS_PER_S
# Packets of one length and place are worked out together, if there are as many as make it pay.
MIN_ALIKE: Final = 64

Levels = NDArray[np.int8]


def _coarse(samples: NDArray[np.int16]) -> Levels:
    """The upper 8 bits of each value, rounded."""
    rounded = (samples.astype(np.int32) + 128) >> 8
    coarse: Levels = np.clip(rounded, -128, 127).astype(np.int8)
    return coarse


_COARSE: Final[dict[Law, Levels]] = {law: _coarse(table) for law, table in TABLES.items()}
_COARSE_BYTES: Final = {law: levels.tobytes() for law, levels in _COARSE.items()}


class StreamPeaks(msgspec.Struct, frozen=True, kw_only=True):
    """Peaks of one stream from `start_us` on: one signed byte per 20 ms in each of the two."""

    stream: int
    start_us: int
    low: bytes
    high: bytes


class _Meter:
    """Peaks of one span, counted from its first timestamp; grows as it is fed."""

    def __init__(self) -> None:
        self.low: Levels = np.zeros(0, np.int8)
        self.high: Levels = np.zeros(0, np.int8)

    def feed(self, bins: Column, lows: Levels, highs: Levels) -> None:
        inside = (bins >= 0) & (bins < MAX_BINS)
        bins = bins[inside]
        if not len(bins):
            return
        self._grow(int(bins.max()) + 1)
        np.minimum.at(self.low, bins, lows[inside])
        np.maximum.at(self.high, bins, highs[inside])

    def _grow(self, size: int) -> None:
        if size > len(self.low):
            more = np.zeros(max(size, 2 * len(self.low)) - len(self.low), np.int8)
            self.low = np.concatenate((self.low, more))
            self.high = np.concatenate((self.high, more))


class PeakMeter:
    """Peaks of one stream, span by span, while its packets pass."""

    def __init__(self) -> None:
        self._meters: dict[int, _Meter] = {}

    def feed(self, law: Law, spans: Column, stretches: Stretches, data: Bytes) -> None:
        """Take packets: `spans` numbers the span of each, places are ticks in it; shape (n,)."""
        lengths = stretches.lengths
        kinds, of, counts = np.unique(
            lengths * BIN_SAMPLES + stretches.places % BIN_SAMPLES,
            return_inverse=True,
            return_counts=True,
        )
        alike = (counts >= MIN_ALIKE) & (kinds >= BIN_SAMPLES)
        for kind in np.flatnonzero(alike).tolist():
            rows = np.flatnonzero(of == kind)
            self._feed_alike(law, spans[rows], stretches.pick(rows), data)
        rest = np.flatnonzero(~alike[of] & (lengths > 0))
        if len(rest):
            self._feed_any(law, spans[rest], stretches.pick(rest), data)

    def _feed_alike(self, law: Law, spans: Column, stretches: Stretches, data: Bytes) -> None:
        """Packets of one length that all begin at the same place in a bin: a row each."""
        length, place = int(stretches.lengths[0]), int(stretches.places[0])
        codes = np.ndarray((len(data) - length + 1, length), np.uint8, data, strides=(1, 1))
        levels = np.frombuffer(
            codes[stretches.payload_starts].tobytes().translate(_COARSE_BYTES[law]), np.int8
        ).reshape(len(spans), length)
        bins = stretches.places // BIN_SAMPLES
        edges = [0, *range(BIN_SAMPLES - place % BIN_SAMPLES, length, BIN_SAMPLES), length]
        for number, (begin, end) in enumerate(itertools.pairwise(edges)):
            piece = levels[:, begin:end]
            self._widen(spans, bins + number, piece.min(axis=1), piece.max(axis=1))

    def _feed_any(self, law: Law, spans: Column, stretches: Stretches, data: Bytes) -> None:
        """Packets of all lengths and places: sample by sample."""
        flat = flatten(stretches, data)
        levels = _COARSE[law][flat.codes]
        bins = flat.places // BIN_SAMPLES
        begins = np.diff(bins, prepend=bins[0] - 1) != 0
        begins[np.cumsum(stretches.lengths)[:-1]] = True
        runs = np.flatnonzero(begins)
        lows, highs = np.minimum.reduceat(levels, runs), np.maximum.reduceat(levels, runs)
        owners = np.repeat(spans, stretches.lengths)[runs]
        self._widen(owners, bins[runs], lows, highs)

    def feed_audio(self, span: int, place: int, audio: NDArray[np.int16], rate_hz: int) -> None:
        """Take decoded samples of a span from `place` on, counted at their rate."""
        if not len(audio):
            return
        bins = (place + np.arange(len(audio))) // (rate_hz // PEAKS_PER_S)
        runs = np.flatnonzero(np.diff(bins, prepend=bins[0] - 1))
        levels = _coarse(audio)
        lows, highs = np.minimum.reduceat(levels, runs), np.maximum.reduceat(levels, runs)
        self._meters.setdefault(span, _Meter()).feed(bins[runs], lows, highs)

    def _widen(self, spans: Column, bins: Column, lows: Levels, highs: Levels) -> None:
        for span in np.unique(spans).tolist():
            own = spans == span
            meter = self._meters.setdefault(span, _Meter())
            meter.feed(bins[own], lows[own], highs[own])

    def finish(self, stream: int, spans: Sequence[Span]) -> StreamPeaks:
        """Lay the spans on wall time; spans that were never fed are flat."""
        heard = {n: m for n, m in self._meters.items() if len(m.low)}
        if not heard:
            start_us = min((s.anchor_us for s in spans), default=0)
            return StreamPeaks(stream=stream, start_us=start_us, low=b"", high=b"")
        start_us = min(spans[n].anchor_us for n in heard)
        places = {n: round_bins(spans[n].anchor_us - start_us) for n in heard}
        laid = {
            n: (_in_place(m.low, spans[n]), _in_place(m.high, spans[n])) for n, m in heard.items()
        }
        size = min(MAX_BINS, max(places[n] + len(lows) for n, (lows, _) in laid.items()))
        low, high = np.zeros(size, np.int8), np.zeros(size, np.int8)
        for number, levels in laid.items():
            overlay(low, high, places[number], levels)
        used = _used(low, high)
        return StreamPeaks(
            stream=stream, start_us=start_us, low=low[:used].tobytes(), high=high[:used].tobytes()
        )


def _in_place(levels: Levels, span: Span) -> Levels:
    """The bins of a span where its skew leads them; a hole is filled by the bin before it.

    Where two become one bin the louder one stays: of each 20 ms either sign has but one.
    """
    if not span.skew_ppb:
        return levels
    bins = np.arange(len(levels), dtype=np.int64)
    moved = bins + round_bins(span.correction_us(bins * span.clock_rate_hz // PEAKS_PER_S))
    laid = np.zeros(int(moved[-1]) + 1, np.int8)
    laid[moved] = levels
    holes, twice = np.flatnonzero(np.diff(moved) > 1), np.flatnonzero(np.diff(moved) == 0)
    laid[moved[holes] + 1] = levels[holes]
    louder = np.abs(levels[twice].astype(np.int16)) > np.abs(levels[twice + 1].astype(np.int16))
    laid[moved[twice]] = np.where(louder, levels[twice], levels[twice + 1])
    return laid


def round_bins(us: Elapsed) -> Elapsed:
    """Nearest number of whole bins in a time."""
    return (us + BIN_US // 2) // BIN_US


def overlay(low: Levels, high: Levels, at: int, peaks: tuple[Levels, Levels]) -> None:
    """Widen `low` and `high` in place by peaks that begin at bin `at`; what lies outside is cut."""
    first, end = max(at, 0), min(at + len(peaks[0]), len(low))
    if first < end:
        own = slice(first - at, end - at)
        low[first:end] = np.minimum(low[first:end], peaks[0][own])
        high[first:end] = np.maximum(high[first:end], peaks[1][own])


def _used(low: Levels, high: Levels) -> int:
    sounding = np.flatnonzero((low != 0) | (high != 0))
    return int(sounding[-1]) + 1 if len(sounding) else 0
