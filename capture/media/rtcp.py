"""RTCP as a recorder speaks it: sender reports read, receiver reports with SDES written.

Pure bytes (RFC 3550 §6). Knows nothing of sockets.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from capture.media.statistics import Reception

SENDER_REPORT: Final = 200
RECEIVER_REPORT: Final = 201
SOURCE_DESCRIPTION: Final = 202
EXTENDED_REPORT: Final = 207
_CNAME: Final = 1
_HEAD: Final = struct.Struct(">BBHI")
_SENDER_INFO: Final = struct.Struct(">QIII")
_BLOCK: Final = struct.Struct(">IIIIII")
GOODBYE: Final = 203
_VERSION: Final = 0x80
# Type, length, source, loss rate, discard rate: where the block of VoIP metrics begins.
_METRICS: Final = struct.Struct(">BxHIBBxx")
_VOIP_METRICS: Final = 7
_MAX_LOST: Final = (1 << 23) - 1
_DLSR_HZ: Final = 65_536
_NTP_EPOCH_S: Final = 2_208_988_800


@dataclass(frozen=True, slots=True)
class SenderReport:
    """What a sender says of its own clock; `middle_ntp` is the LSR that a report gives back."""

    ntp: int

    @property
    def middle_ntp(self) -> int:
        """The middle 32 bits of the NTP time (RFC 3550 §6.4.1)."""
        return (self.ntp >> 16) & 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Block:
    """What a receiver says of one source (RFC 3550 §6.4.1)."""

    ssrc: int
    lost: int
    highest_sequence: int
    jitter: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPackets:
    """What we have sent so far, and which timestamp is now."""

    timestamp: int
    packets: int
    octets: int


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
        first, kind, words, _ = _HEAD.unpack_from(datagram, offset)
        whole = offset + _HEAD.size + _SENDER_INFO.size <= len(datagram)
        if first & 0xC0 == _VERSION and kind == SENDER_REPORT and whole:
            ntp, *_ = _SENDER_INFO.unpack_from(datagram, offset + _HEAD.size)
            return SenderReport(ntp)
        offset += 4 * (words + 1)
    return None


def blocks_of(datagram: bytes) -> list[Block]:
    """The report blocks of all sender and receiver reports in a compound packet."""
    offset, found = 0, []
    while offset + _HEAD.size <= len(datagram):
        first, kind, words, _ = _HEAD.unpack_from(datagram, offset)
        if first & 0xC0 == _VERSION and kind in (SENDER_REPORT, RECEIVER_REPORT):
            at = offset + _HEAD.size + (_SENDER_INFO.size if kind == SENDER_REPORT else 0)
            for _ in range(first & 0x1F):
                if at + _BLOCK.size <= len(datagram):
                    ssrc, lost, highest, jitter, _, _ = _BLOCK.unpack_from(datagram, at)
                    found.append(Block(ssrc, _signed_lost(lost), highest, jitter))
                at += _BLOCK.size
        offset += 4 * (words + 1)
    return found


def discard_rate_of(datagram: bytes, ssrc: int) -> int | None:
    """Of 256 packets of a source that came, so many were thrown away (RFC 3611 §4.7.1).

    None where the compound packet has no such word. A phone that gets what it did not agree to says
    of nothing that it is lost.
    """
    offset = 0
    while offset + _HEAD.size <= len(datagram):
        first, kind, words, _ = _HEAD.unpack_from(datagram, offset)
        end = offset + 4 * (words + 1)
        if first & 0xC0 == _VERSION and kind == EXTENDED_REPORT:
            for at in _extended(datagram, offset + _HEAD.size, min(end, len(datagram))):
                metrics = _METRICS.unpack_from(datagram, at)
                if metrics[0] == _VOIP_METRICS and metrics[2] == ssrc:
                    return int(metrics[4])
        offset = end
    return None


def _extended(datagram: bytes, at: int, end: int) -> Iterator[int]:
    """Where the blocks of an extended report begin (RFC 3611 §3)."""
    while at + _METRICS.size <= end:
        yield at
        at += 4 * (int.from_bytes(datagram[at + 2 : at + 4], "big") + 1)


def _signed_lost(word: int) -> int:
    """24 bits below the fraction, below zero where packets came twice."""
    lost = word & 0xFFFFFF
    return lost - (1 << 24) if lost > _MAX_LOST else lost


def full_report(
    reporter: Reporter, sent: SentPackets | None, reception: Reception | None, now_us: int
) -> bytes:
    """A compound packet of one that sends, or only receives: SR or RR, then SDES CNAME (§6.1)."""
    block = b"" if reception is None else _block(reporter, reception, now_us)
    kind, info = RECEIVER_REPORT, b""
    if sent is not None:
        kind = SENDER_REPORT
        info = _SENDER_INFO.pack(
            _ntp(now_us), sent.timestamp, sent.packets & 0xFFFFFFFF, sent.octets & 0xFFFFFFFF
        )
    words = 1 + (len(info) + len(block)) // 4
    head = _HEAD.pack(_VERSION | bool(block), kind, words, reporter.ssrc)
    return head + info + block + _description(reporter)


def goodbye(reporter: Reporter) -> bytes:
    """The source is no more (RFC 3550 §6.6); a compound begins with a report, here an empty one."""
    empty = _HEAD.pack(_VERSION, RECEIVER_REPORT, 1, reporter.ssrc)
    return empty + _description(reporter) + _HEAD.pack(_VERSION | 1, GOODBYE, 1, reporter.ssrc)


def _ntp(now_us: int) -> int:
    """64 bits since 1900 (RFC 3550 §4)."""
    seconds, rest = divmod(now_us, 1_000_000)
    return (seconds + _NTP_EPOCH_S & 0xFFFFFFFF) << 32 | (rest << 32) // 1_000_000


def receiver_report(reporter: Reporter, reception: Reception, now_us: int) -> bytes:
    """A compound packet: one report block (RFC 3550 §6.4.2) and SDES CNAME (§6.5.1)."""
    head = _HEAD.pack(_VERSION | 1, RECEIVER_REPORT, 7, reporter.ssrc)
    return head + _block(reporter, reception, now_us) + _description(reporter)


def _block(reporter: Reporter, reception: Reception, now_us: int) -> bytes:
    expected = reception.packets + reception.lost
    fraction = min(255, 256 * reception.lost // expected) if expected else 0
    lost = fraction << 24 | min(reception.lost, _MAX_LOST)
    delay = 0
    if reporter.last_report:
        delay = (now_us - reporter.last_report_at_us) * _DLSR_HZ // 1_000_000
    return _BLOCK.pack(
        reception.ssrc,
        lost,
        reception.highest_sequence & 0xFFFFFFFF,
        reception.jitter_units & 0xFFFFFFFF,
        reporter.last_report,
        max(0, delay) & 0xFFFFFFFF,
    )


def _description(reporter: Reporter) -> bytes:
    item = bytes([_CNAME, len(reporter.cname)]) + reporter.cname + b"\0"
    item += bytes(-len(item) % 4)
    words = 1 + len(item) // 4
    return _HEAD.pack(_VERSION | 1, SOURCE_DESCRIPTION, words, reporter.ssrc) + item
