"""Stored recordings as sound for the API: one time line, one WAV, whatever they are made of.

Knows nothing of HTTP or of who listens.
"""

import asyncio
import hashlib
import struct
import weakref
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from api.retrieval import Rendering, Waveform
from archive.catalog.calls import StoredRecording
from archive.grants import ListenGrant
from archive.keys.client import KeyClient
from archive.reading import recording as reading
from archive.reading.peaks import PEAKS_PER_S
from archive.reading.silences import silences_in
from archive.reading.wav import WavShape, header
from rokuon.compose.audio import open_recording
from rokuon.compose.copies import distinct
from rokuon.config.schema import Config

Samples = npt.NDArray[np.int32]

US_PER_S: Final = 1_000_000
# audiowaveform's .dat: version, flags (1 = 8 bits), rate, samples per bin, bins, channels.
PEAKS_HEAD: Final = struct.Struct("<iIiiIi")
PEAKS_VERSION: Final = 2
PEAKS_8_BITS: Final = 1


@dataclass(frozen=True, slots=True)
class Placed:
    """A recording's WAV and the sample of the common time line at which it begins."""

    rendering: reading.Rendering
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


def _samples(rendering: reading.Rendering, first: int, end: int) -> npt.NDArray[np.int16]:
    width = rendering.shape.frame_bytes
    lead = rendering.total_bytes - rendering.shape.data_bytes
    raw = rendering.read(lead + first * width, lead + end * width)
    return np.frombuffer(raw, "<i2").reshape(-1, rendering.channels)


@dataclass(frozen=True, slots=True)
class ArchivedAudio:
    """The API's source of sound: opens parts in the archive, asks the key daemon under a grant."""

    config: Config
    keys: KeyClient

    async def open(self, recordings: Sequence[StoredRecording], grant: ListenGrant) -> Rendering:
        """The recordings of one call on one time line, oldest first."""
        return await asyncio.to_thread(self._open, recordings, grant)

    def _open(self, recordings: Sequence[StoredRecording], grant: ListenGrant) -> Rendering:
        with ExitStack() as stack:
            readers = [
                stack.enter_context(open_recording(self.config, self.keys, one, grant))
                for one in recordings
            ]
            zero_us = min(reader.timeline.start_us for reader in readers)
            heard = distinct(readers)
            rate_hz = max(reader.timeline.sample_rate_hz for reader in heard)
            joined = Joined([_placed(reader, zero_us, rate_hz) for reader in heard])
            # The answer is read piece by piece; keys and files go when nobody holds it any more.
            weakref.finalize(joined, stack.pop_all().close)
        return joined

    async def peaks(self, recording: StoredRecording, grant: ListenGrant) -> Waveform:
        """The waveform of one recording, as audiowaveform writes it (.dat, version 2)."""
        return await asyncio.to_thread(self._peaks, recording, grant)

    def _peaks(self, recording: StoredRecording, grant: ListenGrant) -> Waveform:
        with open_recording(self.config, self.keys, recording, grant) as reader:
            data = encode_peaks(reader.peaks(), reader.timeline.sample_rate_hz)
            return Waveform(data, silences_in(reader.timeline))


def _placed(reader: reading.RecordingReader, zero_us: int, rate_hz: int) -> Placed:
    first = (reader.timeline.start_us - zero_us) * rate_hz // US_PER_S
    return Placed(reader.rendering(rate_hz=rate_hz), first)


def encode_peaks(lanes: Sequence[reading.LanePeaks], rate_hz: int) -> bytes:
    """Lanes of equal length as one .dat file: of each bin, lowest and highest of each lane."""
    low = np.stack([np.frombuffer(lane.low, np.int8) for lane in lanes], axis=1)
    high = np.stack([np.frombuffer(lane.high, np.int8) for lane in lanes], axis=1)
    bins, channels = low.shape
    size = rate_hz // PEAKS_PER_S
    head = PEAKS_HEAD.pack(PEAKS_VERSION, PEAKS_8_BITS, rate_hz, size, bins, channels)
    return head + np.stack([low, high], axis=2).tobytes()
