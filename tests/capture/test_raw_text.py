"""Raw values of messages become text."""

from capture.raw_text import text_of


def test_raw_bytes_become_text_that_shows_what_they_were() -> None:
    """A name in an older encoding is still evidence."""
    assert text_of("田中".encode()) == "田中"
    assert text_of(b"\x93c") == "\\x93c"


def test_text_that_is_not_utf_8_stays_visible() -> None:
    """Nothing that a peer wrote is lost or refused for its encoding."""
    assert text_of("客".encode() + b"\xff") == "客\\xff"
