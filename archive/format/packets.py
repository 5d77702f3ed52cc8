"""PACKETS: what one sweep took from one socket, as columns beside the raw datagrams.

Numpy over the payload, no object per packet. Knows nothing of RTP: a datagram is bytes.
"""

import struct
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from archive.errors import FrameDamaged
from archive.format.frames import RTCP_FLAG, Frame
from archive.format.runs import FrameRun

# docs/format.md section 5, PACKETS: REALTIME − MONOTONIC, packets, sources, zeros.
PACKETS_HEAD: Final = struct.Struct(">qHHI")
PACKETS_HEAD_DTYPE: Final = np.dtype(
    [("clock_offset_us", ">i8"), ("packets", ">u2"), ("sources", ">u2"), ("zeros", ">u4")]
)
# Address (IPv4 mapped into IPv6), port, zeros.
SOURCE: Final = struct.Struct(">16sHH")
PACKET_DTYPE: Final = np.dtype(
    [("offset_us", ">u4"), ("length", ">u2"), ("source", "u1"), ("flags", "u1")]
)
MASKED: Final = 1
CUT: Final = 2
MAX_SOURCES: Final = 255
# Times are int64 µs everywhere; an earlier arrival than this plus any offset still is one.
MAX_AT_US: Final = (1 << 63) - 1 - 0xFFFF_FFFF


class Source(NamedTuple):
    """Where datagrams came from: 16 bytes (IPv4 as `::ffff:a.b.c.d`) and a port."""

    address: bytes
    port: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packets:
    """The packets of one frame, one array entry each, shape (n,), in ring order.

    `serials`: uint64 ring sequences; `arrivals_us`: int64 µs UTC; `lengths`, `starts`: int64 bytes,
    offsets into `data`; `source_index`, `flags`: uint8 (`MASKED`, `CUT`).
    """

    stream: int
    rtcp: bool
    at_us: int
    clock_offset_us: int
    serials: NDArray[np.uint64]
    arrivals_us: NDArray[np.int64]
    lengths: NDArray[np.int64]
    starts: NDArray[np.int64]
    source_index: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    sources: tuple[Source, ...]
    data: memoryview

    def __len__(self) -> int:
        return len(self.serials)

    def datagram(self, index: int) -> bytes:
        """Packet `index` exactly as it was received (or masked)."""
        start = int(self.starts[index])
        return bytes(self.data[start : start + int(self.lengths[index])])


class PacketsHead(NamedTuple):
    """What leads a PACKETS payload, and where its columns and its datagrams begin."""

    clock_offset_us: int
    packets: int
    sources: int
    columns_at: int
    datagrams_at: int

    @classmethod
    def read(cls, frame: Frame) -> Self:
        """Read it; `FrameDamaged` where it counts what cannot be there."""
        payload = frame.payload
        if len(payload) < PACKETS_HEAD.size:
            raise FrameDamaged(frame.position, "its columns are cut")
        clock_offset_us, packets, sources, zeros = PACKETS_HEAD.unpack_from(payload)
        if not packets or not 1 <= sources <= MAX_SOURCES or zeros:
            raise FrameDamaged(frame.position, "it counts no packet, no source or too many")
        if frame.at_us > MAX_AT_US or frame.serial + packets > 1 << 64:
            raise FrameDamaged(frame.position, "its times or ring sequences run over")
        columns_at = PACKETS_HEAD.size + sources * SOURCE.size
        datagrams_at = columns_at + packets * PACKET_DTYPE.itemsize
        if datagrams_at > len(payload):
            raise FrameDamaged(frame.position, "its columns are cut")
        return cls(clock_offset_us, packets, sources, columns_at, datagrams_at)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PacketsHeads:
    """The heads of many PACKETS payloads, one array entry each, shape (n,); int64."""

    clock_offsets_us: NDArray[np.int64]
    packets: NDArray[np.int64]
    sources: NDArray[np.int64]

    @property
    def columns_at(self) -> NDArray[np.int64]:
        """Where the columns begin, counted from the payload's begin."""
        return PACKETS_HEAD.size + SOURCE.size * self.sources

    @property
    def datagrams_at(self) -> NDArray[np.int64]:
        """Where the datagrams begin, counted from the payload's begin."""
        return self.columns_at + PACKET_DTYPE.itemsize * self.packets

    @classmethod
    def read(cls, run: FrameRun) -> Self:
        """Read those of a run of PACKETS; `FrameDamaged` where one counts what cannot be there."""
        if (run.sizes < PACKETS_HEAD.size).any():
            _refuse(run, np.ones(len(run), np.bool_))
        everywhere = (max(len(run.data) - PACKETS_HEAD.size + 1, 0),)
        heads = np.ndarray(everywhere, PACKETS_HEAD_DTYPE, run.data, strides=(1,))[run.begins]
        made = cls(
            clock_offsets_us=heads["clock_offset_us"].astype(np.int64),
            packets=heads["packets"].astype(np.int64),
            sources=heads["sources"].astype(np.int64),
        )
        wrong = (made.packets == 0) | (made.sources == 0) | (made.sources > MAX_SOURCES)
        wrong |= (heads["zeros"] != 0) | (run.at_us > MAX_AT_US)
        # 2^64 less the packets, as unsigned numbers count.
        wrong |= run.serials > np.uint64(0) - made.packets.astype(np.uint64)
        _refuse(run, wrong | (made.datagrams_at > run.sizes))
        return made


def _refuse(run: FrameRun, wrong: NDArray[np.bool_]) -> None:
    """Read the wrong ones by themselves, so that the first says what is wrong with it."""
    for index in np.flatnonzero(wrong).tolist():
        PacketsHead.read(run.frame(index))


def decode_packets(frame: Frame) -> Packets:
    """Read a PACKETS frame; `FrameDamaged` where its counts, sources and lengths do not agree.

    Copies the columns, not the datagrams; what it allocates is bounded by the payload.
    """
    payload = memoryview(frame.payload)
    head = PacketsHead.read(frame)
    columns = np.frombuffer(payload, PACKET_DTYPE, head.packets, head.columns_at)
    lengths = columns["length"].astype(np.int64)
    ends = np.cumsum(lengths)
    if head.datagrams_at + int(ends[-1]) != len(payload):
        raise FrameDamaged(frame.position, "its lengths do not add up to its datagrams")
    if int(columns["source"].max()) >= head.sources:
        raise FrameDamaged(frame.position, "a packet is of a source that is not listed")
    return Packets(
        stream=frame.stream,
        rtcp=bool(frame.flags & RTCP_FLAG),
        at_us=frame.at_us,
        clock_offset_us=head.clock_offset_us,
        serials=np.arange(head.packets, dtype=np.uint64) + np.uint64(frame.serial),
        arrivals_us=columns["offset_us"].astype(np.int64) + frame.at_us,
        lengths=lengths,
        starts=ends - lengths,
        source_index=columns["source"].copy(),
        flags=columns["flags"].copy(),
        sources=_sources(payload[PACKETS_HEAD.size : head.columns_at]),
        data=payload[head.datagrams_at :],
    )


def _sources(entries: memoryview) -> tuple[Source, ...]:
    return tuple(Source(address, port) for address, port, _ in SOURCE.iter_unpack(entries))
