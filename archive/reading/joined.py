"""Several recordings on one time line, as one WAV: added up where they overlap.

What two recorders, or two dialogs, made of the same streams is heard once; nothing that is kept is
dropped. Knows renderings, nothing of files, keys or who listens.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from archive.reading.packets.skew_steps import MICRO
from archive.reading.recording import ALL_LANES, RecordingReader, Rendering
from archive.reading.sound.wav import WavShape, header
from archive.reading.undecoded import refuse_unheard

Samples = npt.NDArray[np.int32]

US_PER_S: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Placed:
    """A recording's WAV and the sample of the common time line at which it begins."""

    rendering: Rendering
    first: int


class Joined:
    """Several recordings on one time line: silence between them, added up where they overlap."""

    def __init__(self, pieces: Sequence[Placed]) -> None:
        self._pieces: Final = tuple(pieces)
        self._shape: Final = WavShape(
            channels=max(piece.rendering.channels for piece in pieces),
            sample_rate=max(piece.rendering.shape.sample_rate for piece in pieces),
            samples=max(piece.first + piece.rendering.samples for piece in pieces),
        )
        self._header: Final = header(self._shape)
        tags = "/".join(f"{piece.first}:{piece.rendering.etag}" for piece in pieces)
        self.etag: Final = hashlib.sha256(tags.encode()).hexdigest()[:32]

    @property
    def total_bytes(self) -> int:
        """Bytes of the whole WAV, header included."""
        return len(self._header) + self._shape.data_bytes

    def read(self, start: int, stop: int) -> bytes:
        """Bytes from `start` until before `stop`; raises `RecordingDamaged`."""
        lead, width = len(self._header), self._shape.frame_bytes
        opening = self._header[start:stop]
        first, end = max(start - lead, 0), min(stop, self.total_bytes) - lead
        if end <= first:
            return opening
        begin = first // width
        sound = self._sound(begin, -(-end // width))
        return opening + sound[first - begin * width : end - begin * width]

    def _sound(self, begin: int, end: int) -> bytes:
        mixed: Samples = np.zeros((end - begin, self._shape.channels), np.int32)
        for piece in self._pieces:
            low = max(begin, piece.first)
            high = min(end, piece.first + piece.rendering.samples)
            if low < high:
                part = _samples(piece.rendering, low - piece.first, high - piece.first)
                mixed[low - begin : high - begin, : part.shape[1]] += part
        return mixed.clip(-32_768, 32_767).astype("<i2").tobytes()


def _samples(rendering: Rendering, first: int, end: int) -> npt.NDArray[np.int16]:
    width = rendering.shape.frame_bytes
    lead = rendering.total_bytes - rendering.shape.data_bytes
    raw = rendering.read(lead + first * width, lead + end * width)
    return np.frombuffer(raw, "<i2").reshape(-1, rendering.channels)


def join(readers: Sequence[RecordingReader]) -> Joined:
    """The recordings of one call, oldest first; what two recorders made of it is heard once.

    Raises `CodecUnavailable` where no lane of any of them can be decoded.
    """
    zero_us = min(reader.timeline.start_us for reader in readers)
    heard = distinct(readers)
    refuse_unheard([(reader.timeline, ALL_LANES) for reader in heard])
    rate_hz = max(reader.timeline.sample_rate_hz for reader in heard)
    return Joined([_placed(reader, zero_us, rate_hz) for reader in heard])


def _placed(reader: RecordingReader, zero_us: int, rate_hz: int) -> Placed:
    first = (reader.timeline.start_us - zero_us) * rate_hz // US_PER_S
    return Placed(reader.rendering(rate_hz=rate_hz), first)


def distinct(readers: Sequence[RecordingReader]) -> list[RecordingReader]:
    """Those that are no copies of one before them, in their order."""
    kept: list[RecordingReader] = []
    for reader in readers:
        if not any(_is_copy(reader, other) for other in kept):
            kept.append(reader)
    return kept


def _is_copy(one: RecordingReader, other: RecordingReader) -> bool:
    """The same sources (RFC 3550 §5.1: an SSRC is its sender's alone) at the same time."""
    sources = _sources(one)
    return bool(sources) and sources <= _sources(other) and _overlap(one, other)


def _sources(reader: RecordingReader) -> set[int]:
    return {span.ssrc for part in reader.maps for stream in part.streams for span in stream.spans}


def _overlap(one: RecordingReader, other: RecordingReader) -> bool:
    (a, a_end), (b, b_end) = _stay(one), _stay(other)
    return a < b_end and b < a_end


def _stay(reader: RecordingReader) -> tuple[int, int]:
    line = reader.timeline
    return line.start_us, line.start_us + line.samples * MICRO // line.sample_rate_hz
