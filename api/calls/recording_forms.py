"""What a stored recording gives when it is opened: sound, a waveform, a copy, SIP messages.

Forms alone. Knows nothing of how recordings are opened, nor of who asks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from archive.call.events import SipMessage
from archive.call.gaps import KnownGap, KnownReplay
from archive.call.notices import Notice
from archive.call.other_sounds import OtherSound
from archive.catalog.access.grants import ExportGrant, ListenGrant, TraceGrant
from archive.catalog.search.calls import StoredPart, StoredRecording
from archive.reading.export_forms import ExportForm
from archive.reading.lanes import Lane
from archive.reading.silences import Silence
from archive.reading.waveform import CallWaveform


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportNotes:
    """What a file does not say itself: whose each channel is, what was told, why it is silent.

    `gaps`, `replays` and `other_sounds` lie on the file's own line from `start_us` on. `has_sound`:
    any packet of a party came.
    """

    channels: tuple[Lane, ...]
    notices: tuple[Notice, ...]
    silences: tuple[Silence, ...]
    gaps: tuple[KnownGap, ...] = ()
    replays: tuple[KnownReplay, ...] = ()
    other_sounds: tuple[OtherSound, ...] = ()
    start_us: int = 0
    has_sound: bool = True


@dataclass(frozen=True, slots=True)
class Waveform:
    """A waveform as audiowaveform writes it (.dat, version 2), and the silences in it."""

    data: bytes
    silences: tuple[Silence, ...] = ()


class RenderedFile(Protocol):
    """Audio as one file whose length is known before any of it is opened."""

    @property
    def total_bytes(self) -> int:
        """The length of the whole file."""

    @property
    def etag(self) -> str:
        """Names these bytes, without quotes; other bytes have another."""

    def read(self, start: int, stop: int) -> bytes:
        """The bytes from `start` until before `stop`; opens only the segments that they need.

        Blocks; raises `RecordingDamaged`, `CodecUnavailable` or `KeyUnavailable`.
        """


class AudioSource(Protocol):
    """Who turns stored recordings into sound; the key daemon is told the grant's line."""

    async def open(self, recordings: Sequence[StoredRecording], grant: ListenGrant) -> RenderedFile:
        """The recordings of one call on one time line, oldest first."""

    async def peaks(self, recording: StoredRecording, grant: ListenGrant) -> Waveform:
        """The waveform of one recording, and where it is flat for a reason."""

    async def waveform(
        self, recordings: Sequence[StoredRecording], grant: ListenGrant
    ) -> CallWaveform:
        """The waveform of a call on the time line on which it is heard."""

    def copy(
        self, recording: StoredRecording, grant: ExportGrant, form: ExportForm
    ) -> Iterator[bytes]:
        """The bytes of a copy, piece by piece; blocks, and raises as `RenderedFile.read` does."""

    async def notes(self, recording: StoredRecording, grant: ExportGrant) -> ExportNotes:
        """What belongs beside a copy."""

    async def messages(self, recording: StoredRecording, grant: TraceGrant) -> Sequence[SipMessage]:
        """The SIP messages in a recording."""

    async def page_messages(
        self, parts: Sequence[StoredPart], grant: TraceGrant
    ) -> Sequence[SipMessage]:
        """The SIP messages on a ledger page, which are those of many calls."""
