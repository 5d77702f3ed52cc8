"""Times, lengths and sizes as people read them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from api.words.time_words import (
    clock_told,
    day_told,
    length_said,
    length_told,
    moment_told,
    size_told,
    span_told,
    zone_told,
)

AT = datetime(2026, 10, 29, 8, 42, 10, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")


def test_a_day_has_its_weekday() -> None:
    """Who remembers a call remembers the weekday."""
    assert day_told(date(2026, 10, 29), "ja") == "2026年10月29日(木)"
    assert day_told(date(2026, 10, 29), "en") == "Thu 29 Oct 2026"


def test_a_moment_is_told_in_its_zone() -> None:
    """The server's own zone is nobody's."""
    assert moment_told(AT, TOKYO, "ja", seconds=False) == "2026年10月29日(木) 17:42"
    assert moment_told(AT, TOKYO, "en") == "Thu 29 Oct 2026, 17:42:10"
    assert clock_told(AT, TOKYO) == "17:42:10"


def test_whole_days_are_told_by_their_days() -> None:
    """The midnight at which a day ends is taken for the next day."""
    first, after = datetime(2026, 10, 26, tzinfo=TOKYO), datetime(2026, 10, 30, tzinfo=TOKYO)

    assert span_told(first, after, TOKYO, "en") == "Mon 26 Oct 2026 – Thu 29 Oct 2026"
    assert (
        span_told(datetime(2026, 10, 29, tzinfo=TOKYO), after, TOKYO, "ja") == "2026年10月29日(木)"
    )
    assert span_told(first, AT, TOKYO, "en") == "Mon 26 Oct 2026, 00:00 – Thu 29 Oct 2026, 17:42"


def test_a_zone_is_named_with_its_offset_of_that_day() -> None:
    """In summer it is another one; one without a name has its offset alone."""
    assert zone_told(AT, TOKYO) == "JST (+09:00)"
    assert zone_told(datetime(2026, 7, 1, tzinfo=UTC), ZoneInfo("Europe/Berlin")) == "CEST (+02:00)"
    assert zone_told(AT, ZoneInfo("America/Sao_Paulo")) == "-03:00"


@pytest.mark.parametrize(
    ("ms", "told", "english", "japanese"),
    [
        (0, "0:00", "0 seconds", "0 秒"),
        (1_000, "0:01", "1 second", "1 秒"),
        (591_400, "9:51", "9 minutes 51 seconds", "9 分 51 秒"),
        (3_723_000, "1:02:03", "1 hour 2 minutes 3 seconds", "1 時間 2 分 3 秒"),
        (59_999, "1:00", "1 minute", "1 分"),
    ],
)
def test_a_length_is_read_and_spoken(ms: int, told: str, english: str, japanese: str) -> None:
    """A screen reader makes nothing of 9:51."""
    assert (length_told(ms), length_said(ms, "en")) == (told, english)
    assert length_said(ms, "ja") == japanese


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (0, "0 B"),
        (1023, "1,023 B"),
        (1536, "1.5 KiB"),
        (1 << 40, "1.0 TiB"),
        (1 << 51, "2,048.0 TiB"),
    ],
)
def test_a_size_is_told_in_the_largest_unit_that_fits(size: int, told: str) -> None:
    """Bytes of an archive are eighteen digits."""
    assert size_told(size) == told
