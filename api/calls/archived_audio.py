"""Stored recordings opened: heard on one time line, drawn, copied, their SIP messages read.

Opens parts in the archive and asks the key daemon under a grant. Nothing in clear touches a disk.
Knows nothing of HTTP.
"""

import asyncio
import weakref
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from api.calls.recording_forms import ExportNotes, RenderedFile, Waveform
from archive.call.events import SipMessage
from archive.call.notices import notices_in
from archive.catalog.access.grants import ExportGrant, ListenGrant, TraceGrant
from archive.catalog.search.calls import StoredPart, StoredRecording, not_lost
from archive.keys.client.key_client import KeyClient
from archive.reading.dat import encode_peaks
from archive.reading.export import export
from archive.reading.export_forms import ExportForm
from archive.reading.joined import join
from archive.reading.line_gaps import gaps_on, has_sound, other_sounds_on, replays_on
from archive.reading.recording import RecordingReader
from archive.reading.silences import silences_in
from archive.reading.stored_audio import open_page, open_recording
from archive.reading.waveform import CallWaveform, draw


@dataclass(frozen=True, slots=True)
class ArchivedAudio:
    """The API's source of sound: opens parts in the archive, asks the key daemon under a grant."""

    folder: Path
    keys: KeyClient

    async def open(self, recordings: Sequence[StoredRecording], grant: ListenGrant) -> RenderedFile:
        """The recordings of one call on one time line, oldest first."""
        return await asyncio.to_thread(self._open, recordings, grant)

    def _open(self, recordings: Sequence[StoredRecording], grant: ListenGrant) -> RenderedFile:
        with ExitStack() as stack:
            readers = [
                stack.enter_context(open_recording(self.folder, self.keys, one, grant))
                for one in not_lost(recordings)
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

    async def waveform(
        self, recordings: Sequence[StoredRecording], grant: ListenGrant
    ) -> CallWaveform:
        """The waveform of a call on the time line on which it is heard."""
        return await asyncio.to_thread(self._waveform, recordings, grant)

    def _waveform(self, recordings: Sequence[StoredRecording], grant: ListenGrant) -> CallWaveform:
        with ExitStack() as stack:
            return draw(
                [
                    stack.enter_context(open_recording(self.folder, self.keys, one, grant))
                    for one in not_lost(recordings)
                ]
            )

    def copy(
        self, recording: StoredRecording, grant: ExportGrant, form: ExportForm
    ) -> Iterator[bytes]:
        """The bytes of a copy, piece by piece."""
        with open_recording(self.folder, self.keys, recording, grant) as reader:
            yield from export(reader, form)

    async def notes(self, recording: StoredRecording, grant: ExportGrant) -> ExportNotes:
        """What belongs beside a copy."""
        return await asyncio.to_thread(self._notes, recording, grant)

    def _notes(self, recording: StoredRecording, grant: ExportGrant) -> ExportNotes:
        with open_recording(self.folder, self.keys, recording, grant) as reader:
            return notes_of(reader)

    async def messages(self, recording: StoredRecording, grant: TraceGrant) -> Sequence[SipMessage]:
        """The SIP messages in a recording."""

        def read() -> Sequence[SipMessage]:
            with open_recording(self.folder, self.keys, recording, grant) as reader:
                return tuple(reader.messages())

        return await asyncio.to_thread(read)

    async def page_messages(
        self, parts: Sequence[StoredPart], grant: TraceGrant
    ) -> Sequence[SipMessage]:
        """The SIP messages on a ledger page."""

        def read() -> Sequence[SipMessage]:
            with open_page(self.folder, self.keys, parts, grant) as reader:
                return tuple(reader.messages())

        return await asyncio.to_thread(read)


def notes_of(reader: RecordingReader) -> ExportNotes:
    """What an opened recording says of channels, from the left on, notices, silences, gaps."""
    line = reader.timeline
    return ExportNotes(
        channels=tuple(line.lanes[lane] for lane in line.channels),
        notices=notices_in(line.events),
        silences=tuple(silences_in(line)),
        gaps=gaps_on(line),
        replays=replays_on(line),
        other_sounds=other_sounds_on(line),
        start_us=line.start_us,
        has_sound=has_sound(line),
    )
