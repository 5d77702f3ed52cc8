"""Payload bytes of many packets as one row of codes, each with its place in time.

Pure numpy. Knows nothing of lanes, codecs or files.
"""

from dataclasses import dataclass

import numpy as np

from archive.reading.packets.rtp import Bytes, Column


@dataclass(frozen=True, slots=True)
class Stretches:
    """Packets on a line: the place of each first sample, where its payload lies, how long."""

    places: Column
    payload_starts: Column
    lengths: Column

    def pick(self, which: Column) -> "Stretches":
        """The stretches that an index names, in its order."""
        return Stretches(self.places[which], self.payload_starts[which], self.lengths[which])


@dataclass(frozen=True, slots=True)
class Codes:
    """One entry per sample: its place on the line and its code."""

    places: Column
    codes: Bytes


def flatten(stretches: Stretches, data: Bytes) -> Codes:
    """Lay out the samples of all stretches one after another, one byte a sample."""
    lengths = stretches.lengths
    before = np.cumsum(lengths) - lengths
    count = int(lengths.sum())
    along = np.arange(count, dtype=np.int64)
    places = along + np.repeat(stretches.places - before, lengths)
    sources = along + np.repeat(stretches.payload_starts - before, lengths)
    return Codes(places, data[sources])
