"""The text of a plan of destruction, line by line, and how it is cut to be sent.

Pure. What is approved is the SHA-256 of this text. Knows nothing of what makes a recording due.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from archive.ids import RecordingId

_HEAD: Final = "rokuon destruction plan 1"
# Hexadecimal, in front of every line but those of the head.
_DIGEST_CHARACTERS: Final = 64
# So much of a text, with ids of so many of its lines, fits a message (64 KiB) with room to spare.
MAX_PIECE_BYTES: Final = 24 * 1024
MAX_PIECE_LINES: Final = 512


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line with its end; of a recording that is there its id, and how many keys it has."""

    text: str
    recording: RecordingId | None = None
    keys: int = 0


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Bytes of a text behind `at` of them; `lines`: of each that ends in it the id and keys."""

    at: int
    text: bytes
    lines: tuple[tuple[bytes, int], ...]


def head_of(decided_us: int) -> Iterator[str]:
    """The lines before the first recording."""
    yield f"{_HEAD}\n"
    yield f"decided {decided_us}\n"


def line_of(digest: bytes, grounds: tuple[int, Iterable[str], str], size_bytes: int) -> str:
    """The line of a recording: by which rules of which revision what of it goes."""
    revision, rules, scope = grounds
    line = f"{digest.hex()} {revision} {size_bytes} {','.join(rules)}"
    return f"{line}\n" if scope == "whole" else f"{line} {scope}\n"


def is_line_of(line: bytes, digest: bytes) -> bool:
    return line[: _DIGEST_CHARACTERS + 1] == digest.hex().encode() + b" "


def pieces_of(lines: Iterable[TextLine]) -> Iterator[TextPiece]:
    """A text in pieces of at most `MAX_PIECE_BYTES` and `MAX_PIECE_LINES`."""
    at, text = 0, b""
    ended: list[tuple[bytes, int]] = []
    for line in lines:
        added = line.text.encode()
        if ended and (len(text) + len(added) > MAX_PIECE_BYTES or len(ended) == MAX_PIECE_LINES):
            yield TextPiece(at, text, tuple(ended))
            at, text, ended = at + len(text), b"", []
        text += added
        while len(text) > MAX_PIECE_BYTES:
            yield TextPiece(at, text[:MAX_PIECE_BYTES], ())
            at, text = at + MAX_PIECE_BYTES, text[MAX_PIECE_BYTES:]
        ended.append((line.recording.raw if line.recording else b"", line.keys))
    if text:
        yield TextPiece(at, text, tuple(ended))
