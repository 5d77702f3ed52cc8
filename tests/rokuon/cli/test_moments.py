"""Points in time as people type them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rokuon.cli.moments import Edge, MomentUnclear, moment, zone_of

TOKYO = ZoneInfo("Asia/Tokyo")
PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("text", "edge", "utc"),
    [
        ("2026-10-29 17:00", Edge.BEGIN, datetime(2026, 10, 29, 8, tzinfo=UTC)),
        ("2026-10-29T17:00:30", Edge.END, datetime(2026, 10, 29, 8, 0, 30, tzinfo=UTC)),
        ("2026-10-29T17:00+02:00", Edge.BEGIN, datetime(2026, 10, 29, 15, tzinfo=UTC)),
        ("2026-10-29T17:00Z", Edge.BEGIN, datetime(2026, 10, 29, 17, tzinfo=UTC)),
        ("2026-10-29", Edge.BEGIN, datetime(2026, 10, 28, 15, tzinfo=UTC)),
        ("2026-10-29", Edge.END, datetime(2026, 10, 29, 15, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_in_the_zone_that_was_named(text: str, edge: Edge, utc: datetime) -> None:
    """An offset in the text wins; a date alone is its whole day."""
    assert moment(text, TOKYO, edge) == utc


def test_a_time_without_offset_needs_a_zone() -> None:
    """The server's zone is nobody's."""
    with pytest.raises(MomentUnclear, match="--zone"):
        moment("2026-10-29 17:00", None, Edge.BEGIN)


def test_an_hour_that_comes_twice_is_searched_in_both_readings() -> None:
    """The night on which the clocks go back must not hide a call."""
    begin = moment("2026-10-25 02:30", PARIS, Edge.BEGIN)
    end = moment("2026-10-25 02:30", PARIS, Edge.END)

    assert end.astimezone(UTC) - begin.astimezone(UTC) == timedelta(hours=1)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "2026-10-29 25:00", ""])
def test_what_is_no_time_is_said_so(text: str) -> None:
    """With an example of one."""
    with pytest.raises(MomentUnclear, match="2026-10-29 17:00"):
        moment(text, TOKYO, Edge.BEGIN)


def test_a_zone_is_a_name_of_the_database_or_none() -> None:
    """JST would be several."""
    assert zone_of("") is None
    assert zone_of("Asia/Tokyo") == TOKYO
    with pytest.raises(MomentUnclear):
        zone_of("Asia/Tokio")
