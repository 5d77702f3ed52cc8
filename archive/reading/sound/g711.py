"""G.711: the 256 codes of each law as 16-bit samples, computed once from ITU-T G.711.

Pure numpy. Knows nothing of packets or time.
"""

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Law = Literal["PCMU", "PCMA"]

# ITU-T G.711 table 2a: the µ-law segments begin at 33 steps of a 14-bit scale.
MU_BIAS: Final = 0x84
# ITU-T G.711 section 3.2: A-law inverts the even bits of the character signal.
A_EVEN_BITS: Final = 0x55
SIGN_BIT: Final = 0x80


def _segments(codes: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Segment (0–7) and step within it (0–15) of each code whose inversion is undone."""
    return (codes >> 4) & 7, codes & 15


def mu_law_table() -> NDArray[np.int16]:
    """Compute the 256 µ-law values on a 16-bit scale (ITU-T G.711 table 2); shape (256,)."""
    codes = ~np.arange(256, dtype=np.int32) & 0xFF
    segment, step = _segments(codes)
    size = (((step << 3) + MU_BIAS) << segment) - MU_BIAS
    return np.where(codes & SIGN_BIT, -size, size).astype(np.int16)


def a_law_table() -> NDArray[np.int16]:
    """Compute the 256 A-law values on a 16-bit scale (ITU-T G.711 table 1); shape (256,)."""
    codes = np.arange(256, dtype=np.int32) ^ A_EVEN_BITS
    segment, step = _segments(codes)
    linear = (step << 4) + 8
    size = np.where(segment == 0, linear, (linear + 0x100) << np.maximum(segment - 1, 0))
    return np.where(codes & SIGN_BIT, size, -size).astype(np.int16)


TABLES: Final[dict[Law, NDArray[np.int16]]] = {"PCMU": mu_law_table(), "PCMA": a_law_table()}
for _table in TABLES.values():
    _table.flags.writeable = False


def decode(payload: NDArray[np.uint8], law: Law) -> NDArray[np.int16]:
    """Decode payload bytes, one sample each; the shape stays."""
    return TABLES[law][payload]
