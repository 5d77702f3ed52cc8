"""Stored recordings opened for reading: where their parts lie, and how each key is asked for.

Knows nothing of who may hear what: it takes a grant.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from errno import errorcode
from pathlib import Path

from archive.call.archived_recording import MISSING
from archive.call.events import Side
from archive.call.legs import Decided
from archive.catalog.access.grants import ExportGrant, ListenGrant, TraceGrant, VerifyGrant
from archive.catalog.search.calls import StoredPart, StoredRecording
from archive.errors import RecordingLost, RecordingMissing, RecordingUnreadable
from archive.keys.client.key_client import KeyClient
from archive.reading.recording import PartOnDisk, RecordingReader

AudioGrant = ListenGrant | ExportGrant | VerifyGrant | TraceGrant


def open_recording(
    folder: Path, keys: KeyClient, recording: StoredRecording, grant: AudioGrant
) -> RecordingReader:
    """Open a recording's parts in the archive `folder`.

    Raises `KeyUnavailable`, `RecordingDamaged`, `RecordingUnreadable`, `RecordingLost`.
    """
    if not recording.parts:
        is_missing = recording.found.state == MISSING
        raise (RecordingMissing if is_missing else RecordingLost)(recording.found.state)
    parts = [part_on_disk(folder, keys, part, grant) for part in recording.parts]
    with _unreadable_named():
        return RecordingReader(parts, sides=sides_of(recording))


def open_page(
    folder: Path, keys: KeyClient, parts: Sequence[StoredPart], grant: AudioGrant
) -> RecordingReader:
    """Open a ledger page's parts: nobody speaks in it. Raises as `open_recording` does."""
    on_disk = [part_on_disk(folder, keys, part, grant) for part in parts]
    with _unreadable_named():
        return RecordingReader(on_disk, sides={})


@contextmanager
def _unreadable_named() -> Iterator[None]:
    """The error names no path: who listens is told none."""
    try:
        yield
    except OSError as failed:
        raise RecordingUnreadable(errorcode.get(failed.errno or 0, "")) from failed


def sides_of(recording: StoredRecording) -> dict[int, Decided]:
    """The side of each stream as the index knows it, which knows the table of agents too.

    A stream on which both sides speak is left out; of a guess and what is known the latter counts.
    """
    found: dict[int, dict[Side, Decided]] = {}
    for leg in recording.found.legs:
        for each in leg.streams:
            if each.way == "sends":
                sides = found.setdefault(each.stream, {})
                if leg.decided.side not in sides or not leg.decided.is_guessed:
                    sides[leg.decided.side] = leg.decided
    return {
        stream: next(iter(sides.values())) for stream, sides in found.items() if len(sides) == 1
    }


def data_key_of(keys: KeyClient, part: StoredPart, grant: AudioGrant) -> bytearray:
    """The key of a part under the grant's entry; zero it after use. Raises `KeyUnavailable`."""
    return keys.open(part.key_id, grant.line.told)


def part_on_disk(folder: Path, keys: KeyClient, part: StoredPart, grant: AudioGrant) -> PartOnDisk:
    """Where a part lies; its key is asked for when it is opened."""
    return PartOnDisk(
        path=folder / part.path,
        data_key=lambda: data_key_of(keys, part, grant),
        map_path=folder / part.map_path if part.map_path else None,
    )
