"""Where the next page of a ranking begins."""

import random
from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest

from archive.locate.answer.cursor import CursorRefused, RankedCursor, SearchAnew, digest_of
from archive.locate.clues import Clue, QueueClue

DIGEST = digest_of(Clue(value=QueueClue(("契約",))), 0.06)
CURSOR = RankedCursor(
    digest=DIGEST, now_us=5, highest=90, score=12.345678, start_us=1_793_000, recording=17
)


def test_a_cursor_read_again_is_the_same_to_the_last_digit() -> None:
    """Else a candidate would be on two pages, or on none."""
    for score in (12.345678, -0.1 + 0.2, float.fromhex("0x1.fffffep+3"), -30.0):
        own = replace(CURSOR, score=score)

        assert RankedCursor.parse(str(own), DIGEST) == own


def test_a_cursor_of_other_weights_is_to_be_searched_anew() -> None:
    """Of other clues, or of other rates."""
    for other in (
        digest_of(Clue(value=QueueClue(("解約",))), 0.06),
        digest_of(Clue(value=QueueClue(("契約",))), 0.07),
    ):
        with pytest.raises(SearchAnew):
            RankedCursor.parse(str(CURSOR), other)


def test_what_is_no_cursor_is_refused_by_name() -> None:
    """Whatever somebody sends."""
    draw = random.Random(1)  # noqa: S311  # no secret
    odd = [urlsafe_b64encode(draw.randbytes(draw.randrange(60))).decode() for _ in range(500)]
    nan = str(replace(CURSOR, score=float("nan")))
    for text in ("", "x", "録音", str(CURSOR)[:-4], nan, *odd):
        with pytest.raises((CursorRefused, SearchAnew)):
            RankedCursor.parse(text, DIGEST)
    with pytest.raises(CursorRefused):
        RankedCursor.parse(nan, DIGEST)


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
