"""What is sent to a party: one SSRC for the whole call, numbers that run on whatever the source.

Pure arithmetic on sequence numbers and timestamps (RFC 3550 §5.1). Knows nothing of packets.
"""

from typing import Final

from capture.native.layout import VoiceNumbers

SEQUENCES: Final = 1 << 16
STAMPS: Final = 1 << 32
_SEQUENCE: Final = SEQUENCES - 1
_STAMP: Final = STAMPS - 1
_HALF: Final = SEQUENCES // 2
NO_SOURCE: Final = -1
PROMPT: Final = -2


class OutgoingNumbers(VoiceNumbers):
    """Numbers of what one party hears, in memory that the compiled loop can share.

    `next_index` is the sequence of the next packet with rollovers, `stamp` and `at_s` are those of
    the last one, or of the source's first; sequence and timestamp of `source` (an SSRC as it comes)
    are shifted. `secret` names the one that our key here was made of last, and its packets are
    counted from the index `floor`. `source_index` and `source_packets` are as they were when the
    source began: for reports about it.
    """

    def __init__(
        self, *, ssrc: int, clock_hz: int, packet_ms: int, next_index: int, stamp: int
    ) -> None:
        super().__init__(
            ssrc=ssrc,
            clock_hz=clock_hz,
            packet_ms=packet_ms,
            next_index=next_index,
            stamp=stamp,
            source=NO_SOURCE,
        )

    def next_stamp(self, now_s: float) -> int:
        """The timestamp of a packet that leaves now: as much later as time has passed."""
        if not self.begun:
            return self.stamp
        elapsed = int((now_s - self.at_s) * self.clock_hz)
        return (self.stamp + max(elapsed, self.clock_hz * self.packet_ms // 1000)) & _STAMP

    def change(self, source: int, sequence: int, stamp: int, now_s: float) -> None:
        """Another source begins with these numbers."""
        self.stamp, self.at_s = self.next_stamp(now_s), now_s
        self.stamp_shift = (self.stamp - stamp) & _STAMP
        self.sequence_shift = (self.next_index - sequence) & _SEQUENCE
        self.source, self.begun = source, True
        self.source_index, self.source_packets = self.next_index, self.packets

    def index_of(self, sequence: int) -> int:
        """The index of a packet of the source, whether it is new or late; below 0: too old."""
        ahead = (sequence + self.sequence_shift - self.next_index) & _SEQUENCE
        index = self.next_index + (ahead if ahead < _HALF else ahead - SEQUENCES)
        return index if index >= self.floor else -1

    def received(self, sequence: int) -> int:
        """The index of the last packet that a party says it has received: one of ours, with our
        rollovers, for one that came late counts those since then (RFC 3550 §A.1).
        """
        last = self.next_index - 1
        return last - ((last - sequence) & _SEQUENCE)

    def key(self, secret: int) -> int:
        """Seal with a key of this secret from now on; by how much our numbers jump for it.

        Who is keyed anew takes the rollover counter for 0, and is not to miss the first packets
        before a sequence of 0 (RFC 3711 §3.3.1). The same secret goes on, whatever else changes: no
        index may come twice (§9.1), so that indices as such never go back.
        """
        former, self.secret = self.secret, secret
        if secret == former or self.next_index - self.floor < _HALF:
            return 0
        jump = -self.next_index & _SEQUENCE
        self.next_index += jump
        self.source_index += jump
        self.floor, self.source = self.next_index, NO_SOURCE
        return jump

    def sent(self, index: int, stamp: int, octets: int, now_s: float) -> None:
        """A packet has left."""
        self.packets += 1
        self.octets += octets
        if index >= self.next_index:
            self.next_index, self.stamp, self.at_s = index + 1, stamp, now_s
