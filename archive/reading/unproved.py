"""Which packets of a part's SRTP streams no key proves, one by one.

Fed with frames in file order. Knows nothing of time lines or audio.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from archive.format.frames import Frame, FrameKind
from archive.format.packets import MASKED, Packets, decode_packets
from archive.reading.map_builder import read_event
from archive.reading.packets.rtp import RTCP_TYPES
from archive.reading.packets.srtp_keys import KeyRing

# A flood of forgeries is told by its first ones, and by how many more there are.
MAX_NAMED: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class UnprovedPacket:
    """A packet that is not sealed with any key of its stream; `sequence` is 0 for a report."""

    stream: int
    is_report: bool
    serial: int
    arrived_us: int
    ssrc: int
    sequence: int


class Prover:
    """Tries every packet of keyed streams; `unproved` names those that nothing fits."""

    def __init__(self) -> None:
        self._ring = KeyRing()
        self._doubtful: dict[tuple[int, bool, int], tuple[UnprovedPacket, bytes]] = {}
        self.unnamed = 0

    def hear(self, frame: Frame) -> None:
        """Take the next frame; raises `FrameDamaged`."""
        if frame.kind is FrameKind.EVENT:
            self._ring.note(read_event(frame))
        elif frame.kind is FrameKind.PACKETS and self._ring.is_keyed(frame.stream):
            packets = decode_packets(frame)
            for index in range(len(packets)):
                self._try(packets, index)

    def _try(self, packets: Packets, index: int) -> None:
        datagram = packets.datagram(index)
        is_masked = bool(packets.flags[index] & MASKED)
        is_report = packets.rtcp or (len(datagram) > 1 and datagram[1] & 0x7F in RTCP_TYPES)
        if is_masked or self._ring.proves(packets.stream, datagram, is_report=is_report):
            return
        found = _named(packets, index, datagram, is_report=is_report)
        if len(self._doubtful) >= MAX_NAMED:
            self.unnamed += 1
            return
        self._doubtful[found.stream, found.is_report, found.serial] = (found, datagram)

    def unproved(self) -> Iterator[UnprovedPacket]:
        """What is left when all keys are known: a key may be written down after its first use."""
        for found, datagram in self._doubtful.values():
            if not self._ring.proves(found.stream, datagram, is_report=found.is_report):
                yield found


def _named(packets: Packets, index: int, datagram: bytes, *, is_report: bool) -> UnprovedPacket:
    at = 4 if is_report else 8
    return UnprovedPacket(
        stream=packets.stream,
        is_report=is_report,
        serial=int(packets.serials[index]),
        arrived_us=int(packets.arrivals_us[index]),
        ssrc=int.from_bytes(datagram[at : at + 4], "big"),
        sequence=0 if is_report else int.from_bytes(datagram[2:4], "big"),
    )
