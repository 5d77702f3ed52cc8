"""Recordings counted by the days of a zone."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archive.access.query import AgentClue, PhoneClue, SearchQuery, Window
from archive.call.events import CallEnded
from archive.catalog.access.grants import Ask, SearchGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search import days
from archive.catalog.search.days import MAX_BARS, bars_of, count_days
from archive.moments import EPOCH, US
from tests.archive.catalog.examples import (
    STARTED_US,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    opened,
    party,
    stream,
)

TOKYO = ZoneInfo("Asia/Tokyo")
BERLIN = ZoneInfo("Europe/Berlin")


def between(first: datetime, last: datetime, zone: ZoneInfo = TOKYO) -> Window:
    """A window in a zone."""
    return Window(start_at=first, end_at=last, zone=zone)


def us(moment: datetime) -> int:
    """µs since 1970 UTC."""
    return (moment - EPOCH) // US


WEEK = between(datetime(2026, 10, 26, tzinfo=TOKYO), datetime(2026, 11, 2, tzinfo=TOKYO))


def test_a_day_is_that_of_the_zone() -> None:
    """Half past midnight in Tokyo is the afternoon before in UTC."""
    late = us(datetime(2026, 10, 28, 15, 30, tzinfo=UTC))
    counted = bars_of([late], WEEK)

    assert [bar.first for bar in counted.bars if bar.count] == [date(2026, 10, 29)]
    assert len(counted.bars) == 7


def test_the_day_on_which_clocks_are_put_back_has_25_hours() -> None:
    """Its last hour belongs to it."""
    window = between(
        datetime(2026, 10, 24, tzinfo=BERLIN), datetime(2026, 10, 27, tzinfo=BERLIN), BERLIN
    )
    last_hour = us(datetime(2026, 10, 25, 22, 30, tzinfo=UTC))

    assert [bar.count for bar in bars_of([last_hour], window).bars] == [0, 1, 0]


def test_what_began_before_the_window_counts_for_its_first_day() -> None:
    """It is in the table beside the chart."""
    before = us(datetime(2026, 10, 25, 23, 0, tzinfo=TOKYO))

    assert [bar.count for bar in bars_of([before], WEEK).bars] == [1, 0, 0, 0, 0, 0, 0]


def test_a_long_window_has_bars_of_several_days_that_cover_it() -> None:
    """Nobody tells a thousand bars apart."""
    start = datetime(2026, 1, 1, tzinfo=TOKYO)
    counted = bars_of([], between(start, start + timedelta(days=365)))

    assert len(counted.bars) <= MAX_BARS
    assert counted.bars[0].first == date(2026, 1, 1)
    assert counted.bars[-1].last == date(2026, 12, 31)
    assert all(
        one.last + timedelta(days=1) == other.first
        for one, other in zip(counted.bars, counted.bars[1:], strict=False)
    )


def test_days_that_are_not_counted_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nought would be a lie; nor is the day in which the counting ended whole."""
    monkeypatch.setattr(days, "MAX_COUNTED", 2)
    noon = [datetime(2026, 10, day, 12, tzinfo=TOKYO) for day in (31, 30, 29)]
    counted = bars_of([us(each) for each in noon], WEEK)

    assert [bar.count for bar in counted.bars] == [None, None, None, None, None, 1, 0]
    assert (counted.counted, counted.is_all) == (2, False)


def test_what_a_search_finds_is_counted_and_nothing_else(tmp_path: Path) -> None:
    """The chart is of the same search as the table."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1), adoption(2, inbound(customer="sip:+81399990000@x")))
    window = between(datetime(2026, 10, 29, tzinfo=TOKYO), datetime(2026, 10, 30, tzinfo=TOKYO))
    granted = grant(engine, SearchGrant, Ask(access=access()))
    with reading(engine) as connection:
        both = count_days(connection, SearchQuery(window=window), granted)
        one = count_days(
            connection, SearchQuery(window=window, clues=(PhoneClue.parse("7788", "JP"),)), granted
        )
    engine.dispose()

    assert (both.counted, one.counted) == (2, 1)


def test_what_fits_by_a_guess_is_among_them_and_told(tmp_path: Path) -> None:
    """The chart says how much of it nobody knows."""
    engine = new_catalog(tmp_path)
    tanaka = party(0, "sip:7@x", "customer", names=("田中",), because="first_stream")
    guessed = (opened(), stream(0), tanaka, CallEnded(at_us=STARTED_US + 1, reason="bye"))
    adopt(engine, adoption(1, guessed), adoption(2))
    window = between(datetime(2026, 10, 29, tzinfo=TOKYO), datetime(2026, 10, 30, tzinfo=TOKYO))
    granted = grant(engine, SearchGrant, Ask(access=access()))
    with reading(engine) as connection:
        found = [
            count_days(connection, SearchQuery(window=window, clues=clues), granted)
            for clues in ((AgentClue("田中"),), ())
        ]
    engine.dispose()

    assert [(each.counted, each.guessed) for each in found] == [(1, 1), (2, 0)]
