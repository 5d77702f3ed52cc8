"""Where the next page of a ranking begins."""

import random
import struct
from base64 import b64decode, urlsafe_b64encode
from dataclasses import replace

import pytest

from archive.locate.answer.cursor import CursorRefused, RankedCursor, SearchAnew, digest_of
from archive.locate.clues import Clue, QueueClue

SECRET = bytes(range(16))
DIGEST = digest_of(Clue(value=QueueClue(("契約",))), 0.06)
CURSOR = RankedCursor(
    digest=DIGEST, now_us=5, highest=90, score=12.345678, start_us=1_793_000, recording=17
)


def test_a_cursor_read_again_is_the_same_to_the_last_digit() -> None:
    """Else a candidate would be on two pages, or on none."""
    for score in (12.345678, -0.1 + 0.2, float.fromhex("0x1.fffffep+3"), -30.0):
        own = replace(CURSOR, score=score)

        assert RankedCursor.parse(own.sealed(SECRET), DIGEST, SECRET) == own


def test_nobody_reads_in_a_cursor_how_many_calls_there_are() -> None:
    """Rows are numbered through all of a tenant; two cursors have nothing of them in common."""
    one, other = (replace(CURSOR, score=score).sealed(SECRET) for score in (1.0, 2.0))
    rows = struct.pack(">QQ", CURSOR.highest, CURSOR.recording)

    assert rows not in b64decode(one, altchars=b"-_")
    assert b64decode(one, altchars=b"-_")[-16:] != b64decode(other, altchars=b"-_")[-16:]
    assert RankedCursor.parse(one, DIGEST, bytes(16)).highest != CURSOR.highest


def test_a_cursor_of_other_weights_is_to_be_searched_anew() -> None:
    """Of other clues, or of other rates."""
    for other in (
        digest_of(Clue(value=QueueClue(("解約",))), 0.06),
        digest_of(Clue(value=QueueClue(("契約",))), 0.07),
    ):
        with pytest.raises(SearchAnew):
            RankedCursor.parse(CURSOR.sealed(SECRET), other, SECRET)


def test_what_is_no_cursor_is_refused_by_name() -> None:
    """Whatever somebody sends."""
    draw = random.Random(1)  # noqa: S311  # no secret
    odd = [urlsafe_b64encode(draw.randbytes(draw.randrange(60))).decode() for _ in range(500)]
    nan = replace(CURSOR, score=float("nan")).sealed(SECRET)
    for text in ("", "x", "録音", CURSOR.sealed(SECRET)[:-4], nan, *odd):
        with pytest.raises((CursorRefused, SearchAnew)):
            RankedCursor.parse(text, DIGEST, SECRET)
    with pytest.raises(CursorRefused):
        RankedCursor.parse(nan, DIGEST, SECRET)


def test_pages_hold_each_candidate_once_also_where_calls_are_adopted_between_them() -> None:
    """What comes later is on no page that goes on, and pushes nothing onto another."""
    draw = random.Random(2)  # noqa: S311  # no secret
    rows = [(float(draw.randrange(5)), draw.randrange(9), at) for at in range(1, 91)]
    ranked = sorted(rows, reverse=True)
    pages, cursor = [ranked[:10]], None
    for _ in range(8):
        last = pages[-1][-1]
        cursor = RankedCursor(
            digest=DIGEST, now_us=5, highest=90, score=last[0], start_us=last[1], recording=last[2]
        )
        rows += [(float(draw.randrange(5)), 9, len(rows) + 1) for _ in range(3)]
        left = [each for each in sorted(rows, reverse=True) if cursor.is_behind(*each)]
        pages.append(left[:10])

    assert [each for page in pages for each in page] == ranked
