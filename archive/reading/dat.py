"""Waveforms as audiowaveform writes them: .dat, version 2, 8 bits.

Pure bytes. Knows nothing of how a waveform is found.
"""

import struct
from collections.abc import Sequence
from typing import Final

import numpy as np

from archive.reading.recording import LanePeaks
from archive.reading.sound.peaks import PEAKS_PER_S

# Version, flags (1 = 8 bits), rate, samples per bin, bins, channels.
PEAKS_HEAD: Final = struct.Struct("<iIiiIi")
PEAKS_VERSION: Final = 2
PEAKS_8_BITS: Final = 1
BIN_MS: Final = 1000 // PEAKS_PER_S


def encode_peaks(lanes: Sequence[LanePeaks], rate_hz: int, bin_ms: int = BIN_MS) -> bytes:
    """Lanes of equal length as one .dat file: of each bin, lowest and highest of each lane."""
    low = np.stack([np.frombuffer(lane.low, np.int8) for lane in lanes], axis=1)
    high = np.stack([np.frombuffer(lane.high, np.int8) for lane in lanes], axis=1)
    bins, channels = low.shape
    size = rate_hz * bin_ms // 1000
    head = PEAKS_HEAD.pack(PEAKS_VERSION, PEAKS_8_BITS, rate_hz, size, bins, channels)
    return head + np.stack([low, high], axis=2).tobytes()
