"""Times of recording clients."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from capture.metadata.timestamps import Moment, read_moment
from tests.support.metadata import write_moment

TOKYO = ZoneInfo("Asia/Tokyo")
TEN = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "2026-11-25T10:00:00Z",
        "2026-11-25t10:00:00z",
        "2026-11-25T19:00:00+09:00",
        "2026-11-25T19:00:00+0900",
        "2026-11-25 10:00:00Z",
        "2026-11-25T10:00:00.000000000Z",
    ],
)
def test_a_time_with_an_offset_is_an_instant(raw: str) -> None:
    """RFC 3339 §5.6, and the offset without a colon that OpenSIPS sends."""
    assert read_moment(raw, TOKYO) == Moment(raw, TEN)


def test_a_time_without_an_offset_is_in_the_given_zone() -> None:
    """Oracle and AudioCodes leave it out; the source's configuration says what they mean."""
    moment = read_moment("2026-11-25T19:00:00", TOKYO)

    assert moment.at == TEN
    assert moment.at.tzinfo is UTC
    assert read_moment("2026-11-25T10:00:00", UTC).at == TEN


def test_a_fraction_is_kept_to_the_microsecond() -> None:
    """Associations within a second keep their order."""
    assert read_moment("2026-11-25T10:00:00.25Z", UTC).at == TEN + timedelta(milliseconds=250)


def test_a_leap_second_is_the_second_after() -> None:
    """RFC 3339 §5.7 allows 60."""
    moment = read_moment("2016-12-31T23:59:60Z", UTC)

    assert moment.at == datetime(2017, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "soon",
        "2026-11-25",
        "2026-13-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:00",
        "9999-12-31T23:59:60Z",
        "２０２６-11-25T10:00:00Z",
        "2026-11-25T10:00:00Z" + " " * 100,
    ],
)
def test_what_cannot_be_right_is_kept_as_text_only(raw: str) -> None:
    """A device that never set its clock must not move a call to 1970."""
    assert read_moment(raw, UTC) == Moment(raw, None)


def test_a_written_moment_reads_as_it_was() -> None:
    """The writer's form is the reader's first one."""
    at = datetime(2026, 11, 25, 19, 0, 0, 250, tzinfo=timezone(timedelta(hours=9)))

    assert write_moment(at).raw == "2026-11-25T10:00:00.000250Z"
    assert read_moment(write_moment(at).raw, TOKYO) == write_moment(at)
