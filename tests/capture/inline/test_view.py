"""What others see of inline calls."""

from capture.inline.view import NO_INLINE


def test_of_what_is_no_inline_call_nothing_is_seen() -> None:
    """A recording session has no phase, cannot be begun by hand, and took no route."""
    key = b"recording-000001"

    assert (NO_INLINE.phase(key), NO_INLINE.is_startable(key)) == ("", False)
    assert NO_INLINE.route(key) is None
