"""Reads the text of a plan as it comes in pieces: its SHA-256, and which recordings stand in it.

Pure. A recording is taken where its own digest is that of its line. Knows nothing of tables, or of
which text was approved.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from archive.errors import KeyRefused
from archive.ids import PlanId, RecordingId
from archive.keys.errors import Refusal
from archive.lifecycle.plan_text import TextPiece, is_line_of
from archive.lifecycle.tombstone import digest_of

# A thousand rules with the longest names, and more: what has no end of line is no text of a plan.
MAX_LINE_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class PlanReading:
    """How much of a plan's text was read: `at` bytes, of which `rest` is a line without its end."""

    plan: PlanId
    at: int = 0
    rest: bytes = b""
    _sha256: Any = field(default_factory=hashlib.sha256)

    @property
    def sha256(self) -> bytes:
        """Of all that was read."""
        return bytes(self._sha256.digest())

    def read(self, piece: TextPiece) -> tuple[Self, Sequence[tuple[RecordingId, int]]]:
        """Behind the next piece, with the recordings that stand in it.

        Raises `KeyRefused`: `out_of_order`, `malformed`, or `plan_altered` where a recording is
        said to be in a line that is of another one.
        """
        if piece.at != self.at:
            raise KeyRefused(Refusal.OUT_OF_ORDER)
        *lines, rest = (self.rest + piece.text).split(b"\n")
        if len(lines) != len(piece.lines) or len(rest) > MAX_LINE_BYTES:
            raise KeyRefused(Refusal.MALFORMED)
        sha256 = self._sha256.copy()
        sha256.update(piece.text)
        behind = type(self)(self.plan, self.at + len(piece.text), rest, sha256)
        said = zip(lines, piece.lines, strict=True)
        return behind, [(_of_line(line, raw), keys) for line, (raw, keys) in said if raw]


def _of_line(line: bytes, raw: bytes) -> RecordingId:
    recording = RecordingId(raw)
    if not is_line_of(line, digest_of(recording)):
        raise KeyRefused(Refusal.PLAN_ALTERED)
    return recording
