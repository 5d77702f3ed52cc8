"""What the frames of a part amount to: each payload checked, packets and events counted.

Fed with frames. Knows nothing of segments, files or keys.
"""

from typing import Final

import msgspec

from archive.call.events import decode_event
from archive.errors import FrameDamaged
from archive.format.end import ClockStep, End, Gap
from archive.format.frames import HEAD_BYTES, RTCP_FLAG, Frame, FrameKind, left_in_segment
from archive.format.packets import decode_packets


class Tally:
    """Counts of one part. `packets`: RTP datagrams per stream; `last_at_us`: µs UTC."""

    def __init__(self) -> None:
        self.frames = 0
        self.events = 0
        self.gaps = 0
        self.packets: Final[dict[int, int]] = {}
        self.last_at_us = 0
        self.end: End | None = None

    def add(self, frame: Frame) -> None:
        """Check a payload and count its frame; `FrameDamaged` where it belies its kind."""
        if self.end is not None:
            raise FrameDamaged(frame.position, "a frame after the end")
        self.frames += 1
        self.last_at_us = max(self.last_at_us, frame.at_us)
        match frame.kind:
            case FrameKind.PACKETS:
                self._add_packets(frame)
            case FrameKind.EVENT:
                self._add_event(frame)
            case FrameKind.GAP:
                Gap.decode(frame.payload, frame.position)
                self.gaps += 1
            case FrameKind.CLOCK:
                ClockStep.decode(frame.payload, frame.position)
            case FrameKind.PAD:
                _check_pad(frame)
            case FrameKind.END:
                self.end = End.decode(frame.payload, frame.position)

    def _add_packets(self, frame: Frame) -> None:
        packets = decode_packets(frame)
        self.last_at_us = max(self.last_at_us, int(packets.arrivals_us.max()))
        if not frame.flags & RTCP_FLAG:
            self.packets[frame.stream] = self.packets.get(frame.stream, 0) + len(packets)

    def _add_event(self, frame: Frame) -> None:
        try:
            decode_event(bytes(frame.payload))
        except msgspec.MsgspecError as wrong:
            raise FrameDamaged(frame.position, "the event cannot be read") from wrong
        self.events += 1


def _check_pad(frame: Frame) -> None:
    end = frame.position + HEAD_BYTES + len(frame.payload)
    if left_in_segment(end) or any(frame.payload):
        raise FrameDamaged(frame.position, "padding that is not zeros up to the segment's end")
