"""Telephone-event payloads overwritten where they landed, before anything else sees them.

A digit that a caller keys in may be part of a card number (RFC 4733 payloads carry it); header and
length stay, so that the recording still shows that something was keyed. Knows nothing of files.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from capture.holder.landing_buffer import SMALL_BYTES, LandingRing
from capture.media.batch_receiver import Columns

MASK_BYTE: Final = 0x2A
PAYLOAD_TYPES: Final = 128
_FIXED_HEADER: Final = 12
_EXTENSION_HEAD: Final = 4


def mask_events(
    ring: LandingRing, columns: Columns, masked_types: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Overwrite the payloads that `masked_types` (run × payload type) names; which slots were."""
    first = columns.runs[0].first
    rows = np.repeat(np.arange(len(columns.runs)), columns.counts)
    kinds = ring.small[first : first + len(rows), 1] % PAYLOAD_TYPES
    masked: NDArray[np.bool_] = masked_types[rows, kinds]
    masked &= columns.lengths > _FIXED_HEADER
    for index in np.flatnonzero(masked).tolist():
        _overwrite(ring, first + index, int(columns.lengths[index]))
    return masked


def _overwrite(ring: LandingRing, slot: int, length: int) -> None:
    start = _payload_start(bytes(ring.small[slot, :SMALL_BYTES]), length)
    ring.small[slot, start : min(length, SMALL_BYTES)] = MASK_BYTE
    ring.large[slot, : max(0, length - SMALL_BYTES)] = MASK_BYTE


def _payload_start(head: bytes, length: int) -> int:
    """Where the payload begins (RFC 3550 §5.1, §5.3.1); a header that lies is masked from 12 on."""
    start = _FIXED_HEADER + 4 * (head[0] & 0x0F)
    if head[0] & 0x10 and start + _EXTENSION_HEAD <= SMALL_BYTES:
        words = int.from_bytes(head[start + 2 : start + 4], "big")
        start += _EXTENSION_HEAD + 4 * words
    return start if start < length else _FIXED_HEADER
