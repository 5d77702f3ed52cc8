"""The zone of a site, as its sources state it."""

from pathlib import Path

import pytest

from rokuon.config.site_zone import site_country, site_zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("", ""),
        ('[[source]]\nname = "a"\n', ""),
        ('[[source]]\nzone = "Europe/Berlin"\n[[source]]\nname = "b"\n', "Europe/Berlin"),
        ('[[source]]\nzone = "UTC"\n[[source]]\nzone = "Asia/Tokyo"\n', ""),
        ("[[source]]\nzone = 9\n", ""),
        ("source = 1", ""),
        ("no TOML", ""),
    ],
)
def test_a_site_has_the_one_zone_that_its_sources_state(
    tmp_path: Path, text: str, zone: str
) -> None:
    """A default is nobody's zone, and of two nobody knows which is meant."""
    file = tmp_path / "rokuon.toml"
    file.write_text(text)

    assert site_zone(file) == zone


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("", ""),
        ('[[source]]\nname = "a"\n[[source]]\ncountry = "GB"\n', ""),
        ('[[source]]\ncountry = "GB"\n[[source]]\ncountry = "JP"\n', "GB"),
        ("[[source]]\ncountry = 9\n", ""),
    ],
)
def test_a_site_is_in_the_country_of_its_first_source(
    tmp_path: Path, text: str, country: str
) -> None:
    """As for the pages."""
    file = tmp_path / "rokuon.toml"
    file.write_text(text)

    assert site_country(file) == country


def test_without_a_file_there_is_none(tmp_path: Path) -> None:
    """Nor with one that is not there: who asks the API says so."""
    assert site_zone(None) == site_zone(tmp_path / "rokuon.toml") == ""
