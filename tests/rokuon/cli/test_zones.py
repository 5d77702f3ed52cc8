"""The options of a window and of its zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import typer

from rokuon.cli.zones import UTC_ZONE, in_zone, place_of, window_of


def test_a_window_is_read_in_the_zone_that_is_named() -> None:
    """The server's own zone is nobody's."""
    tokyo = ZoneInfo("Asia/Tokyo")
    place, ends = window_of("2026-10-29", "2026-10-29", "Asia/Tokyo")

    assert place == tokyo
    assert ends == (datetime(2026, 10, 29, tzinfo=tokyo), datetime(2026, 10, 30, tzinfo=tokyo))
    assert in_zone("begin", place) == "begin (Asia/Tokyo)"


def test_where_no_zone_is_named_times_are_shown_in_utc() -> None:
    """And an unknown one is a usage error."""
    assert place_of("") == UTC_ZONE
    with pytest.raises(typer.BadParameter):
        place_of("JST9")
    with pytest.raises(typer.BadParameter):
        window_of("x", "2026-10-29", "Asia/Tokyo")
