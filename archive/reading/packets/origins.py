"""Where packets came from, and under which SSRC, many at once as columns.

Pure. Knows the PACKETS payload and the fixed header of RTP; knows nothing of who is heard.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.format.media_latch import Sender
from archive.format.packets import SOURCE, Source
from archive.reading.packets.rtp import FIXED_HEADER_BYTES, RTP_VERSION, Bytes, Column, Mask

_SSRC_AT: Final = 8
_ENTRY: Final = np.dtype([("high", ">u8"), ("low", ">u8"), ("port", ">u2"), ("zeros", ">u2")])


@dataclass(frozen=True, slots=True)
class Origins:
    """Where packets came from, and when: an entry per packet, shape (n,).

    `high`, `low` and `port` are uint64 of the source's address and port, `ssrc` is what an RTP
    packet would have there; `arrived_us` is on a clock that is never set. Of those that are no RTP
    (`is_media` false) nothing follows.
    """

    high: NDArray[np.uint64]
    low: NDArray[np.uint64]
    port: NDArray[np.uint64]
    ssrc: Column
    arrived_us: Column
    is_media: Mask

    def sender(self, index: int) -> Sender:
        address = int(self.high[index]) << 64 | int(self.low[index])
        source = Source(address.to_bytes(16, "big"), int(self.port[index]))
        return Sender(source, int(self.ssrc[index]))

    def sent_by(self, sender: Sender) -> Mask:
        address, port = sender.source
        high, low = (np.uint64(int.from_bytes(half)) for half in (address[:8], address[8:]))
        own: Mask = (self.low == low) & (self.high == high) & (self.port == np.uint64(port))
        own &= self.ssrc == sender.ssrc
        return own

    def pick(self, which: Mask) -> "Origins":
        return Origins(
            self.high[which],
            self.low[which],
            self.port[which],
            self.ssrc[which],
            self.arrived_us[which],
            self.is_media[which],
        )


@dataclass(frozen=True, slots=True)
class SourceEntries:
    """Where the sources of packets stand in the data of their frames (docs/format.md, PACKETS)."""

    data: Bytes
    places: Column

    def origins(self, starts: Column, lengths: Column, arrived_us: Column) -> Origins:
        """Read them; the packets themselves lie at `starts`."""
        size = max(len(self.data) - SOURCE.size + 1, 0)
        entries = np.ndarray((size,), _ENTRY, self.data, strides=(1,))[self.places]
        ssrc, is_media = ssrcs_at(self.data, starts, lengths)
        return Origins(
            entries["high"].astype(np.uint64),
            entries["low"].astype(np.uint64),
            entries["port"].astype(np.uint64),
            ssrc,
            arrived_us,
            is_media,
        )


def ssrcs_at(data: Bytes, starts: Column, lengths: Column) -> tuple[Column, Mask]:
    """SSRCs of datagrams, and which of them are long enough and of RTP's version."""
    last = max(len(data) - FIXED_HEADER_BYTES, 0)
    padded = data if len(data) >= FIXED_HEADER_BYTES else np.zeros(FIXED_HEADER_BYTES, np.uint8)
    everywhere = np.ndarray((last + 1,), ">u4", padded, offset=_SSRC_AT, strides=(1,))
    places = np.clip(starts, 0, last)
    is_media = (lengths >= FIXED_HEADER_BYTES) & (padded[places] >> 6 == RTP_VERSION)
    return everywhere[places].astype(np.int64), is_media
