"""Stored recordings as sound: one time line, one WAV, whatever they are made of.

Opens parts in the archive and asks the key daemon under a grant. Knows nothing of HTTP.
"""

import asyncio
import weakref
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from api.calls import Rendering, Waveform
from archive.catalog.calls import StoredRecording
from archive.grants import ListenGrant
from archive.keys.client import KeyClient
from archive.reading.dat import encode_peaks
from archive.reading.joined import join
from archive.reading.silences import silences_in
from archive.stored_audio import open_recording


@dataclass(frozen=True, slots=True)
class ArchivedAudio:
    """The API's source of sound: opens parts in the archive, asks the key daemon under a grant."""

    folder: Path
    keys: KeyClient

    async def open(self, recordings: Sequence[StoredRecording], grant: ListenGrant) -> Rendering:
        """The recordings of one call on one time line, oldest first."""
        return await asyncio.to_thread(self._open, recordings, grant)

    def _open(self, recordings: Sequence[StoredRecording], grant: ListenGrant) -> Rendering:
        with ExitStack() as stack:
            readers = [
                stack.enter_context(open_recording(self.folder, self.keys, one, grant))
                for one in recordings
            ]
            joined = join(readers)
            # The answer is read piece by piece; keys and files go when nobody holds it any more.
            weakref.finalize(joined, stack.pop_all().close)
        return joined

    async def peaks(self, recording: StoredRecording, grant: ListenGrant) -> Waveform:
        """The waveform of one recording, as audiowaveform writes it (.dat, version 2)."""
        return await asyncio.to_thread(self._peaks, recording, grant)

    def _peaks(self, recording: StoredRecording, grant: ListenGrant) -> Waveform:
        with open_recording(self.folder, self.keys, recording, grant) as reader:
            data = encode_peaks(reader.peaks(), reader.timeline.sample_rate_hz)
            return Waveform(data, silences_in(reader.timeline))
