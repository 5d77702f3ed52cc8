"""Which bytes a Range header gets."""

import pytest
from hypothesis import given, strategies as st

from api.web.http.ranges import Slice, Unsatisfiable, Whole, choose

TOTAL = 1_000


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, Whole()),
        ("bytes=0-0", Slice(0, 1)),
        ("bytes=0-499", Slice(0, 500)),
        ("bytes=500-", Slice(500, 1_000)),
        ("bytes=500-99999", Slice(500, 1_000)),
        ("bytes=-1", Slice(999, 1_000)),
        ("bytes=-99999", Slice(0, 1_000)),
        ("BYTES=1-2", Slice(1, 3)),
        ("bytes= 1-2 ", Slice(1, 3)),
        ("bytes=999-", Slice(999, 1_000)),
        ("bytes=1000-", Unsatisfiable()),
        ("bytes=-0", Unsatisfiable()),
        ("bytes=" + "9" * 5_000 + "-", Unsatisfiable()),
        ("bytes=0-" + "9" * 5_000, Slice(0, 1_000)),
        ("bytes=2-1", Whole()),
        ("bytes=-", Whole()),
        ("bytes=a-b", Whole()),
        ("bytes=٣-٤", Whole()),
        ("seconds=0-1", Whole()),
        ("bytes=0-1,5-6", Whole()),
        ("", Whole()),
    ],
)
def test_a_range_means_what_rfc_9110_says(
    header: str | None, expected: Whole | Slice | Unsatisfiable
) -> None:
    """What cannot be understood is ignored, what holds no byte is 416, an end beyond is cut."""
    assert choose(header, None, total_bytes=TOTAL, etag="e") == expected


@pytest.mark.parametrize(
    ("if_range", "expected"),
    [
        ('"e"', Slice(0, 10)),
        ('"other"', Whole()),
        ('W/"e"', Whole()),
        ("e", Whole()),
        ("Thu, 29 Oct 2026 08:42:10 GMT", Whole()),
    ],
)
def test_a_range_of_other_bytes_gets_the_whole_file(if_range: str, expected: Whole | Slice) -> None:
    """Joining halves of two renderings would make a recording that never was (§13.1.5)."""
    assert choose("bytes=0-9", if_range, total_bytes=TOTAL, etag="e") == expected


@given(st.text(alphabet="bytes=0123456789-, ", max_size=40), st.integers(0, 2_000))
def test_no_header_reaches_beyond_the_file(header: str, total: int) -> None:
    """The reader is only ever asked for bytes that exist."""
    chosen = choose(header, None, total_bytes=total, etag="e")

    if isinstance(chosen, Slice):
        assert 0 <= chosen.start < chosen.stop <= total
