"""RTCP that comes on the port of RTP, told by its second byte (RFC 5761 §4).

By column. Knows nothing of sockets or of who agreed to it.
"""

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from capture.media.batch_receiver import Columns

# Payload types 64 to 95, whatever the marker bit: no RTP has them where the two share a port.
_BITS: Final = 0x60
_RTCP: Final = 0x40
RTCP_TYPES: Final = slice(64, 96)


def is_report(kinds: NDArray[Any] | np.uint8) -> NDArray[np.bool_]:
    """Which of these second bytes are those of RTCP; shape (n,)."""
    return np.asarray((kinds & _BITS) == _RTCP)


def is_report_type(second: int) -> bool:
    return second & _BITS == _RTCP


def without(columns: Columns, reports: NDArray[np.bool_]) -> tuple[Columns, NDArray[np.int64]]:
    """The columns that are counted without these packets, and the runs that are left of them."""
    kept = ~reports
    counts = np.add.reduceat(kept, columns.starts, dtype=np.int64)
    runs = np.flatnonzero(counts)
    counts = counts[runs]
    left = replace(
        columns,
        starts=np.cumsum(counts) - counts,
        counts=counts,
        arrivals_us=columns.arrivals_us[kept],
        sequences=columns.sequences[kept],
        timestamps=columns.timestamps[kept],
        ssrcs=columns.ssrcs[kept],
    )
    return left, runs
