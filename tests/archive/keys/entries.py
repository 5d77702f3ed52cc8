"""Entries of the journal as a key daemon is told of them, without a journal."""

import secrets

from archive.catalog.journal.entries import Action, told_text
from archive.ids import DEFAULT_TENANT, KeyId, RecordingId
from archive.keys.wire.opening_messages import Open


def entry_text(
    *recordings: RecordingId, at_us: int, action: Action = "verified", opening: bytes = b""
) -> bytes:
    """The text of an entry about these recordings."""
    line = {
        "opening": opening or secrets.token_bytes(16),
        "at_us": at_us,
        "actor": "yamada",
        "action": action,
        "target": str(recordings[0]) if recordings else "",
        "reason": "quality",
        "detail": "{}",
        "text_digest": None,
        "shown": b"".join(each.raw for each in recordings),
    }
    return told_text(line, DEFAULT_TENANT)


def open_ask(key_id: KeyId, recording: RecordingId, at_us: int) -> Open:
    """What the API asks just after it has committed the entry."""
    return Open(key_id=key_id.raw, entry=entry_text(recording, at_us=at_us))
