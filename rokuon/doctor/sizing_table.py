"""How much a number of calls needs: ports, descriptors, buffers, disk.

Pure arithmetic over two-stream G.711 calls at 20 ms; an inline call has two sides, and its played
notice comes from their ports. Knows nothing of this machine.
"""

import math
from dataclasses import dataclass
from typing import Final

from rokuon.config.schema import RtpSettings

STREAMS_PER_CALL: Final = 2
PORTS_PER_PAIR: Final = 2
PACKETS_PER_S: Final = 50
# What the kernel charges a receive buffer for one small datagram (truesize of its skb).
DATAGRAM_CHARGE_BYTES: Final = 832
# Pairs that rest in quarantine or are kept for emergency calls: a tenth of the range.
RESERVE: Final = 0.1
# docs/capture.md: 19 kB/s for a call of two streams.
CALL_BYTES_PER_HOUR: Final = 69_000_000
# Log, sockets between parts, spool files, libraries: what a process has open besides media.
OTHER_DESCRIPTORS: Final = 1_024
# A worker that stalls this long must not make the kernel drop.
STALL_S: Final = 2.0
BUSY_HOURS_PER_DAY: Final = 10
CALLS_SHOWN: Final = (100, 500, 1_000, 2_000, 4_500, 10_000)


def pairs_for(calls: int) -> int:
    """Port pairs that so many two-stream calls need, with what rests in quarantine."""
    return math.ceil(calls * STREAMS_PER_CALL / (1 - RESERVE))


def pairs_in(rtp: RtpSettings) -> int:
    """Port pairs of a range."""
    return (rtp.last_port - rtp.first_port) // PORTS_PER_PAIR + 1


def calls_in(rtp: RtpSettings) -> int:
    """Two-stream calls that a range can hold at once."""
    return int(pairs_in(rtp) * (1 - RESERVE) / STREAMS_PER_CALL)


def descriptors_for(pairs: int) -> int:
    """Descriptors of the holder, which opens every pair once."""
    return pairs * PORTS_PER_PAIR + OTHER_DESCRIPTORS


def buffer_s(rmem_max_bytes: int) -> float:
    """Seconds of one stream that a receive buffer holds; the kernel doubles what is asked for."""
    return 2 * rmem_max_bytes / DATAGRAM_CHARGE_BYTES / PACKETS_PER_S


def udp_bytes_for(calls: int) -> int:
    """Kernel memory for every stream's datagrams during a stall."""
    return int(calls * STREAMS_PER_CALL * PACKETS_PER_S * STALL_S * DATAGRAM_CHARGE_BYTES)


def hours_left(free_bytes: int, calls: int) -> float:
    """How long the spool lasts when nothing is adopted and every line is busy."""
    return free_bytes / (calls * CALL_BYTES_PER_HOUR)


@dataclass(frozen=True, slots=True, kw_only=True)
class SizingRow:
    """One line of the sizing table."""

    calls: int
    port_range: str
    descriptors: int
    udp_mem_pages: int
    gigabytes_per_day: int


def sizing_table(first_port: int) -> tuple[SizingRow, ...]:
    """Build the table for a range that begins at `first_port`."""
    return tuple(_row(calls, first_port) for calls in CALLS_SHOWN)


def _row(calls: int, first_port: int) -> SizingRow:
    pairs = pairs_for(calls)
    return SizingRow(
        calls=calls,
        port_range=f"{first_port}-{first_port + pairs * PORTS_PER_PAIR - 1}/udp",
        descriptors=descriptors_for(pairs),
        udp_mem_pages=math.ceil(udp_bytes_for(calls) / 4096),
        gigabytes_per_day=math.ceil(calls * CALL_BYTES_PER_HOUR * BUSY_HOURS_PER_DAY / 1e9),
    )
