"""Copies of proved packets that come long after the first: set aside, and counted.

Pure. Knows a stream's packets before and after they were opened. Knows nothing of frames.
"""

from dataclasses import replace
from hashlib import blake2b
from typing import Final

import msgspec
import numpy as np

from archive.call.adoption import StreamReplay
from archive.reading.packets.alignment import StreamCounts
from archive.reading.packets.blocks import Block
from archive.reading.packets.rtp import Column
from archive.reading.packets.srtp_keys import KeyRing

# A guess: what a network doubles comes within milliseconds, and no queue on the way is known to
# hold a packet longer (`alignment.JUMP_US`). Earlier copies are the network's, for all one can see.
REPLAY_US: Final = 2_000_000
# Of a packet whose tag is proved; so short that an hour of speech takes 3 MB.
_DIGEST_BYTES: Final = 8


class LateCopies:
    """The proved packets of one stream in this part, and which came again, byte for byte, and late.

    A sender that uses a number twice for other speech is no copy: it is heard.
    """

    def __init__(self, stream: int) -> None:
        self._stream = stream
        self._digests, self._first_us = np.empty(0, np.int64), np.empty(0, np.int64)
        self.told: StreamReplay | None = None

    def open(self, keys: KeyRing, block: Block) -> Block:
        """It as RTP, without late copies; of a stream without a key nobody knows which are old."""
        opened = keys.open(self._stream, block)
        if not keys.is_keyed(self._stream):
            return opened
        return replace(opened, lengths=self.empty(block, opened))

    def empty(self, sealed: Block, opened: Block) -> Column:
        """Lengths of the packets of `opened`, 0 of late copies. `sealed` is as they came.

        Where the clock stepped meanwhile nobody knows how late one is.
        """
        lengths = opened.lengths.copy()
        rows = np.flatnonzero((lengths > 0) & ~sealed.masked & sealed.trusted)
        if len(rows):
            late = rows[self._ages_us(_digests(sealed, rows), sealed.line_us[rows]) > REPLAY_US]
            if len(late):
                self._tell(sealed.line_us[late])
                lengths[late] = 0
        return lengths

    def add_to(self, counts: StreamCounts) -> StreamCounts:
        """The counts of what was placed, with late copies as duplicates."""
        if self.told is None:
            return counts
        packets, duplicates = counts.packets, counts.duplicates
        return msgspec.structs.replace(
            counts,
            packets=packets + self.told.packets,
            duplicates=duplicates + self.told.packets,
        )

    def _ages_us(self, digests: Column, at_us: Column) -> Column:
        """How long after the first of its kind each came; those that are new are remembered."""
        kinds, firsts, of = np.unique(digests, return_index=True, return_inverse=True)
        first_us = at_us[firsts]
        places = np.searchsorted(self._digests, kinds)
        known = np.zeros(len(kinds), np.bool_)
        inside = places < len(self._digests)
        known[inside] = self._digests[places[inside]] == kinds[inside]
        first_us[known] = self._first_us[places[known]]
        self._digests = np.insert(self._digests, places[~known], kinds[~known])
        self._first_us = np.insert(self._first_us, places[~known], first_us[~known])
        return at_us - first_us[of]

    def _tell(self, at_us: Column) -> None:
        first, last, packets = int(at_us.min()), int(at_us.max()), len(at_us)
        if (told := self.told) is not None:
            first, last = min(first, told.from_us), max(last, told.until_us)
            packets += told.packets
        self.told = StreamReplay(self._stream, first, last, packets)


def _digests(sealed: Block, rows: Column) -> Column:
    data = sealed.data.tobytes()
    places = zip(sealed.starts[rows].tolist(), sealed.lengths[rows].tolist(), strict=True)
    found = (
        blake2b(data[start : start + length], digest_size=_DIGEST_BYTES).digest()
        for start, length in places
    )
    return np.frombuffer(b"".join(found), np.int64)
