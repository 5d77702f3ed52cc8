"""Texts of plans as who asks the key daemon sends them."""

import hashlib
from collections.abc import Sequence

from archive.ids import RecordingId
from archive.lifecycle.plan_text import TextLine, head_of, line_of
from archive.lifecycle.tombstone import digest_of


def text_of(recordings: Sequence[tuple[RecordingId, int]]) -> list[TextLine]:
    """A plan of these recordings, each with so many keys."""
    lines = [
        TextLine(line_of(digest_of(own), (1, ("year",), "whole"), 4_096), own, keys)
        for own, keys in sorted(recordings, key=lambda each: digest_of(each[0]))
    ]
    return [*map(TextLine, head_of(1)), *lines]


def sha256_of(lines: Sequence[TextLine]) -> bytes:
    """What is approved."""
    return hashlib.sha256("".join(each.text for each in lines).encode()).digest()
