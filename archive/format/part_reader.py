"""A part as it is read: verified plaintext, frames by range, what is left after damage, the end.

Reads through a seam and holds the keys while open. Knows nothing of catalogs, rights or audio.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from archive.errors import FrameDamaged, RecordingCut, RecordingDamaged
from archive.format.end import RECOVERED, End
from archive.format.floe import DEFAULT, Buffer, derive
from archive.format.frame_counts import Tally
from archive.format.frames import (
    HEAD_BYTES,
    MAX_PAYLOAD_BYTES,
    SYNC_BYTES,
    SYNC_PURPOSE,
    Frame,
    FrameKind,
    decode_head,
    gap_before_head,
    left_in_segment,
)
from archive.format.header import PLAIN_BYTES, HeaderBlock, aad_of
from archive.format.runs import FrameRun, find_frames, run_of
from archive.format.segments import READ_AHEAD_SEGMENTS, ReadAt, Segments, read_block

_MAX_END_SEGMENTS: Final = MAX_PAYLOAD_BYTES // PLAIN_BYTES + 2


class Signature(Enum):
    """What is known of the node's signature under a part's END: what the keeper closed has none."""

    VERIFIED = "verified"
    NOT_CHECKED = "not checked"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReport:
    """A part in which everything verifies. `packets`: RTP datagrams per stream, as counted."""

    header: HeaderBlock
    segments: int
    plain_bytes: int
    frames: int
    events: int
    packets: dict[int, int]
    end: End
    signature: Signature


@dataclass(frozen=True, slots=True)
class _Torn:
    """A frame that a killed writer left unfinished, and the head that comes next."""

    position: int
    resume: int


class PartReader:
    """One part under its data key; not for several threads at once.

    Raises `HeaderDamaged` or `RecordingCut` when the header block does not verify. The key given
    may be zeroed afterwards; `close` zeroes those derived from it.
    """

    def __init__(self, source: ReadAt, data_key: Buffer) -> None:
        block = read_block(source)
        self.header: Final = HeaderBlock.decode(block)
        self._segments = Segments(source, data_key, block)
        aad = aad_of(block)
        iv = self._segments.iv
        self.sync: Final = bytes(derive(data_key, DEFAULT, iv, SYNC_PURPOSE, aad, SYNC_BYTES))

    @property
    def header_tag(self) -> bytes:
        """FLOE's header tag, 32 bytes: commits to data key and header block."""
        return self._segments.header_tag

    @property
    def segments(self) -> int:
        """Segments of the file: a valid final one included, a torn tail not."""
        return self._segments.count

    @property
    def sealed(self) -> bool:
        """Whether the file ends with a valid final segment."""
        return self._segments.sealed

    @property
    def plain_bytes(self) -> int:
        """Length of the plaintext."""
        return self._segments.plain_bytes

    def frames(self, start: int = 0, stop: int | None = None) -> Iterator[Frame]:
        """Frames whose heads lie in a plaintext range, padding left out.

        `start` is the offset of a head (or of the zeros before it). Raises at damage, and
        `RecordingCut` behind the last frame when the range asks for more than the file holds.
        """
        for step in self._steps(start, stop):
            if isinstance(step, Frame) and step.kind is not FrameKind.PAD:
                yield step

    def _steps(self, start: int, stop: int | None) -> Iterator[Frame | _Torn]:
        limit = self.plain_bytes if stop is None else min(stop, self.plain_bytes)
        last = -(-limit // PLAIN_BYTES)
        position = start + gap_before_head(start)
        while position < limit:
            step = self._step(position, last - position // PLAIN_BYTES)
            yield step
            position = _after(step)
            position += gap_before_head(position)
        if not self.sealed and (stop is None or stop > self.plain_bytes):
            raise RecordingCut("the file ends without a final segment")

    def frames_with_damage(self, start: int = 0) -> Iterator[Frame | RecordingDamaged]:
        """All that can be read, padding left out, with each stretch of damage in its place.

        Goes on at the next sync word; a file without a final segment ends in a `RecordingCut`.
        """
        for step in self.runs_with_damage(start):
            if isinstance(step, FrameRun):
                yield from step.frames()
            else:
                yield step

    def runs_with_damage(self, start: int = 0) -> Iterator[FrameRun | RecordingDamaged]:
        """The same, many frames at once: the way of who reads all of a part."""
        position: int | None = start + gap_before_head(start)
        while position is not None and position < self.plain_bytes:
            run, behind = self._run(position)
            if len(run):
                yield run
            if behind > position:
                position = behind
                continue
            try:
                step = self._step(position, READ_AHEAD_SEGMENTS)
            except RecordingDamaged as damage:
                yield damage
                position = self.next_head(position + 1)
                continue
            if isinstance(step, Frame) and step.kind is not FrameKind.PAD:
                yield run_of([step])
            position = _after(step) + gap_before_head(_after(step))
        if not self.sealed:
            yield RecordingCut("the file ends without a final segment")

    def _run(self, position: int) -> tuple[FrameRun, int]:
        """Frames from a head on that lie whole in whole segments, and where they end.

        None where what comes next is in any way special: that is left to `_step`.
        """
        begin, plain = self._segments.run_from(position)
        run, behind = find_frames(self.sync, plain, position - begin, begin)
        return run, begin + behind + gap_before_head(begin + behind)

    def _step(self, position: int, ahead: int) -> Frame | _Torn:
        """The frame at a head, or what a killed writer left of one; raises `RecordingDamaged`.

        `ahead`: how many segments from there on will be read.
        """
        begin, read = position + HEAD_BYTES, self._segments.read
        if begin > self.plain_bytes:
            raise FrameDamaged(position, "its head is cut")
        head = decode_head(self.sync, read(position, HEAD_BYTES, ahead), position)
        end = begin + head.payload_bytes
        there = min(end, self.plain_bytes) - begin
        payload = read(begin, there, ahead)
        if left_in_segment(begin) < there:
            resume = self._torn_by(begin, end, payload)
            if resume is not None:
                return _Torn(position, resume)
        if end > self.plain_bytes:
            raise FrameDamaged(position, "its payload runs over the end of the file")
        return Frame(head.kind, head.flags, head.stream, head.at_us, head.serial, payload, position)

    def _torn_by(self, begin: int, end: int, payload: bytes) -> int | None:
        """Where in its payload a frame was overtaken by the END of who finalised the part.

        That END begins a segment, and no payload holds the sync word.
        """
        there = min(end, self.plain_bytes)
        for start in range(begin + left_in_segment(begin), there, PLAIN_BYTES):
            word = payload[start - begin : start - begin + SYNC_BYTES]
            if len(word) < SYNC_BYTES:
                word = self._segments.read(start, min(SYNC_BYTES, self.plain_bytes - start))
            if word == self.sync:
                return start
        return None

    def next_head(self, offset: int) -> int | None:
        """Plaintext offset of the first head at or behind `offset`, in a segment that verifies."""
        within = offset % PLAIN_BYTES
        for position in range(offset // PLAIN_BYTES, self.segments):
            try:
                plain = self._segments.plain(position, READ_AHEAD_SEGMENTS)
            except RecordingDamaged:
                plain = b""
            at = plain.find(self.sync, within)
            if 0 <= at <= len(plain) - HEAD_BYTES:
                return position * PLAIN_BYTES + at
            within = 0
        return None

    def end(self) -> End | None:
        """The account that closes the part; None while the file has no final segment.

        Its signature is not checked here. `FrameDamaged` where a sealed file has no END.
        """
        if not self.sealed:
            return None
        frame = self._last_frame()
        if frame.kind is not FrameKind.END or _after(frame) != self.plain_bytes:
            raise FrameDamaged(frame.position, "the last frame is no end")
        return End.decode(frame.payload, frame.position)

    def verify(
        self,
        node_public: Ed25519PublicKey | None = None,
        hear: Callable[[Frame], None] = lambda _: None,
    ) -> PartReport:
        """Read everything: each tag, each frame, what END says, and the signature, given its key.

        `hear` is given each frame that was found good. Raises the subclass of `RecordingDamaged`
        that the first damage deserves.
        """
        tally, torn = Tally(), list[_Torn]()
        for step in self._steps(0, None):
            if isinstance(step, Frame):
                tally.add(step)
                hear(step)
            else:
                torn.append(step)
        if tally.end is None:
            raise FrameDamaged(self.plain_bytes, "the part has no end")
        self._check_end(tally.end, tally, torn)
        return PartReport(
            header=self.header,
            segments=self.segments,
            plain_bytes=self.plain_bytes,
            frames=tally.frames,
            events=tally.events,
            packets=tally.packets,
            end=tally.end,
            signature=self._check_signature(tally.end, node_public),
        )

    def _last_frame(self) -> Frame:
        lowest = max(0, self.segments - _MAX_END_SEGMENTS)
        for position in range(self.segments - 1, lowest - 1, -1):
            plain = self._segments.plain(position)
            at = plain.rfind(self.sync, 0, max(0, len(plain) - HEAD_BYTES + SYNC_BYTES))
            if at >= 0:
                step = self._step(position * PLAIN_BYTES + at, READ_AHEAD_SEGMENTS)
                if isinstance(step, Frame):
                    return step
                break
        raise FrameDamaged(lowest * PLAIN_BYTES, "the part has no end")

    def _check_end(self, end: End, tally: Tally, torn: list[_Torn]) -> None:
        if end.segments != self.segments:
            raise RecordingCut("the end counts other segments than there are")
        if {stream: count for stream, count in end.packets.items() if count} != tally.packets:
            raise RecordingCut("the end counts other packets than there are")
        if torn and end.reason != RECOVERED:
            raise FrameDamaged(torn[0].position, "a frame without its end in a part that has one")

    def _check_signature(self, end: End, node_public: Ed25519PublicKey | None) -> Signature:
        if end.reason == RECOVERED:
            return Signature.RECOVERED
        if node_public is None:
            return Signature.NOT_CHECKED
        end.verify(self.header_tag, node_public)
        return Signature.VERIFIED

    def close(self) -> None:
        """Zero the derived keys; nothing can be read afterwards."""
        self._segments.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _after(step: Frame | _Torn) -> int:
    if isinstance(step, Frame):
        return step.position + HEAD_BYTES + len(step.payload)
    return step.resume
