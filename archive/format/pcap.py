"""Classic pcap of raw IP: datagrams as received, with IP and UDP headers built around them.

Pure numpy and bytes. Knows nothing of recordings or files.
"""

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.format.packets import Source

MAGIC_US: Final = 0xA1B2C3D4
LINKTYPE_RAW: Final = 101
SNAP_BYTES: Final = 1 << 18
# RFC 4291 section 2.5.5.2: an IPv4 address in IPv6 form.
V4_MAPPED: Final = bytes(10) + b"\xff\xff"
_RECORD_BYTES: Final = 16
_UDP_BYTES: Final = 8
_UDP: Final = 17
_HOPS: Final = 64
# A recording keeps the port on which we listened, not the address: these are RFC 5737's and
# RFC 3849's addresses for documentation, so nobody mistakes them for a host.
OWN_V4: Final = bytes((192, 0, 2, 1))
OWN_V6: Final = bytes.fromhex("20010db8000000000000000000000001")

Bytes = NDArray[np.uint8]
Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Datagrams:
    """Payloads that one source sent to one of our ports: n of them, inside `data`.

    `own` is our address where it is known.
    """

    source: Source
    local_port: int
    arrivals_us: Column
    starts: Column
    lengths: Column
    data: Bytes
    own: bytes = b""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address of 16 bytes (IPv4 mapped into IPv6) and a port."""

    address: bytes
    port: int


def exchanged(sender: Endpoint, receiver: Endpoint, data: bytes, at_us: int) -> bytes:
    """One datagram from one end to another, as a record."""
    one = Datagrams(
        source=Source(sender.address, sender.port),
        local_port=receiver.port,
        arrivals_us=np.array([at_us]),
        starts=np.zeros(1, np.int64),
        lengths=np.array([len(data)]),
        data=np.frombuffer(data, np.uint8),
        own=receiver.address,
    )
    return records(one)[0]


def file_header() -> bytes:
    """Build the 24 bytes in front of the records: µs, raw IP."""
    return struct.pack(">IHHiIII", MAGIC_US, 2, 4, 0, 0, SNAP_BYTES, LINKTYPE_RAW)


def records(datagrams: Datagrams) -> list[bytes]:
    """Build one record per datagram, in the order given."""
    is_v4 = datagrams.source.address.startswith(V4_MAPPED)
    build = _v4_headers if is_v4 else _v6_headers
    heads = build(datagrams)
    _record_heads(heads, datagrams)
    rows, data = heads.tobytes(), datagrams.data.tobytes()
    width = heads.shape[1]
    spans = zip(datagrams.starts.tolist(), datagrams.lengths.tolist(), strict=True)
    return [
        rows[i * width : (i + 1) * width] + data[start : start + length]
        for i, (start, length) in enumerate(spans)
    ]


def _put(rows: Bytes, at: int, values: Column, width: int) -> None:
    for i in range(width):
        rows[:, at + i] = values >> 8 * (width - 1 - i) & 0xFF


def _record_heads(rows: Bytes, datagrams: Datagrams) -> None:
    size = rows.shape[1] - _RECORD_BYTES + datagrams.lengths
    _put(rows, 0, datagrams.arrivals_us // 1_000_000, 4)
    _put(rows, 4, datagrams.arrivals_us % 1_000_000, 4)
    _put(rows, 8, size, 4)
    _put(rows, 12, size, 4)


def _fold(sums: Column) -> Column:
    """Finish an internet checksum (RFC 1071)."""
    for _ in range(3):
        sums = (sums & 0xFFFF) + (sums >> 16)
    return ~sums & 0xFFFF


def _words(octets: bytes) -> int:
    return sum(struct.unpack(f">{len(octets) // 2}H", octets))


def _payload_sums(datagrams: Datagrams) -> Column:
    """Sum each payload as 16-bit words, an odd last byte padded with zero; shape (n,)."""
    lengths = datagrams.lengths
    ends = np.cumsum(lengths)
    within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - lengths, lengths)
    octets = datagrams.data[np.repeat(datagrams.starts, lengths) + within].astype(np.int64)
    totals = np.concatenate(([0], np.cumsum(octets << np.where(within & 1, 0, 8))))
    sums: Column = totals[ends] - totals[ends - lengths]
    return sums


def _udp_headers(rows: Bytes, datagrams: Datagrams, addresses: int) -> None:
    at = rows.shape[1] - _UDP_BYTES
    size = datagrams.lengths + _UDP_BYTES
    ports = datagrams.source.port + datagrams.local_port
    sums = addresses + _UDP + 2 * size + ports + _payload_sums(datagrams)
    checks = _fold(sums)
    _put(rows, at, np.full_like(size, datagrams.source.port), 2)
    _put(rows, at + 2, np.full_like(size, datagrams.local_port), 2)
    _put(rows, at + 4, size, 2)
    _put(rows, at + 6, np.where(checks == 0, 0xFFFF, checks), 2)


def _fill(count: int, fixed: bytes) -> Bytes:
    """Rows of a record head, an IP header and a UDP head; shape (count, bytes)."""
    row = bytes(_RECORD_BYTES) + fixed + bytes(_UDP_BYTES)
    return np.tile(np.frombuffer(row, np.uint8), (count, 1))


def _v4_headers(datagrams: Datagrams) -> Bytes:
    source = datagrams.source.address[len(V4_MAPPED) :]
    own = datagrams.own[len(V4_MAPPED) :] or OWN_V4
    fixed = struct.pack(">BBHHHBBH", 0x45, 0, 0, 0, 0, _HOPS, _UDP, 0) + source + own
    rows = _fill(len(datagrams.lengths), fixed)
    size = datagrams.lengths + len(fixed) + _UDP_BYTES
    _put(rows, _RECORD_BYTES + 2, size, 2)
    _put(rows, _RECORD_BYTES + 10, _fold(_words(fixed) + size), 2)
    _udp_headers(rows, datagrams, _words(source + own))
    return rows


def _v6_headers(datagrams: Datagrams) -> Bytes:
    addresses = datagrams.source.address + (datagrams.own or OWN_V6)
    fixed = struct.pack(">IHBB", 6 << 28, 0, _UDP, _HOPS) + addresses
    rows = _fill(len(datagrams.lengths), fixed)
    _put(rows, _RECORD_BYTES + 4, datagrams.lengths + _UDP_BYTES, 2)
    _udp_headers(rows, datagrams, _words(addresses))
    return rows
