"""What a recording must be, by the witness: datagrams byte for byte, audio by place.

Decodes G.711 by libsndfile, not by the recorder's tables. Knows nothing of SIP.
"""

import io
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import soundfile

from tests.scenarios.bodies import TELEPHONE_EVENT_TYPE
from tests.scenarios.recordings import Samples
from tests.scenarios.senders import HEADER_BYTES, PACKET_SAMPLES
from tests.scenarios.witness import Datagram

# Two stamps of one packet by one kernel.
STAMP_TOLERANCE_US: Final = 1_000
_LAWS: Final = {0: "ULAW", 8: "ALAW"}
_SAMPLE_US: Final = 125
MASK: Final = 0x2A


def same_datagrams(exported: Sequence[Datagram], seen: Sequence[Datagram]) -> None:
    """Each stream holds what was seen, in that order, at those times, and nothing else."""
    assert seen, "the witness saw no media"
    assert {d.target.port for d in exported} == {d.target.port for d in seen}
    for port in {d.target.port for d in seen}:
        ours, theirs = ([d for d in side if d.target.port == port] for side in (exported, seen))
        assert [d.payload for d in ours] == [masked(d.payload) for d in theirs]
        assert [d.source for d in ours] == [d.source for d in theirs]
        late = [abs(a.at_us - b.at_us) for a, b in zip(ours, theirs, strict=True)]
        assert max(late) <= STAMP_TOLERANCE_US, late


def masked(datagram: bytes) -> bytes:
    """A telephone event as it may be kept: header and length stay."""
    if datagram[1] & 0x7F != TELEPHONE_EVENT_TYPE:
        return datagram
    return datagram[:HEADER_BYTES] + bytes([MASK]) * (len(datagram) - HEADER_BYTES)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Packets without a gap between them: their samples, and when the first of these was sent.

    It was not sent before `begin_us`, told by the packet that came soonest after its own time,
    nor after `late_us`, by the one that came latest: a sender that is held up sends late.
    """

    begin_us: int
    late_us: int
    samples: Samples

    @classmethod
    def of(cls, run: "Sequence[_Packet]") -> "Stretch":
        """By each packet's time, counted in samples since the first."""
        samples = [packet.samples() for packet in run]
        before = np.cumsum([0, *map(len, samples[:-1])]) * _SAMPLE_US
        sent_us = np.array([packet.at_us for packet in run]) - before
        return cls(int(sent_us.min()), int(sent_us.max()), np.concatenate(samples))


def stretches(seen: Iterable[Datagram], port: int) -> list[Stretch]:
    """The audio of one RTP port, cut wherever a packet is missing or the source is another."""
    packets = sorted((_Packet.of(d) for d in seen if d.target.port == port), key=_Packet.order)
    runs: list[list[_Packet]] = []
    for packet in (p for p in packets if p.kind in _LAWS):
        if runs and packet.follows(runs[-1][-1]):
            runs[-1].append(packet)
        else:
            runs.append([packet])
    return [Stretch.of(run) for run in runs]


@dataclass(frozen=True, slots=True)
class _Packet:
    at_us: int
    kind: int
    sequence: int
    timestamp: int
    source: int
    payload: bytes

    @classmethod
    def of(cls, datagram: Datagram) -> "_Packet":
        """RFC 3550 section 5.1, without extensions: ffmpeg sends none."""
        _, kind, sequence, timestamp, source = struct.unpack_from(">BBHII", datagram.payload)
        payload = datagram.payload[HEADER_BYTES:]
        return cls(datagram.at_us, kind & 0x7F, sequence, timestamp, source, payload)

    def order(self) -> tuple[int, int]:
        """Arrival; the scenarios keep the order of a stream."""
        return self.at_us, self.sequence

    def follows(self, other: "_Packet") -> bool:
        """Whether nothing is missing between the other and this one."""
        tick = (other.timestamp + len(other.payload)) % (1 << 32)
        return (self.source, self.timestamp) == (other.source, tick)

    def samples(self) -> Samples:
        """The decode of the payload."""
        law = _LAWS[self.kind]
        decoded, _ = soundfile.read(
            io.BytesIO(self.payload),
            samplerate=8000,
            channels=1,
            format="RAW",
            subtype=law,
            dtype="int16",
        )
        return np.asarray(decoded, np.int16)


def heard_in_place(lane: Samples, expected: Sequence[Stretch], begin_us: int) -> list[int]:
    """Each stretch is there, at most a packet from when it can have been sent; else silence.

    `begin_us` is the time of the first sample. Returns the first sample of each stretch.
    """
    rest, places = lane.copy(), []
    for stretch in expected:
        assert np.any(stretch.samples), "silence proves nothing"
        near = range(*((at - begin_us) // _SAMPLE_US for at in (stretch.begin_us, stretch.late_us)))
        place = _place(lane, stretch.samples, near)
        assert place is not None, f"a stretch of {len(stretch.samples)} samples is not at {near}"
        rest[place : place + len(stretch.samples)] = 0
        places.append(place)
    assert not np.any(rest), "there is audio that nobody sent"
    return places


def _place(lane: Samples, wanted: Samples, near: range) -> int | None:
    """The first place at which the samples are found, at most a packet off those near."""
    for at in range(max(0, near.start - PACKET_SAMPLES), near.stop + PACKET_SAMPLES + 1):
        if np.array_equal(lane[at : at + len(wanted)], wanted):
            return at
    return None


def silent(lane: Samples) -> bool:
    """Whether nothing is heard."""
    return not np.any(lane)
