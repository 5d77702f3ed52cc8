"""Reading the text of a plan, piece by piece."""

from dataclasses import replace

import pytest

from archive.errors import KeyRefused
from archive.keys.errors import Refusal
from archive.keys.guard.plan_text import MAX_LINE_BYTES, PlanReading
from archive.lifecycle.plan_text import TextPiece, pieces_of
from tests.archive.keys.plan_texts import sha256_of, text_of
from tests.archive.keys.vault import PLAN, recording

SAID = [(recording(number), number + 1) for number in range(600)]
LINES = text_of(SAID)
PIECES = list(pieces_of(LINES))
BEGUN = PlanReading(PLAN)


def test_what_stands_in_the_text_is_taken() -> None:
    """With the numbers of keys; the digest is that of all of it."""
    reading, taken = BEGUN, []
    for piece in PIECES:
        reading, some = reading.read(piece)
        taken += some

    assert sorted(taken) == SAID
    assert (reading.sha256, reading.rest) == (sha256_of(LINES), b"")


@pytest.mark.parametrize("cut", [1, 25, 26, 40, 100, 250])
def test_a_line_may_come_in_two_pieces(cut: int) -> None:
    """Where it is longer than a message."""
    text = "".join(each.text for each in LINES[:5]).encode()
    ids = [(each.recording.raw if each.recording else b"", each.keys) for each in LINES[:5]]
    ended = text[:cut].count(b"\n")
    first, taken = BEGUN.read(TextPiece(0, text[:cut], tuple(ids[:ended])))
    second, more = first.read(TextPiece(cut, text[cut:], tuple(ids[ended:])))

    assert len(taken) + len(more) == 3
    assert second.sha256 == sha256_of(LINES[:5])


def test_an_id_of_another_line_is_an_alteration() -> None:
    """The digest that two persons approved stands there, the recording that goes would not."""
    (*others, _) = PIECES[0].lines
    swapped = replace(PIECES[0], lines=(*others, (recording(9_999).raw, 1)))
    of_head = replace(PIECES[0], lines=((recording(1).raw, 1), *PIECES[0].lines[1:]))

    for altered in (swapped, of_head):
        with pytest.raises(KeyRefused, match=Refusal.PLAN_ALTERED):
            BEGUN.read(altered)


def test_a_piece_that_is_not_the_next_one_is_out_of_order() -> None:
    """Lost or repeated, the digest would be of another text."""
    behind, _ = BEGUN.read(PIECES[0])

    for wrong in (PIECES[0], replace(PIECES[1], at=PIECES[1].at + 1)):
        with pytest.raises(KeyRefused, match=Refusal.OUT_OF_ORDER):
            behind.read(wrong)


@pytest.mark.parametrize(
    "piece",
    [
        replace(PIECES[0], lines=PIECES[0].lines[:-1]),
        replace(PIECES[0], lines=(*PIECES[0].lines, (b"", 0))),
        TextPiece(0, bytes(MAX_LINE_BYTES + 1), ()),
    ],
)
def test_what_no_text_looks_like_is_malformed(piece: TextPiece) -> None:
    """An id more than lines, and a line without an end, which would fill the memory."""
    with pytest.raises(KeyRefused, match=Refusal.MALFORMED):
        BEGUN.read(piece)
