"""Periods of the calendar are read, written and compared."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from retention.rules.deadline import day_after
from retention.rules.errors import PeriodUnreadable
from retention.rules.period import MAX_YEARS, Period

PERIODS = st.builds(Period, months=st.integers(0, 240), days=st.integers(0, 5_000))
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("P10Y", Period(months=120)),
        ("P1Y6M", Period(months=18)),
        ("P90D", Period(days=90)),
        ("P2Y1D", Period(months=24, days=1)),
        ("P0D", Period()),
    ],
)
def test_a_period_is_years_months_and_days(text: str, period: Period) -> None:
    """ISO 8601 as people write it."""
    assert Period.parse(text) == period
    assert str(period) == text


@pytest.mark.parametrize("text", ["", "P", "1Y", "P1W", "PT72H", "P1.5Y", "P-1D", "P1D1Y", "p1y"])
def test_what_is_no_period_is_refused(text: str) -> None:
    """A week or an hour is none of the calendar's units here."""
    with pytest.raises(PeriodUnreadable):
        Period.parse(text)


@pytest.mark.parametrize("text", [f"P{MAX_YEARS + 1}Y", "P99999M", "P99999D"])
def test_a_period_that_nobody_can_mean_is_refused(text: str) -> None:
    """The calendar ends in the year 9999; `never` is how no end is said."""
    with pytest.raises(PeriodUnreadable, match="period_length"):
        Period.parse(text)


@given(PERIODS)
def test_what_is_written_reads_back(period: Period) -> None:
    """Export and import are the same thing."""
    assert Period.parse(str(period)) == period


@given(PERIODS, PERIODS, DAYS)
def test_what_is_never_shorter_ends_no_earlier(one: Period, other: Period, day: date) -> None:
    """Whichever day both begin on: a month that has 28 days is still a month."""
    if one.is_never_shorter_than(other):
        assert day_after(day, one) >= day_after(day, other)


def test_a_year_covers_365_days_but_not_366() -> None:
    """What only sometimes holds is not said to hold."""
    year = Period(months=12)

    assert year.is_never_shorter_than(Period(days=365))
    assert not year.is_never_shorter_than(Period(days=366))
    assert not Period(days=365).is_never_shorter_than(year)
    assert day_after(date(2027, 3, 1), year) - date(2027, 3, 1) == timedelta(days=366)
