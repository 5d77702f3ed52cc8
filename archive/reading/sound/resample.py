"""From a codec's rate to that of the line: symmetric filters, so that nothing is moved.

Pure numpy. Knows nothing of packets, codecs or time.
"""

from fractions import Fraction
from functools import cache
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Audio = NDArray[np.int16]
# Either side of a filter's middle at the lower of the two rates: 24 periods of it.
REACH: Final = 24
# What a filter lets pass, as a part of the lower rate's half: telephone speech ends at 3.4 kHz.
PASS: Final = 0.92
# Kaiser's shape for 70 dB.
_BETA: Final = 6.755


@cache
def _taps(factor: int) -> NDArray[np.float64]:
    """A low pass at a rate that is `factor` times the lower one."""
    at = np.arange(-REACH * factor, REACH * factor + 1) / factor
    shape = np.sinc(at * PASS) * np.kaiser(len(at), _BETA)
    taps: NDArray[np.float64] = shape / shape.sum()
    return taps


def resample(audio: Audio, from_hz: int, to_hz: int) -> Audio:
    """The same sound at another rate; shape (n × to / from, rounded up,).

    A sample at the edge is as if silence lay beyond it.
    """
    ratio = Fraction(to_hz, from_hz)
    if ratio == 1:
        return audio
    if ratio.denominator == 1:
        return _rounded(_raised(audio, ratio.numerator))
    if ratio.numerator == 1:
        return _rounded(_filtered(audio, ratio.denominator)[:: ratio.denominator])
    return _rounded(_between(audio, ratio))


def _raised(audio: Audio, factor: int) -> NDArray[np.float64]:
    sparse = np.zeros(len(audio) * factor)
    sparse[::factor] = audio
    return _filtered(sparse, factor) * factor


def _filtered(audio: NDArray[np.float64] | Audio, factor: int) -> NDArray[np.float64]:
    taps = _taps(factor)
    half = len(taps) // 2
    return np.convolve(audio.astype(np.float64), taps)[half : half + len(audio)]


def _between(audio: Audio, ratio: Fraction) -> NDArray[np.float64]:
    """Where neither rate is a multiple of the other: each phase of the output has its own taps."""
    up, down = ratio.numerator, ratio.denominator
    reach = -(-REACH * max(up, down) // up)
    made = np.zeros(-(-len(audio) * up // down))
    padded = np.pad(audio.astype(np.float64), (reach, reach + 1))
    windows = sliding_window_view(padded, 2 * reach + 2)
    for phase in range(min(up, len(made))):
        first, part = divmod(phase * down, up)
        row = made[phase::up]
        row[:] = windows[first::down][: len(row)] @ _phase_taps(ratio, part, reach)
    return made


@cache
def _phase_taps(ratio: Fraction, part: int, reach: int) -> NDArray[np.float64]:
    """The low pass as seen from `part / up` of a sample behind a window's middle."""
    away = np.arange(-reach, reach + 2) - part / ratio.numerator
    at = away * min(float(ratio), 1.0)
    inside = np.sqrt(np.clip(1 - (at / REACH) ** 2, 0, 1))
    shape = np.sinc(at * PASS) * np.i0(_BETA * inside) * (np.abs(at) <= REACH)
    taps: NDArray[np.float64] = shape / shape.sum()
    return taps


def _rounded(audio: NDArray[np.float64]) -> Audio:
    return np.clip(np.rint(audio), -32_768, 32_767).astype(np.int16)
