"""When a period is over: leap days, month ends, zones, clocks that change, fiscal years, eras."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from retention.rules.deadline import (
    FOREVER,
    Calendar,
    CountedFrom,
    day_after,
    day_after_event,
    first_day,
    over_at,
)
from retention.rules.period import MAX_YEARS, Period

TOKYO = Calendar(ZoneInfo("Asia/Tokyo"))


def noon(day: str, zone: str = "Asia/Tokyo") -> datetime:
    """Noon of a day, somewhere."""
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=ZoneInfo(zone))


def last_day(day: str, period: str, counted_from: CountedFrom = "event") -> str:
    """The last day of a period in Tokyo."""
    ended = over_at(noon(day), Period.parse(period), counted_from, TOKYO)
    return (ended.astimezone(TOKYO.zone) - timedelta(microseconds=1)).date().isoformat()


@pytest.mark.parametrize(
    ("day", "period", "last"),
    [
        # The day of the event is not counted (民法 140条).
        ("2026-04-01", "P1D", "2026-04-02"),
        ("2026-04-01", "P1M", "2026-05-01"),
        ("2026-04-01", "P1Y", "2027-04-01"),
        # The month has no such day: the period ends with it (143条2項 但書).
        ("2026-01-30", "P1M", "2026-02-28"),
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2028-01-30", "P1M", "2028-02-29"),
        ("2026-08-30", "P6M", "2027-02-28"),
        # From the first of a month whole months are counted (143条1項).
        ("2027-02-28", "P1M", "2027-03-31"),
        ("2026-04-30", "P1M", "2026-05-31"),
        # Leap days.
        ("2028-02-28", "P1Y", "2029-02-28"),
        ("2028-02-29", "P1Y", "2029-02-28"),
        ("2027-02-28", "P1Y", "2028-02-29"),
        ("2028-02-28", "P4Y", "2032-02-28"),
        ("2024-02-29", "P10Y", "2034-02-28"),
        # Months go first, then days.
        ("2026-01-30", "P1M1D", "2026-03-01"),
        ("2026-12-31", "P90D", "2027-03-31"),
        # Eras end and begin within a period: 平成31年4月30日, 令和元年5月1日; 昭和64年1月7日.
        ("2019-04-30", "P7Y", "2026-04-30"),
        ("2019-05-01", "P7Y", "2026-05-01"),
        ("1989-01-07", "P30Y", "2019-01-07"),
    ],
)
def test_a_period_ends_as_the_calendar_says(day: str, period: str, last: str) -> None:
    """Each row by hand from the text of the law."""
    assert last_day(day, period) == last


@pytest.mark.parametrize(
    ("day", "counted_from", "last"),
    [
        ("2026-03-31", "fiscal_year", "2031-03-31"),
        ("2026-04-01", "fiscal_year", "2032-03-31"),
        ("2026-12-31", "fiscal_year", "2032-03-31"),
        ("2026-04-01", "next_month", "2031-04-30"),
        ("2026-04-30", "next_month", "2031-04-30"),
        ("2026-12-15", "next_month", "2031-12-31"),
    ],
)
def test_a_period_may_begin_with_a_month_or_a_fiscal_year(
    day: str, counted_from: CountedFrom, last: str
) -> None:
    """年度 from April: a record of 31 March is a year older than one of 1 April."""
    assert last_day(day, "P5Y", counted_from) == last


def test_a_fiscal_year_may_begin_in_another_month() -> None:
    """In January it is the year of the calendar."""
    calendar = Calendar(ZoneInfo("Europe/Berlin"), fiscal_year_begins=1)

    assert first_day(noon("2026-06-15"), "fiscal_year", calendar) == date(2027, 1, 1)
    assert first_day(noon("2026-12-31"), "fiscal_year", calendar) == date(2027, 1, 1)


def test_the_day_is_that_of_the_zone() -> None:
    """A call that ends at 23:30 in UTC ends on the day after in Tokyo."""
    ended = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)

    assert over_at(ended, Period(months=1), "event", TOKYO) == datetime(2026, 5, 1, 15, tzinfo=UTC)
    london = Calendar(ZoneInfo("UTC"))
    assert over_at(ended, Period(months=1), "event", london) == datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_what_was_told_by_its_day_happened_on_that_day_everywhere(zone: str) -> None:
    """A contract that ends on the 31st does not end on the 30th because a controller is abroad."""
    here = Calendar(ZoneInfo(zone))
    ended = over_at(date(2026, 3, 31), Period(days=1), "event", here)

    assert ended == datetime(2026, 4, 2, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "day", "ends"),
    [
        # Summer time ends within the period.
        ("Europe/Berlin", "2026-10-24", "2026-10-25T23:00"),
        ("Europe/Berlin", "2026-03-28", "2026-03-29T22:00"),
        # Clocks go on at midnight: the day begins at one o'clock.
        ("America/Sao_Paulo", "2018-11-02", "2018-11-04T03:00"),
        # And back at one o'clock to midnight: the day begins at the first of the two.
        ("America/Havana", "2026-10-30", "2026-11-01T04:00"),
        # A day that was left out: Samoa had no 30 December 2011.
        ("Pacific/Apia", "2011-12-28", "2011-12-30T10:00"),
    ],
)
def test_a_day_begins_where_the_clocks_say(zone: str, day: str, ends: str) -> None:
    """One day, counted where the clocks change."""
    ended = over_at(noon(day, zone), Period(days=1), "event", Calendar(ZoneInfo(zone)))

    assert ended == datetime.fromisoformat(ends).replace(tzinfo=UTC)


@given(
    st.dates(date(1990, 1, 1), date(2200, 1, 1)),
    st.builds(Period, months=st.integers(0, 12 * MAX_YEARS), days=st.integers(0, 400)),
)
def test_no_period_reaches_forever(day: date, period: Period) -> None:
    """So it can stand for what has no end."""
    happened = noon(day.isoformat())

    assert happened < over_at(happened, period, "fiscal_year", TOKYO) < FOREVER


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 600))
def test_months_on_end_are_never_short(first: date, months: int) -> None:
    """Counted by days the same period differs by three days at the most."""
    days = (day_after(first, Period(months=months)) - first).days

    assert months * 365 / 12 - 3 <= days <= months * 365.25 / 12 + 3


@pytest.mark.parametrize(
    ("day", "period", "last"),
    [
        # The day of the event is not counted; the period ends with the day that has its number.
        ("2026-04-01", "P1D", "2026-04-02"),
        ("2026-01-08", "P1M", "2026-02-08"),
        ("2027-02-28", "P1M", "2027-03-28"),
        ("2026-04-30", "P1M", "2026-05-30"),
        ("2027-02-28", "P1Y", "2028-02-28"),
        # The month has no such day: with its last one (section 188 (3)).
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2028-02-29", "P1Y", "2029-02-28"),
        # Months go first, then days.
        ("2026-01-31", "P1M1D", "2026-03-01"),
    ],
)
def test_a_period_may_end_as_the_bgb_says(day: str, period: str, last: str) -> None:
    """Each row by hand from sections 187 (1) and 188 (2), (3)."""
    german = replace(TOKYO, reckoning="bgb")
    ended = over_at(noon(day), Period.parse(period), "event", german)

    assert (ended.astimezone(TOKYO.zone) - timedelta(microseconds=1)).date().isoformat() == last


def test_what_begins_with_a_day_ends_the_same_by_both() -> None:
    """The first of a month and of a fiscal year (section 187 (2))."""
    german = replace(TOKYO, reckoning="bgb")
    counting: list[CountedFrom] = ["next_month", "fiscal_year"]
    for counted_from in counting:
        for day in ("2026-01-31", "2027-02-28", "2026-12-05"):
            own = (noon(day), Period(months=13), counted_from)
            assert over_at(*own, german) == over_at(*own, TOKYO)


def bgb_last_day(event: date, months: int) -> date:
    """By counting: the day of the event's number, or the next one before it that there is."""
    year, month = divmod(event.year * 12 + event.month - 1 + months, 12)
    for number in range(event.day, 0, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError(event)


def test_both_differ_only_after_the_last_day_of_a_shorter_month() -> None:
    """Then 民法 is later, by three days at the most; never earlier."""
    later = set()
    for event in (date(2023, 1, 1) + timedelta(days=at) for at in range(4 * 366)):
        for months in (1, 3, 6, 12, 18, 24, 36, 60, 120):
            german = day_after_event(event, Period(months=months)) - timedelta(days=1)
            japanese = day_after(event + timedelta(days=1), Period(months=months))
            differs = (japanese - timedelta(days=1) - german).days
            assert german == bgb_last_day(event, months)
            assert 0 <= differs <= 3
            assert not differs or (event + timedelta(days=1)).day == 1
            later.add(differs)
    assert later == {0, 1, 2, 3}
