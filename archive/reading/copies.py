"""Recordings that two recorders, or two dialogs, made of the same streams: heard once.

Knows opened recordings. Knows nothing of who listens, and drops nothing that is kept.
"""

from collections.abc import Sequence

from archive.reading.packets.skew_steps import MICRO
from archive.reading.recording import RecordingReader


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
