"""Encoding G.711: 16-bit samples to the codes of either law (ITU-T G.711).

Pure numpy; `archive.reading.sound.g711` is the other direction. Knows nothing of packets or time.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.reading.sound.g711 import A_EVEN_BITS, MU_BIAS, SIGN_BIT, Law

# The last decision value of the µ-law, 8159 of a 14-bit scale; beyond it all is the same.
_MU_MOST: Final = 8_159 << 2
_A_MOST: Final = 32_767


def encode(samples: NDArray[np.int16], law: Law) -> bytes:
    """One code for each sample."""
    wide = samples.astype(np.int32)
    return (_mu_law(wide) if law == "PCMU" else _a_law(wide)).astype(np.uint8).tobytes()


def _segments(sizes: NDArray[np.int32]) -> NDArray[np.int32]:
    """In which of the eight segments a size lies: each is twice as long as the one before."""
    segments: NDArray[np.int32] = np.maximum(np.frexp(sizes.astype(np.float64))[1] - 8, 0)
    return segments


def _mu_law(samples: NDArray[np.int32]) -> NDArray[np.int32]:
    biased = np.minimum(np.abs(samples), _MU_MOST - 1) + MU_BIAS
    segment = _segments(biased)
    step = (biased >> (segment + 3)) & 15
    sign = np.where(samples < 0, SIGN_BIT, 0)
    codes: NDArray[np.int32] = ~(sign | segment << 4 | step) & 0xFF
    return codes


def _a_law(samples: NDArray[np.int32]) -> NDArray[np.int32]:
    size = np.minimum(np.abs(samples), _A_MOST)
    segment = _segments(size)
    step = (size >> (np.maximum(segment, 1) + 3)) & 15
    sign = np.where(samples < 0, 0, SIGN_BIT)
    codes: NDArray[np.int32] = (sign | segment << 4 | step) ^ A_EVEN_BITS
    return codes
