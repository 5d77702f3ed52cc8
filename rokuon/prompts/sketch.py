"""A sound drawn in one line of block characters: where it is loud, where it is silent.

Pure. Knows nothing of terminals.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

SHADES: Final = " ▁▂▃▄▅▆▇█"


def sketch(samples: NDArray[np.int16], columns: int) -> str:
    """So many characters, each as high as its part of the sound is loud; the loudest is full."""
    if len(samples) < columns or not samples.any():
        return SHADES[0] * columns
    parts = np.array_split(samples.astype(np.float64), columns)
    sizes = np.array([np.sqrt(np.mean(part * part)) for part in parts])
    heights = np.rint(sizes / sizes.max() * (len(SHADES) - 1)).astype(int)
    return "".join(SHADES[height] for height in heights)
