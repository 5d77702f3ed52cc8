"""Whether a recording contains what somebody said: from which second on, and how well.

A band of speech is correlated, so that another G.711 law, a delay, a gain and a few lost packets do
not matter. Pure numbers; knows nothing of calls or files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Signal = NDArray[np.float64]
RATE: Final = 8000
# The band of a telephone without its edges, where filters of phones differ.
BAND_HZ: Final = (300, 3000)
# Pieces are found one by one: a jitter buffer that skips or repeats moves what follows.
PIECE_S: Final = 0.5
# Between what the same speech scores through two phones, above 0.8, and other speech, below 0.3.
ENOUGH: Final = 0.6
# How far a piece may be from where the others say it should be, to either side.
_DRIFT: Final = RATE // 4
# Places are told apart by as much; a divisor of a piece and of the drift.
_BIN: Final = RATE // 20
# A piece this much weaker than the loudest is a pause, which is found everywhere.
_PAUSE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Place:
    """Where speech begins in a recording, and how well it is there: 0 not at all, 1 unchanged."""

    at_s: float
    score: float

    def __bool__(self) -> bool:
        return self.score >= ENOUGH


def find(recording: Signal, said: Signal) -> Place:
    """The best place of one signal in another; the score is the mean correlation of its pieces.

    Each piece is looked for by itself, near the place that suits all of them best. What is shorter
    than a piece is found nowhere.
    """
    size = int(PIECE_S * RATE)
    is_enough = size <= len(said) <= len(recording)
    if not is_enough or not np.any(recording) or not np.any(said):
        return Place(0.0, 0.0)
    where = np.pad(in_band(recording), (_DRIFT, 2 * _DRIFT + _BIN))
    what = in_band(said)
    cuts = {first: what[first : first + size] for first in range(0, len(what) - size + 1, size)}
    loudest = max(float(np.linalg.norm(cut)) for cut in cuts.values())
    pieces = {
        first: _correlation(where, cut)
        for first, cut in cuts.items()
        if np.linalg.norm(cut) > _PAUSE * loudest
    }
    near, score = _suits_all(pieces)
    windows = [places[near + first :][: 2 * _DRIFT + _BIN] for first, places in pieces.items()]
    best = max(windows, key=np.max)
    return Place((near + int(np.argmax(best)) - _DRIFT) / RATE, score)


def _suits_all(pieces: Mapping[int, Signal]) -> tuple[int, float]:
    """Where the windows begin in which all pieces are found best, and how well they are."""
    wide = 2 * _DRIFT // _BIN + 1
    best = []
    for first, places in pieces.items():
        bins = places[: len(places) // _BIN * _BIN].reshape(-1, _BIN).max(axis=1)
        best.append(sliding_window_view(bins, wide).max(axis=1)[first // _BIN :])
    count = min(len(each) for each in best)
    means = np.mean([each[:count] for each in best], axis=0)
    return int(np.argmax(means)) * _BIN, float(np.max(means))


def _correlation(where: Signal, what: Signal) -> Signal:
    """The correlation coefficient at each place at which the whole of it fits."""
    size = 1 << (len(where) + len(what) - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(where, size) * np.conj(np.fft.rfft(what, size)), size)
    places = len(where) - len(what) + 1
    energy = np.concatenate([[0.0], np.cumsum(where**2)])
    norms = np.sqrt(np.maximum(energy[len(what) :] - energy[:places], 0.0)) * np.linalg.norm(what)
    # Where there is nothing, rounding must not look like something.
    floor = 1e-3 * np.max(norms, initial=0.0) + 1e-12
    return np.where(norms > floor, product[:places] / np.maximum(norms, floor), 0.0)


def in_band(signal: Signal) -> Signal:
    """The signal without what lies outside the band."""
    spectrum = np.fft.rfft(signal)
    hertz = np.fft.rfftfreq(len(signal), 1 / RATE)
    spectrum[(hertz < BAND_HZ[0]) | (hertz > BAND_HZ[1])] = 0
    return np.fft.irfft(spectrum, len(signal))
