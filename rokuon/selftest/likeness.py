"""How alike two pieces of sound are, wherever the one lies in the other.

Pure numpy. Knows nothing of packets, prompts or calls.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Audio = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a sound lies best, and how alike it is there: 1 is the same, 0 has nothing of it."""

    likeness: float
    first_sample: int


def best_match(heard: Audio, wanted: Audio) -> Match:
    """The place of `wanted` in `heard`; the loudness of neither counts, only their shape.

    What is cut off at either end is compared with silence.
    """
    size = len(wanted)
    long = np.pad(heard.astype(np.float64), size)
    own = float(np.linalg.norm(wanted.astype(np.float64)))
    if not own or not heard.any():
        return Match(0.0, 0)
    products = _products(long, wanted.astype(np.float64))
    # Quieter than a tenth of what is wanted is another sound, and no divisor.
    loudness = np.maximum(_norms(long, size), own / 10)
    scores = products / (loudness * own)
    best = int(np.argmax(scores))
    return Match(float(scores[best]), best - size)


def _products(long: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """The scalar product of `wanted` with every stretch of its length."""
    points = 1 << (len(long) + len(wanted)).bit_length()
    spectrum = np.fft.rfft(long, points) * np.conj(np.fft.rfft(wanted, points))
    found: NDArray[np.float64] = np.fft.irfft(spectrum, points)
    return found[: len(long) - len(wanted) + 1]


def _norms(long: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    sums = np.concatenate([[0.0], np.cumsum(long * long)])
    found: NDArray[np.float64] = np.sqrt(np.maximum(sums[size:] - sums[:-size], 0.0))
    return found
