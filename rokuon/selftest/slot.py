"""Streams whose packets leave at the same moment of the 20-ms beat, as columns.

Arrays and their addresses. Knows nothing of sockets, clocks or calls.
"""

import socket
from dataclasses import dataclass
from typing import Final

import numpy as np

from rokuon.selftest.sendmmsg import IOVEC, MMSGHDR, SOCKADDR_IN
from rokuon.selftest.speech_files import PACKET_SAMPLES

# RTP's fixed header without CSRCs (RFC 3550 §5.1); `kind` is the marker bit and the payload type.
RTP_HEADER: Final = np.dtype(
    [("version", "u1"), ("kind", "u1"), ("sequence", ">u2"), ("timestamp", ">u4"), ("ssrc", ">u4")]
)
RTP_HEADER_BYTES: Final = 12
_VERSION_2: Final = 0x80
_MARKER: Final = 0x80
_MOVED: Final = ("names", "headers", "sequences", "timestamps", "bases", "lengths", "positions")


class SlotFull(Exception):
    """No row is left; the sender was made for fewer streams."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingStream:
    """One RTP stream to be sent: where to, as whom, and what is said (looped, µ-law).

    `source` is the number of the engine's socket that it leaves from. Times and sequence start as
    given.
    """

    host: str
    port: int
    ssrc: int
    speech: bytes
    source: int = 0
    sequence: int = 0
    timestamp: int = 0
    payload_type: int = 0
    first_packet: int = 0

    def __post_init__(self) -> None:
        assert self.speech
        assert len(self.speech) % PACKET_SAMPLES == 0


class Slot:
    """The streams of one moment: row *i* of every column belongs to the same stream."""

    def __init__(self, capacity: int) -> None:
        self.beats = 0
        self.ids: list[int] = []
        self.names = np.zeros(capacity, SOCKADDR_IN)
        self.headers = np.zeros(capacity, RTP_HEADER)
        self.vectors = np.zeros((capacity, 2), IOVEC)
        self.messages = np.zeros(capacity, MMSGHDR)
        self.sequences = np.zeros(capacity, np.uint16)
        self.timestamps = np.zeros(capacity, np.uint32)
        self.bases = np.zeros(capacity, np.uint64)
        self.lengths = np.zeros(capacity, np.uint64)
        self.positions = np.zeros(capacity, np.uint64)
        self._rows: dict[int, int] = {}
        self._fresh: list[int] = []
        self._spoken: dict[int, np.ndarray[tuple[int], np.dtype[np.uint8]]] = {}
        self._link()

    def _link(self) -> None:
        """Point every message at its row's address, header and (later) payload, once for good."""
        rows = np.arange(len(self.messages), dtype=np.uint64)
        self.vectors["base"][:, 0] = self.headers.ctypes.data + rows * np.uint64(RTP_HEADER_BYTES)
        self.vectors["length"][:] = (RTP_HEADER_BYTES, PACKET_SAMPLES)
        self.messages["name"] = self.names.ctypes.data + rows * np.uint64(SOCKADDR_IN.itemsize)
        self.messages["name_length"] = SOCKADDR_IN.itemsize
        self.messages["vectors"] = self.vectors.ctypes.data + rows * np.uint64(2 * IOVEC.itemsize)
        self.messages["vector_count"] = 2

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def address(self) -> int:
        """Where the first `struct mmsghdr` lies."""
        return self.messages.ctypes.data

    def add(self, stream_id: int, stream: OutgoingStream) -> None:
        """Let `stream` speak from the next beat on; raises `SlotFull`."""
        row = len(self.ids)
        if row == len(self.messages):
            raise SlotFull
        spoken = np.frombuffer(stream.speech, np.uint8)
        self.names[row] = (socket.AF_INET, stream.port, list(socket.inet_aton(stream.host)), 0)
        kind = _MARKER | stream.payload_type
        self.headers[row] = (_VERSION_2, kind, stream.sequence, stream.timestamp, stream.ssrc)
        self.sequences[row] = stream.sequence
        self.timestamps[row] = stream.timestamp
        self.bases[row] = spoken.ctypes.data
        self.lengths[row] = len(spoken)
        self.positions[row] = stream.first_packet * PACKET_SAMPLES % len(spoken)
        self.ids.append(stream_id)
        self._rows[stream_id] = row
        self._fresh.append(stream_id)
        self._spoken[stream_id] = spoken

    def point(self) -> None:
        """Make the messages ready for the present beat."""
        used = len(self.ids)
        self.vectors["base"][:used, 1] = self.bases[:used] + self.positions[:used]

    def advance(self) -> None:
        """Go on to the next beat; who has just sent a first packet begins no talkspurt now."""
        used = len(self.ids)
        sequences, timestamps = self.sequences[:used], self.timestamps[:used]
        positions, lengths = self.positions[:used], self.lengths[:used]
        sequences += np.uint16(1)
        timestamps += np.uint32(PACKET_SAMPLES)
        positions += np.uint64(PACKET_SAMPLES)
        positions[positions >= lengths] = 0
        self.headers["sequence"][:used] = sequences
        self.headers["timestamp"][:used] = timestamps
        self.beats += 1
        for stream_id in self._fresh:
            self.headers["kind"][self._rows[stream_id]] &= ~np.uint8(_MARKER)
        self._fresh.clear()

    def next_of(self, stream_id: int) -> tuple[int, int]:
        """The sequence number and the RTP timestamp of the stream's next packet."""
        row = self._rows[stream_id]
        return int(self.sequences[row]), int(self.timestamps[row])

    def remove(self, stream_id: int) -> None:
        """Silence a stream: the last row takes its place."""
        row, last = self._rows.pop(stream_id), len(self.ids) - 1
        for column in _MOVED:
            values = getattr(self, column)
            values[row] = values[last]
        moved = self.ids[last]
        self.ids[row] = moved
        self.ids.pop()
        if moved != stream_id:
            self._rows[moved] = row
        self._spoken.pop(stream_id)
        if stream_id in self._fresh:
            self._fresh.remove(stream_id)
