"""What one side of a self-test call has heard: packets with their arrival, and the sound they make.

Pure. Knows nothing of sockets or of who said what.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from archive.reading.sound.g711 import decode
from rokuon.selftest.slot import RTP_HEADER_BYTES
from rokuon.selftest.speech_files import PACKET_SAMPLES

_VERSION_2: Final = 0x80
_TYPE_MASK: Final = 0x7F
_PCMU: Final = 0
_HALF: Final = 1 << 31
_WORD: Final = 1 << 32
# A self-test is shorter than this; a timestamp further on is a jump, and no silence.
MAX_SAMPLES: Final = 8_000 * 180


@dataclass(frozen=True, slots=True)
class HeardPacket:
    """20 ms of G.711 µ-law as they came."""

    at_s: float
    ssrc: int
    timestamp: int
    payload: bytes

    @classmethod
    def parse(cls, datagram: bytes, at_s: float) -> Self | None:
        """What a datagram says; None for anything but µ-law in RTP without extensions."""
        is_speech = (
            len(datagram) > RTP_HEADER_BYTES
            and datagram[0] == _VERSION_2
            and datagram[1] & _TYPE_MASK == _PCMU
        )
        if not is_speech:
            return None
        timestamp, ssrc = int.from_bytes(datagram[4:8]), int.from_bytes(datagram[8:12])
        return cls(at_s, ssrc, timestamp, datagram[RTP_HEADER_BYTES:])


@dataclass(frozen=True, slots=True)
class Heard:
    """Everything that one side heard, in the order of its arrival."""

    packets: tuple[HeardPacket, ...]

    @property
    def voices(self) -> int:
        """How many SSRCs spoke: a back-to-back call is one voice to its party."""
        return len({packet.ssrc for packet in self.packets})

    def sound(self) -> NDArray[np.int16]:
        """The packets on one line by their timestamps; what did not come is silence."""
        places = [(self._place(packet), packet) for packet in self.packets]
        kept = [(at, packet) for at, packet in places if 0 <= at < MAX_SAMPLES]
        end = max((at + len(packet.payload) for at, packet in kept), default=0)
        line = np.zeros(end, np.int16)
        for at, packet in kept:
            samples = decode(np.frombuffer(packet.payload, np.uint8), "PCMU")
            line[at : at + len(samples)] = samples
        return line

    def arrival_of(self, sample: int) -> float:
        """When the packet came that holds a sample of the line, or the one before; 0 for none."""
        earlier = [each.at_s for each in self.packets if self._place(each) <= sample]
        return max(earlier, default=0.0)

    def of(self, said: Collection[bytes]) -> "Heard":
        """Those packets that are, byte for byte, among what somebody said."""
        return Heard(tuple(packet for packet in self.packets if packet.payload in said))

    def since(self, at_s: float) -> "Heard":
        return Heard(tuple(packet for packet in self.packets if packet.at_s >= at_s))

    def _place(self, packet: HeardPacket) -> int:
        """Samples after the first packet."""
        apart = (packet.timestamp - self.packets[0].timestamp) % _WORD
        return apart - _WORD if apart >= _HALF else apart


def words_of(speech: bytes) -> frozenset[bytes]:
    """The packets of a speech, to be found among what was heard."""
    starts = range(0, len(speech), PACKET_SAMPLES)
    return frozenset(speech[start : start + PACKET_SAMPLES] for start in starts)


def heard_of(datagrams: Iterable[tuple[bytes, float]]) -> Heard:
    """The packets among datagrams and the times of their arrival."""
    parsed = (HeardPacket.parse(datagram, at_s) for datagram, at_s in datagrams)
    return Heard(tuple(packet for packet in parsed if packet is not None))
