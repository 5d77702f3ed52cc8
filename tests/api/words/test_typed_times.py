"""Points in time as people type them."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from api.words import typed_times
from api.words.typed_times import Edge, MomentUnclear, zone_of
from archive.locate.when.values import Calendar

TOKYO = ZoneInfo("Asia/Tokyo")
PARIS = ZoneInfo("Europe/Paris")
# In Tokyo it is the morning of Friday the 27th, in Paris still Thursday.
NOW = datetime(2026, 11, 26, 22, 30, tzinfo=UTC)


def moment(
    text: str, zone: tzinfo | None, edge: Edge, now: datetime, country: str = "JP"
) -> datetime:
    """As somebody of that country types it."""
    return typed_times.moment(text, zone, edge, now, Calendar.of(country))


def window(since: str, until: str, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """As somebody in Japan types both ends."""
    return typed_times.window(since, until, zone, now, Calendar.of("JP"))


@pytest.mark.parametrize(
    ("text", "edge", "utc"),
    [
        ("2026-10-29 17:00", Edge.BEGIN, datetime(2026, 10, 29, 8, tzinfo=UTC)),
        ("2026-10-29T17:00:30", Edge.END, datetime(2026, 10, 29, 8, 0, 30, tzinfo=UTC)),
        ("2026-10-29T17:00:30.25", Edge.END, datetime(2026, 10, 29, 8, 0, 30, 250_000, tzinfo=UTC)),
        ("2026-10-29T17:00+02:00", Edge.BEGIN, datetime(2026, 10, 29, 15, tzinfo=UTC)),
        ("2026-10-29T17:00Z", Edge.BEGIN, datetime(2026, 10, 29, 17, tzinfo=UTC)),
        ("2026-10-29", Edge.BEGIN, datetime(2026, 10, 28, 15, tzinfo=UTC)),
        ("2026-10-29", Edge.END, datetime(2026, 10, 29, 15, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_in_the_zone_that_was_named(text: str, edge: Edge, utc: datetime) -> None:
    """An offset in the text wins; a date alone is its whole day."""
    assert moment(text, TOKYO, edge, NOW) == utc


def test_a_time_without_offset_needs_a_zone() -> None:
    """The server's zone is nobody's."""
    for text in ("2026-10-29 17:00", "2026-10-29T17:00:30.25"):
        with pytest.raises(MomentUnclear, match="--zone"):
            moment(text, None, Edge.BEGIN, NOW)


def test_an_hour_that_comes_twice_is_searched_in_both_readings() -> None:
    """The night on which the clocks go back must not hide a call."""
    begin = moment("2026-10-25 02:30", PARIS, Edge.BEGIN, NOW)
    end = moment("2026-10-25 02:30", PARIS, Edge.END, NOW)

    assert end.astimezone(UTC) - begin.astimezone(UTC) == timedelta(hours=1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-13-01", "2/30", "-7y", "-7", "", "10/29 26", "call 10/29", "10/29 fo", "17:00",
        "夕方", "10/29(月)", "10/21 10/25", "1900年から2026年の夕方", "田中", "\x00",
        "1950-01-01T00:00:00+99:00",
    ],
)  # fmt: skip
def test_what_is_no_time_is_said_so(text: str) -> None:
    """With an example of one; a window is certain, so that nothing of it is left aside."""
    with pytest.raises(MomentUnclear, match="2026-10-29 17:00"):
        moment(text, TOKYO, Edge.BEGIN, NOW)


@pytest.mark.parametrize("text", ["10/29 7:00", "yesterday at 3", "昨日の7時"])
def test_a_time_of_either_half_of_the_day_is_asked_for_anew(text: str) -> None:
    """Of a window one of them would be left out without a word."""
    with pytest.raises(MomentUnclear, match="07:00 or 19:00"):
        moment(text, TOKYO, Edge.BEGIN, NOW)


def test_a_zone_is_a_name_of_the_database_or_none() -> None:
    """JST would be several."""
    assert zone_of("") is None
    assert zone_of("Asia/Tokyo") == TOKYO
    with pytest.raises(MomentUnclear):
        zone_of("Asia/Tokio")


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("today", "2026-11-27 00:00", "2026-11-28 00:00"),
        ("yesterday", "2026-11-26 00:00", "2026-11-27 00:00"),
        ("2026/11/27", "2026-11-27 00:00", "2026-11-28 00:00"),
        ("2026/1/7", "2026-01-07 00:00", "2026-01-08 00:00"),
        ("11/27", "2026-11-27 00:00", "2026-11-28 00:00"),
        ("11/28", "2025-11-28 00:00", "2025-11-29 00:00"),
        ("1/2", "2026-01-02 00:00", "2026-01-03 00:00"),
        ("2/29", "2024-02-29 00:00", "2024-03-01 00:00"),
        ("yesterday 17:00", "2026-11-26 17:00", "2026-11-26 17:00"),
        ("10/29 17:00", "2026-10-29 17:00", "2026-10-29 17:00"),
        ("2026/10/29 17:00", "2026-10-29 17:00", "2026-10-29 17:00"),
        ("tomorrow", "2026-11-28 00:00", "2026-11-29 00:00"),
        ("13/01", "2026-01-13 00:00", "2026-01-14 00:00"),
        ("10/29 25:00", "2026-10-30 01:00", "2026-10-30 01:00"),
        ("10月29日", "2026-10-29 00:00", "2026-10-30 00:00"),
        ("10月下旬", "2026-10-21 00:00", "2026-11-01 00:00"),
        ("昨日の15時半", "2026-11-26 15:30", "2026-11-26 15:30"),
        ("昨日の夕方", "2026-11-26 16:00", "2026-11-26 19:00"),
        ("先週", "2026-11-16 00:00", "2026-11-23 00:00"),
        ("令和8年10月29日", "2026-10-29 00:00", "2026-10-30 00:00"),
        ("last month", "2026-10-01 00:00", "2026-11-01 00:00"),
        ("October 29, 5pm", "2026-10-29 17:00", "2026-10-29 17:00"),
        ("weekends in October", "2026-10-03 00:00", "2026-11-01 00:00"),
    ],
)
def test_a_day_in_words_or_figures_is_all_of_it(text: str, begin: str, end: str) -> None:
    """By the clock of the zone that was named; without its year it is the last one that was."""
    ends = moment(text, TOKYO, Edge.BEGIN, NOW), moment(text, TOKYO, Edge.END, NOW)

    assert tuple(f"{each:%Y-%m-%d %H:%M}" for each in ends) == (begin, end)


@pytest.mark.parametrize(
    ("text", "country", "day"),
    [
        ("3/4", "JP", "2026-03-04"),
        ("3/4", "US", "2026-03-04"),
        ("3/4", "GB", "2026-04-03"),
        ("3/4", "DE", "2026-04-03"),
        ("03/04/2026", "GB", "2026-04-03"),
        ("the first working day of May", "JP", "2026-05-01"),
        ("the first working day of May", "DE", "2026-05-04"),
    ],
)
def test_a_date_is_that_of_the_country_of_the_installation(
    text: str, country: str, day: str
) -> None:
    """How dates are written there, and its holidays."""
    assert f"{moment(text, TOKYO, Edge.BEGIN, NOW, country):%Y-%m-%d}" == day


def test_today_is_that_of_the_zone() -> None:
    """The server's day is nobody's."""
    assert moment("today", PARIS, Edge.BEGIN, NOW).day == 26
    with pytest.raises(MomentUnclear, match="--zone"):
        moment("today", None, Edge.BEGIN, NOW)


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("-7d", timedelta(days=7)),
        ("-2w", timedelta(weeks=2)),
        ("-12h", timedelta(hours=12)),
        ("-30m", timedelta(minutes=30)),
    ],
)
def test_so_long_ago_is_the_same_moment_at_either_end_and_in_every_zone(
    text: str, ago: timedelta
) -> None:
    """It needs no zone."""
    assert moment(text, None, Edge.BEGIN, NOW) == moment(text, TOKYO, Edge.END, NOW) == NOW - ago


def test_a_window_that_ends_before_it_begins_is_refused_with_both_ends() -> None:
    """Nothing found would be taken for an answer."""
    with pytest.raises(MomentUnclear, match=r"2026-11-27 00:01.* 2026-11-27 00:00"):
        window("11/27 00:01", "yesterday", TOKYO, NOW)
    assert window("yesterday", "yesterday", TOKYO, NOW)[1] == datetime(2026, 11, 26, 15, tzinfo=UTC)


def test_the_day_before_is_no_empty_window() -> None:
    """A day ends where the next one begins: swapped days would find nothing, without a word."""
    with pytest.raises(MomentUnclear, match="is after"):
        window("11/26", "11/25", TOKYO, NOW)

    assert len(set(window("2026-11-26 10:00", "2026-11-26 10:00", TOKYO, NOW))) == 1
