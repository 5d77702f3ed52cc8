"""Comfort noise: a hiss of a given level whose every sample follows from its place alone.

Pure numpy. Knows nothing of packets or of who is silent.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

_U32: Final = np.uint64(0xFFFFFFFF)


def hiss(first: int, count: int, level: float) -> NDArray[np.int16]:
    """White noise of an effective level from a place on: places that repeat sound alike."""
    uniform = _mixed(np.arange(first, first + count)) / float(1 << 31) - 1.0
    return np.clip(np.rint(uniform * level * 3**0.5), -32_768, 32_767).astype(np.int16)


def _mixed(places: NDArray[np.int64]) -> NDArray[np.float64]:
    """Numbers from 0 to 2^32 that look like chance (a multiply-xorshift hash of each place)."""
    value = places.astype(np.uint64) & _U32
    for factor in (0x7FEB352D, 0x846CA68B):
        value ^= value >> np.uint64(16)
        value = (value * np.uint64(factor)) & _U32
    return (value ^ (value >> np.uint64(15))).astype(np.float64)
