"""What a slot's messages point at, read back from memory as the kernel would read it."""

import ctypes
import struct
from dataclasses import dataclass

from rokuon.selftest.sendmmsg import MMSGHDR


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet as it would leave."""

    port: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def packet_at(address: int) -> Packet:
    """The packet of the `struct mmsghdr` at `address`."""
    name, _length, vectors, count = struct.unpack("QI4xQQ", ctypes.string_at(address, 32))
    pieces = struct.unpack(f"{2 * count}Q", ctypes.string_at(vectors, 16 * count))
    data = b"".join(map(ctypes.string_at, pieces[::2], pieces[1::2]))
    (port,) = struct.unpack(">H", ctypes.string_at(name + 2, 2))
    version, kind, sequence, timestamp, ssrc = struct.unpack(">BBHII", data[:12])
    assert version == 0x80
    return Packet(port, kind >= 0x80, sequence, timestamp, ssrc, data[12:])


def packets_at(address: int, count: int) -> list[Packet]:
    """The packets of `count` messages in a row."""
    return [packet_at(address + number * MMSGHDR.itemsize) for number in range(count)]
