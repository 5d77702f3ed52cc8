"""Copies of recordings that are taken away, and what a copy does not say itself.

Knows nothing of the web, nor of how a recording is opened.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from api.access.authorization import Door
from api.calls.recording_forms import AudioSource, ExportNotes
from api.permissions.actor import Actor
from api.permissions.errors import NotFound, TooManyExports
from archive.catalog.access.grants import ExportGrant
from archive.catalog.database.engine import read
from archive.catalog.journal.entries import Detail
from archive.catalog.search.calls import StoredRecording, stored
from archive.ids import RecordingId
from archive.reading.export_forms import ExportForm

# A copy that is packed is held in memory while it goes.
MAX_AT_ONCE: Final = 4


class ExportSlots:
    """Places for copies that are under way; each may hold a whole call in memory."""

    def __init__(self, places: int = MAX_AT_ONCE) -> None:
        self._free = threading.BoundedSemaphore(places)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Keep one while the block lasts; raises `TooManyExports` where none is free."""
        if not self._free.acquire(blocking=False):
            raise TooManyExports("as many copies are being made as may")
        try:
            yield
        finally:
            self._free.release()


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that goes away: the recording's begin, µs UTC, and its bytes piece by piece."""

    begun_us: int
    pieces: Iterator[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exports:
    """Copies of one recording at a time."""

    door: Door
    audio: AudioSource
    room: ExportSlots

    async def export(self, actor: Actor, recording: RecordingId, form: ExportForm) -> Copy:
        """A copy; it blocks while a piece is made.

        Raises `Refused`, `NotFound`; the pieces raise `TooManyExports`, `KeyUnavailable`,
        `RecordingDamaged`, `CodecUnavailable`, `TooManyLanes`.
        """
        found, granted = await self._granted(actor, recording, {"format": form.value})
        return Copy(found.found.started_us, self._pieces(found, granted, form))

    async def notes(self, actor: Actor, recording: RecordingId) -> ExportNotes:
        """What belongs beside a copy; raises as `export` and its pieces do."""
        found, granted = await self._granted(actor, recording, {"what": "notes"})
        return await self.audio.notes(found, granted)

    async def _granted(
        self, actor: Actor, recording: RecordingId, detail: dict[str, Detail]
    ) -> tuple[StoredRecording, ExportGrant]:
        granted = await self.door.grant(actor, ExportGrant, recording, detail)
        found = await read(self.door.engine, lambda c: stored(c, recording, granted))
        if not found:
            raise NotFound("no such recording")
        return found[0], granted

    def _pieces(
        self, found: StoredRecording, granted: ExportGrant, form: ExportForm
    ) -> Iterator[bytes]:
        with self.room.place():
            yield from self.audio.copy(found, granted, form)
