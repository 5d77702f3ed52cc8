"""Opening hours by the clock on the wall, also in the nights in which it is changed."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from capture.inline.routing.hours import (
    HolidayRefused,
    Hours,
    SpanRefused,
    ZoneRefused,
    parse_holiday,
    parse_hours,
    parse_span,
)

MINUTE = timedelta(minutes=1)


def hours(*spans: str, zone: str = "Asia/Tokyo", holidays: tuple[str, ...] = ()) -> Hours:
    """A table of these spans."""
    return parse_hours("desk", zone, spans, holidays)


def is_open(table: Hours, wall: str, fold: int = 0) -> bool:
    """Is it open when its own wall clock shows this?"""
    return table.is_open(datetime.fromisoformat(wall).replace(tzinfo=table.zone, fold=fold))


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-11-26T08:59:59", False),  # Thursday
        ("2026-11-26T09:00", True),
        ("2026-11-26T17:59:59", True),
        ("2026-11-26T18:00", False),
        ("2026-11-28T09:30", False),  # Saturday
        ("2026-11-28T10:00", True),
        ("2026-11-29T12:00", False),  # Sunday
    ],
)
def test_a_span_counts_from_its_begin_to_before_its_end(wall: str, expected: bool) -> None:
    """At six o'clock sharp nobody is there any more."""
    assert is_open(hours("mon-fri 09:00-18:00", "sat 10:00-15:00"), wall) is expected


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-11-27T21:59", False),  # Friday
        ("2026-11-27T22:00", True),
        ("2026-11-28T01:59", True),
        ("2026-11-28T02:00", False),
        ("2026-11-27T01:00", False),
        ("2026-11-28T22:00", False),
    ],
)
def test_a_span_over_midnight_belongs_to_the_day_on_which_it_begins(
    wall: str, expected: bool
) -> None:
    """Friday night ends on Saturday; Saturday night never begins."""
    assert is_open(hours("fri 22:00-02:00"), wall) is expected


def test_the_zone_of_the_table_counts_and_not_that_of_the_question() -> None:
    """A node in UTC knows when Tokyo opens."""
    table = hours("mon-fri 09:00-18:00")

    assert table.is_open(datetime(2026, 11, 26, 0, 0, tzinfo=UTC))
    assert not table.is_open(datetime(2026, 11, 26, 9, 0, tzinfo=UTC))


def test_on_a_holiday_nothing_begins() -> None:
    """The first and the last day of a range are holidays too."""
    table = hours("mon-sun 09:00-18:00", holidays=("2026-11-23", "2026-12-29/2027-01-03"))

    shut = ("2026-11-23", "2026-12-29", "2026-12-31", "2027-01-03")
    assert [is_open(table, f"{day}T12:00") for day in shut] == [False] * 4
    assert is_open(table, "2026-12-28T12:00")
    assert is_open(table, "2027-01-04T12:00")


def test_the_night_before_a_holiday_goes_on_into_it() -> None:
    """Who is on duty stays until the shift is over; the shift of the holiday does not begin."""
    table = hours("mon-sun 22:00-02:00", holidays=("2026-11-23",))

    assert is_open(table, "2026-11-23T01:00")
    assert not is_open(table, "2026-11-23T23:00")
    assert not is_open(table, "2026-11-24T01:00")


def test_a_span_ends_in_the_hour_that_comes_twice_only_once() -> None:
    """New York, 1 November 2026: from 01:59 the clock goes back to 01:00."""
    table = hours("sat 22:00-01:30", zone="America/New_York")

    assert is_open(table, "2026-11-01T01:45", fold=0)
    assert is_open(table, "2026-11-01T01:15", fold=1)
    assert not is_open(table, "2026-11-01T01:30", fold=1)


def test_a_span_that_begins_in_the_hour_that_comes_twice_stays_open() -> None:
    """It began when the clock first showed its begin."""
    table = hours("sun 01:30-06:00", zone="America/New_York")

    assert not is_open(table, "2026-11-01T01:15", fold=0)
    assert is_open(table, "2026-11-01T01:30", fold=0)
    assert is_open(table, "2026-11-01T01:15", fold=1)


def test_a_span_that_begins_in_the_hour_that_never_comes_begins_behind_it() -> None:
    """New York, 8 March 2026: 02:00 to 03:00 is left out."""
    begins = hours("sun 02:30-06:00", zone="America/New_York")
    ends = hours("sat 22:00-02:30", zone="America/New_York")
    lost = hours("sun 02:10-02:50", zone="America/New_York")

    assert not is_open(begins, "2026-03-08T01:59:59")
    assert is_open(begins, "2026-03-08T03:00")
    assert is_open(ends, "2026-03-08T01:59:59")
    assert not is_open(ends, "2026-03-08T03:00")
    assert not is_open(lost, "2026-03-08T03:00")


def test_a_day_that_has_begun_goes_on_where_the_clock_returns_to_the_day_before() -> None:
    """St. John's, 7 November 2010: from 00:00:59 the clock goes back to 23:01 of Saturday."""
    table = hours("sun 00:00-06:00", zone="America/St_Johns")

    assert not is_open(table, "2010-11-06T23:30", fold=0)
    assert is_open(table, "2010-11-07T00:00", fold=0)
    assert is_open(table, "2010-11-06T23:30", fold=1)


NIGHTS = (
    ("America/New_York", date(2026, 11, 1)),
    ("America/New_York", date(2026, 3, 8)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # half an hour
    ("America/Havana", date(2026, 11, 1)),  # back over midnight
    ("America/St_Johns", date(2010, 11, 7)),  # back over a midnight that was shown
    ("Asia/Tokyo", date(2026, 11, 1)),
)


@given(
    st.sampled_from(NIGHTS),
    st.integers(0, 1439),
    st.integers(0, 1439),
)
def test_a_day_opens_and_closes_at_most_once_whatever_the_clock_does(
    night: tuple[str, date], begins: int, ends: int
) -> None:
    """One span of one day is one stretch of time: no gate opens a second time at night."""
    zone, day = night
    if begins == ends:
        return
    day -= timedelta(days=1) if ends < begins else timedelta()
    name = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()]
    span = f"{name} {begins // 60:02d}:{begins % 60:02d}-{ends // 60:02d}:{ends % 60:02d}"
    table = hours(span, zone=zone)
    start = datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=15)
    states = [table.is_open(start + step * 15 * MINUTE) for step in range(4 * 24 * 3)]
    opened = sum(now and not before for before, now in pairwise(states))

    assert opened <= 1
    assert (states[0], states[-1]) == (False, False)


@given(st.integers(0, 365 * 24 * 60), st.integers(0, 1438), st.integers(0, 6))
def test_where_clocks_are_never_changed_a_span_is_plain_arithmetic(
    minute: int, begins: int, weekday: int
) -> None:
    """Tokyo: the same answer as counting minutes."""
    name = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[weekday]
    table = hours(f"{name} {begins // 60:02d}:{begins % 60:02d}-24:00")
    wall = datetime(2026, 1, 1, tzinfo=table.zone) + minute * MINUTE

    expected = wall.weekday() == weekday and wall.hour * 60 + wall.minute >= begins
    assert table.is_open(wall) is expected


def test_weekdays_are_lists_and_ranges_that_may_run_over_the_weekend() -> None:
    """As people write them."""
    assert parse_span("Mon,WED 09:00-10:00").weekdays == {0, 2}
    assert parse_span("sat-mon 09:00-10:00").weekdays == {5, 6, 0}
    assert parse_span("mon-sun 00:00-24:00").weekdays == set(range(7))
    assert parse_span("mon-tue,fri 9:00-10:00".replace(" 9", " 09")).weekdays == {0, 1, 4}


@pytest.mark.parametrize(
    "text",
    ["", "mon", "09:00-18:00", "mon 9-18", "mon 09:00-09:00", "mon 24:00-02:00", "mon 09:60-10:00",
     "mon 09:00-24:01", "mo 09:00-10:00", "day 09:00-10:00", "mon-xyz 09:00-10:00",
     "mon 09:00-10:00 11:00-12:00"],
)  # fmt: skip
def test_what_is_no_span_is_refused_by_name(text: str) -> None:
    """A slip would close a hotline."""
    with pytest.raises(SpanRefused):
        parse_span(text)


@pytest.mark.parametrize(
    "text", ["", "12-31", "2026-02-30", "2027-01-03/2026-12-29", "2026-W53-4", "20261231", "a/b"]
)
def test_what_is_no_holiday_is_refused_by_name(text: str) -> None:
    """And a range ends after it begins."""
    with pytest.raises(HolidayRefused):
        parse_holiday(text)


@pytest.mark.parametrize("zone", ["Asia/Tokio", "", "../etc/passwd"])
def test_a_zone_that_nobody_knows_is_refused_by_name(zone: str) -> None:
    """Hours without a zone are nobody's."""
    with pytest.raises(ZoneRefused):
        hours("mon 09:00-10:00", zone=zone)
