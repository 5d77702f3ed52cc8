"""The options of a window and of its zone."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest
import typer

from rokuon.cli.terminal import time_options
from rokuon.cli.terminal.session import Session
from rokuon.cli.terminal.time_options import UTC_ZONE, clock_of, in_zone, place_of, window_of


def at_site(file: Path | None = None) -> typer.Context:
    """A command that runs with this configuration."""
    return typer.Context(click.Command("find"), obj=Session(file, "en"))


def test_a_window_is_read_in_the_zone_that_is_named() -> None:
    """The server's own zone is nobody's."""
    tokyo = ZoneInfo("Asia/Tokyo")
    place, ends = window_of(at_site(), "2026-10-29", "2026-10-29", "Asia/Tokyo")

    assert place == tokyo
    assert ends == (datetime(2026, 10, 29, tzinfo=tokyo), datetime(2026, 10, 30, tzinfo=tokyo))
    assert in_zone("begin", place) == "begin (Asia/Tokyo)"


def test_days_are_written_as_in_the_country_of_the_site(tmp_path: Path) -> None:
    """In Britain 3/4 is in April."""
    file = tmp_path / "rokuon.toml"
    file.write_text('[[source]]\ncountry = "GB"\n')
    _, (british, _) = window_of(at_site(file), "3/4", "3/4", "Europe/London")
    _, (japanese, _) = window_of(at_site(), "3/4", "3/4", "Europe/London")

    assert (british.month, british.day) == (4, 3)
    assert (japanese.month, japanese.day) == (3, 4)


def test_where_no_zone_is_named_times_are_shown_in_utc() -> None:
    """And an unknown one is a usage error."""
    assert place_of("") == UTC_ZONE
    with pytest.raises(typer.BadParameter):
        place_of("JST9")
    with pytest.raises(typer.BadParameter):
        window_of(at_site(), "x", "2026-10-29", "Asia/Tokyo")


def test_times_in_words_are_by_the_zone_that_the_sources_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine in UTC nobody types it each time; where none is stated it is the machine's."""
    file = tmp_path / "rokuon.toml"
    file.write_text('[[source]]\nzone = "Asia/Tokyo"\n')
    monkeypatch.delenv("TZ", raising=False)
    monkeypatch.setattr(time_options, "_LOCALTIME", tmp_path / "zoneinfo" / "Europe" / "Paris")

    assert clock_of(at_site(file), "")[0].key == "Asia/Tokyo"
    assert clock_of(at_site(file), "Europe/Berlin") == (ZoneInfo("Europe/Berlin"), "")
    assert clock_of(at_site(), "")[0].key == "Europe/Paris"


def test_where_no_zone_is_named_a_time_without_offset_is_by_the_clock_of_the_site(
    tmp_path: Path,
) -> None:
    """Whose sources all state one; what needs no zone is shown in UTC, as ever."""
    file = tmp_path / "rokuon.toml"
    file.write_text('[[source]]\nzone = "Europe/Berlin"\n')
    berlin = ZoneInfo("Europe/Berlin")
    day = (datetime(2026, 10, 29, tzinfo=berlin), datetime(2026, 10, 30, tzinfo=berlin))
    exact = ("2026-10-29T00:00Z", "2026-10-30T00:00Z")
    place, ends = window_of(at_site(file), *exact, "")

    assert window_of(at_site(file), "2026-10-29", "2026-10-29", "") == (berlin, day)
    assert (place, ends[0]) == (UTC_ZONE, datetime(2026, 10, 29, tzinfo=UTC))
    with pytest.raises(typer.BadParameter, match="--zone"):
        window_of(at_site(), "today", "today", "")
