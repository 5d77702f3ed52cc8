"""What the self-test sends as RTCP: sender report with source description, and goodbye.

Pure bytes (RFC 3550 §6). Knows nothing of sockets or clocks.
"""

import struct
from typing import Final

_SENDER_REPORT: Final = struct.Struct(">BBHIIIIII")
_SOURCE_CHUNK: Final = struct.Struct(">BBHI")
_SENDER_REPORT_TYPE: Final = 200
_DESCRIPTION_TYPE: Final = 202
_GOODBYE_TYPE: Final = 203
_CNAME: Final = 1
_VERSION_2: Final = 0x80
_ONE_CHUNK: Final = 0x81
# Seconds from 1900, where NTP begins, to 1970.
_NTP_OFFSET_S: Final = 2_208_988_800
_MICROSECONDS: Final = 1_000_000


def sender_report(ssrc: int, at_us: int, timestamp: int, packets: int, octets: int) -> bytes:
    """An SR without report blocks (RFC 3550 §6.4.1); `timestamp`: RTP time of `at_us` (UTC)."""
    seconds, rest_us = divmod(at_us, _MICROSECONDS)
    return _SENDER_REPORT.pack(
        _VERSION_2,
        _SENDER_REPORT_TYPE,
        _SENDER_REPORT.size // 4 - 1,
        ssrc,
        (seconds + _NTP_OFFSET_S) & 0xFFFFFFFF,
        (rest_us << 32) // _MICROSECONDS,
        timestamp & 0xFFFFFFFF,
        packets & 0xFFFFFFFF,
        octets & 0xFFFFFFFF,
    )


def description(ssrc: int, cname: bytes) -> bytes:
    """An SDES with the CNAME alone (RFC 3550 §6.5)."""
    item = bytes((_CNAME, len(cname))) + cname
    item += bytes(4 - len(item) % 4)  # at least one zero ends the list
    words = (_SOURCE_CHUNK.size + len(item)) // 4 - 1
    return _SOURCE_CHUNK.pack(_ONE_CHUNK, _DESCRIPTION_TYPE, words, ssrc) + item


def goodbye(ssrc: int) -> bytes:
    """A BYE (RFC 3550 §6.6)."""
    return _SOURCE_CHUNK.pack(_ONE_CHUNK, _GOODBYE_TYPE, 1, ssrc)
