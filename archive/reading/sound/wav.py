"""WAV headers by hand: exact sizes known before the first sample, RF64 above 4 GiB.

Pure bytes. Knows nothing of where the samples come from.
"""

import struct
from dataclasses import dataclass
from typing import Final

SAMPLE_BYTES: Final = 2
_U32_MAX: Final = 0xFFFFFFFF
_PCM: Final = 1
_EXTENSIBLE: Final = 0xFFFE
# More than two channels need the extensible format (Microsoft, "Multiple channel audio data").
PLAIN_CHANNELS: Final = 2
# KSDATAFORMAT_SUBTYPE_PCM without its first two bytes, which are the plain tag.
_PCM_GUID_TAIL: Final = bytes.fromhex("000000001000800000aa00389b71")


@dataclass(frozen=True, slots=True, kw_only=True)
class WavShape:
    """PCM of 16 bits: how many channels, how fast, how many samples per channel."""

    channels: int
    sample_rate: int
    samples: int

    def __post_init__(self) -> None:
        assert self.channels > 0
        assert self.sample_rate > 0
        assert self.samples >= 0

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample of all channels."""
        return SAMPLE_BYTES * self.channels

    @property
    def data_bytes(self) -> int:
        """Bytes of all samples."""
        return self.samples * self.frame_bytes


def _format(shape: WavShape) -> bytes:
    tag = _PCM if shape.channels <= PLAIN_CHANNELS else _EXTENSIBLE
    rate_bytes = shape.sample_rate * shape.frame_bytes
    head = (tag, shape.channels, shape.sample_rate, rate_bytes, shape.frame_bytes)
    body = struct.pack("<HHIIHH", *head, 8 * SAMPLE_BYTES)
    if tag == _EXTENSIBLE:
        body += struct.pack("<HHIH", 22, 8 * SAMPLE_BYTES, 0, _PCM) + _PCM_GUID_TAIL
    return b"fmt " + struct.pack("<I", len(body)) + body


def header(shape: WavShape) -> bytes:
    """Build all before the first sample: RIFF, or RF64 (EBU Tech 3306) where 32 bits fail."""
    layout = _format(shape)
    riff_bytes = 4 + len(layout) + 8 + shape.data_bytes
    if riff_bytes <= _U32_MAX:
        opening = struct.pack("<4sI4s", b"RIFF", riff_bytes, b"WAVE")
        return opening + layout + struct.pack("<4sI", b"data", shape.data_bytes)
    sizes = struct.pack("<QQQI", riff_bytes + 36, shape.data_bytes, shape.samples, 0)
    opening = struct.pack("<4sI4s4sI", b"RF64", _U32_MAX, b"WAVE", b"ds64", len(sizes)) + sizes
    return opening + layout + struct.pack("<4sI", b"data", _U32_MAX)
