"""RTCP as a recorder speaks it: sender reports read, receiver reports with SDES written.

Pure bytes (RFC 3550 §6). Knows nothing of sockets.
"""

import struct
from dataclasses import dataclass
from typing import Final

from capture.media.statistics import Reception

SENDER_REPORT: Final = 200
RECEIVER_REPORT: Final = 201
SOURCE_DESCRIPTION: Final = 202
_CNAME: Final = 1
_HEAD: Final = struct.Struct(">BBHI")
_SENDER_INFO: Final = struct.Struct(">QIII")
_BLOCK: Final = struct.Struct(">IIIIII")
_VERSION: Final = 0x80
_MAX_LOST: Final = (1 << 23) - 1
_DLSR_HZ: Final = 65_536


@dataclass(frozen=True, slots=True)
class SenderReport:
    """What a sender says of its own clock; `middle_ntp` is the LSR that a report gives back."""

    ssrc: int
    ntp: int
    timestamp: int

    @property
    def middle_ntp(self) -> int:
        """The middle 32 bits of the NTP time (RFC 3550 §6.4.1)."""
        return (self.ntp >> 16) & 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports: our SSRC and name for one stream, and what the last report said."""

    ssrc: int
    cname: bytes
    last_report: int = 0
    last_report_at_us: int = 0


def sender_report(datagram: bytes) -> SenderReport | None:
    """The first sender report of a compound packet, if it has one."""
    offset = 0
    while offset + _HEAD.size <= len(datagram):
        first, kind, words, ssrc = _HEAD.unpack_from(datagram, offset)
        whole = offset + _HEAD.size + _SENDER_INFO.size <= len(datagram)
        if first & 0xC0 == _VERSION and kind == SENDER_REPORT and whole:
            ntp, timestamp, _, _ = _SENDER_INFO.unpack_from(datagram, offset + _HEAD.size)
            return SenderReport(ssrc, ntp, timestamp)
        offset += 4 * (words + 1)
    return None


def receiver_report(reporter: Reporter, reception: Reception, now_us: int) -> bytes:
    """A compound packet: one report block (RFC 3550 §6.4.2) and SDES CNAME (§6.5.1)."""
    expected = reception.packets + reception.lost
    fraction = min(255, 256 * reception.lost // expected) if expected else 0
    lost = fraction << 24 | min(reception.lost, _MAX_LOST)
    delay = 0
    if reporter.last_report:
        delay = (now_us - reporter.last_report_at_us) * _DLSR_HZ // 1_000_000
    block = _BLOCK.pack(
        reception.ssrc,
        lost,
        reception.highest_sequence & 0xFFFFFFFF,
        reception.jitter_units & 0xFFFFFFFF,
        reporter.last_report,
        max(0, delay) & 0xFFFFFFFF,
    )
    head = _HEAD.pack(_VERSION | 1, RECEIVER_REPORT, 7, reporter.ssrc)
    return head + block + _description(reporter)


def _description(reporter: Reporter) -> bytes:
    item = bytes([_CNAME, len(reporter.cname)]) + reporter.cname + b"\0"
    item += bytes(-len(item) % 4)
    words = 1 + len(item) // 4
    return _HEAD.pack(_VERSION | 1, SOURCE_DESCRIPTION, words, reporter.ssrc) + item
