"""What the shipped units of systemd let each part do."""

from pathlib import Path

import pytest

SYSTEMD = Path(__file__).parents[1] / "deploy/systemd"


def unit(part: str) -> dict[str, list[str]]:
    """The settings of a unit, each with its words."""
    text = (SYSTEMD / f"rokuon-{part}.service").read_text()
    lines = (line.partition("=") for line in text.splitlines() if line[:1].isalpha())
    return {name: value.split() for name, _, value in lines}


@pytest.mark.parametrize("part", ["keeper", "retention", "api"])
def test_who_asks_the_catalog_can_reach_a_database_over_tcp(part: str) -> None:
    """The unit of the keeper had no network at all: with `catalog.url` it never started."""
    settings = unit(part)

    assert {"AF_UNIX", "AF_INET", "AF_INET6"} <= set(settings["RestrictAddressFamilies"])
    assert settings.get("PrivateNetwork", ["no"]) == ["no"]


@pytest.mark.parametrize("part", ["keeper", "retention"])
def test_who_needs_no_other_network_reaches_none_unless_it_is_named(part: str) -> None:
    """A database on another host is named by its address."""
    settings = unit(part)

    assert settings["IPAddressDeny"] == ["any"]
    assert settings["IPAddressAllow"] == ["localhost"]
