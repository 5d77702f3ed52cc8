"""What is told of a call to who may see a part of it: less than its rows say, which tell all.

Pure arrays. Knows nothing of who asks: groups are handed in, with those that he reaches.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from archive.locate.columns.flags import CALLED_BACK, TRANSFERRED

# So many groups of others are named of a value; code 0 is nobody, whom everybody reaches.
MOST_OTHERS: Final = 3
# Who reaches all of these groups is told of a recording at least so much.
PARTED: Final = np.dtype(
    [
        ("recording", "<u4"),
        ("others", "<u2", (MOST_OTHERS,)),
        ("flags", "u1"),
        ("duration", "u1"),
    ]
)
# The same as the catalog hands it in: groups are those of the source, a length is in ms.
SOURCE_PARTED: Final = np.dtype(
    [
        ("recording", "<i8"),
        ("others", "<i8", (MOST_OTHERS,)),
        ("flags", "u1"),
        ("duration", "<i8"),
    ]
)
# In which other recordings have a part, with the length.
_FLAGS: Final = np.uint8(TRANSFERRED | CALLED_BACK)

Parted = np.ndarray[Any, Any]  # of PARTED or SOURCE_PARTED
Values = tuple[NDArray[Any], NDArray[Any]]  # of each row the flags and the length


def is_all_told(parted: Parted, reached: NDArray[np.bool_]) -> bool:
    return bool(_is_told(parted, reached).all())


def told_to(
    recordings: NDArray[Any], values: Values, parted: Parted, reached: NDArray[np.bool_]
) -> Values:
    """The values of rows of these recordings, as who reaches these groups is told them."""
    live = parted[parted["recording"] > 0]
    flags, durations = (each.copy() for each in values)
    if not len(live):
        return flags, durations
    distinct, which = np.unique(live["recording"], return_inverse=True)
    told = _is_told(live, reached)
    most_flags = np.zeros(len(distinct), np.uint8)
    most_durations = np.zeros(len(distinct), durations.dtype)
    np.bitwise_or.at(most_flags, which[told], live["flags"][told])
    np.maximum.at(most_durations, which[told], live["duration"][told])
    rows = np.flatnonzero(np.isin(recordings, distinct))
    place = np.searchsorted(distinct, recordings[rows])
    flags[rows] = flags[rows] & ~_FLAGS | most_flags[place]
    durations[rows] = most_durations[place]
    return flags, durations


def _is_told(parted: Parted, reached: NDArray[np.bool_]) -> NDArray[np.bool_]:
    reached = reached.copy()
    reached[:1] = True
    found: NDArray[np.bool_] = reached[parted["others"]].all(axis=1)
    return found
