"""Prepared prompts: frames of a codec, ready to be sent, in one file.

Pure bytes; the layout is in docs/inline.md. Knows nothing of codecs or of who hears a prompt.
"""

import struct
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from capture.errors import CaptureError

MAGIC: Final = b"RKNP"
VERSION: Final = 1
HEAD_BYTES: Final = 64
# Magic, version, clock, ms and timestamp units a packet, frames, bytes a frame (0: each its own).
HEAD: Final = struct.Struct(">4sH2xIH2xIIH38x")
# Ten minutes of 20 ms packets: no notice is longer, and a file that claims more is broken.
MAX_FRAMES: Final = 30_000
# A packet that has to cross any network in one piece.
MAX_FRAME_BYTES: Final = 1_400
_LENGTH_BYTES: Final = 2


class PromptBroken(CaptureError):
    """A prompt's file is none, or not whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """Frames to be sent one every `packet_ms`, `stamp_step` units of `clock_hz` apart."""

    clock_hz: int
    packet_ms: int
    stamp_step: int
    frames: tuple[bytes, ...]

    @property
    def whole_ms(self) -> int:
        return self.packet_ms * len(self.frames)


def encode_prompt(prompt: Prompt) -> bytes:
    lengths = [len(frame) for frame in prompt.frames]
    assert 0 < len(lengths) <= MAX_FRAMES
    assert 0 < min(lengths) <= max(lengths) <= MAX_FRAME_BYTES
    common = lengths[0] if len(set(lengths)) == 1 else 0
    head = HEAD.pack(
        MAGIC, VERSION, prompt.clock_hz, prompt.packet_ms, prompt.stamp_step, len(lengths), common
    )
    table = b"" if common else struct.pack(f">{len(lengths)}H", *lengths)
    return head + table + b"".join(prompt.frames)


def parse_prompt(data: bytes) -> Prompt:
    """A prompt from its file; raises `PromptBroken`."""
    if len(data) < HEAD_BYTES:
        raise PromptBroken("a prompt is shorter than its head")
    magic, version, clock_hz, packet_ms, stamp_step, count, common = HEAD.unpack_from(data)
    if (magic, version) != (MAGIC, VERSION):
        raise PromptBroken("a prompt of another kind or version")
    if not (clock_hz and packet_ms and stamp_step and 0 < count <= MAX_FRAMES):
        raise PromptBroken("a prompt says what cannot be")
    lengths, begin = _lengths(data, count, common)
    if not all(0 < length <= MAX_FRAME_BYTES for length in lengths):
        raise PromptBroken("a prompt's frame has no length that can be sent")
    ends = list(accumulate(lengths, initial=begin))
    if ends[-1] != len(data):
        raise PromptBroken("a prompt is not as long as it says")
    frames = tuple(data[first:stop] for first, stop in pairwise(ends))
    return Prompt(clock_hz=clock_hz, packet_ms=packet_ms, stamp_step=stamp_step, frames=frames)


def _lengths(data: bytes, count: int, common: int) -> tuple[list[int], int]:
    """The frames' lengths, and where the first one begins."""
    if common:
        return [common] * count, HEAD_BYTES
    begin = HEAD_BYTES + _LENGTH_BYTES * count
    if begin > len(data):
        raise PromptBroken("a prompt is shorter than its table")
    return list(struct.unpack_from(f">{count}H", data, HEAD_BYTES)), begin
