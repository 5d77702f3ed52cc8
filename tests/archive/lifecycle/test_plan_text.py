"""The text of a plan, and its pieces."""

import pytest

from archive.lifecycle.plan_text import (
    MAX_PIECE_BYTES,
    MAX_PIECE_LINES,
    TextLine,
    TextPiece,
    head_of,
    is_line_of,
    line_of,
    pieces_of,
)
from tests.archive.keys.plan_texts import text_of
from tests.archive.keys.vault import recording

DIGEST = bytes(range(32))


def test_a_line_says_what_goes_where_that_is_not_all() -> None:
    """As docs/destruction.md has it: two persons approve these very bytes."""
    whole = line_of(DIGEST, (2, ("a", "b"), "whole"), 7)

    assert list(head_of(5)) == ["rokuon destruction plan 1\n", "decided 5\n"]
    assert whole == f"{DIGEST.hex()} 2 7 a,b\n"
    assert line_of(DIGEST, (2, ("a",), "audio"), 7) == f"{DIGEST.hex()} 2 7 a audio\n"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        DIGEST.hex().encode(),
        DIGEST.hex().upper().encode() + b" 1",
        b" " + DIGEST.hex().encode(),
    ],
)
def test_a_line_is_that_of_its_digest_alone(line: bytes) -> None:
    """Whatever else stands in it."""
    assert is_line_of(line_of(DIGEST, (1, ("a",), "whole"), 1).encode(), DIGEST)
    assert not is_line_of(line, DIGEST)


def joined(pieces: list[TextPiece]) -> bytes:
    at = 0
    for each in pieces:
        assert each.at == at
        assert len(each.text) <= MAX_PIECE_BYTES
        assert len(each.lines) <= MAX_PIECE_LINES
        at += len(each.text)
    return b"".join(each.text for each in pieces)


def test_a_text_is_cut_into_pieces_that_a_message_holds() -> None:
    """A plan has up to 250,000 lines, and is never there as a whole."""
    lines = text_of([(recording(number), 2) for number in range(2_000)])
    pieces = list(pieces_of(lines))

    assert joined(pieces) == "".join(each.text for each in lines).encode()
    assert [each for piece in pieces for each in piece.lines] == [
        (each.recording.raw if each.recording else b"", each.keys) for each in lines
    ]
    assert all(piece.text.count(b"\n") == len(piece.lines) for piece in pieces)


def test_a_line_that_is_longer_than_a_piece_comes_in_several() -> None:
    """A recording may be due by a thousand rules."""
    rules = tuple(f"{number:064}" for number in range(1_000))
    lines = [
        TextLine("short\n"),
        TextLine(line_of(DIGEST, (1, rules, "whole"), 1), recording(1), 1),
        TextLine("after\n"),
    ]
    pieces = list(pieces_of(lines))

    assert joined(pieces) == "".join(each.text for each in lines).encode()
    assert [len(each.lines) for each in pieces] == [1, 0, 0, 2]
    assert list(pieces_of([])) == []
