"""Which source an address is, and who is none."""

from pathlib import Path

import pytest

from capture.peers.source_watch import UNKNOWN_FILE
from rokuon.compose.capture.sources import source_at, source_of, unknown_sources
from rokuon.config.load import parse

TEXT = """
[[source]]
name = "tokyo"
address = ["192.0.2.0/28", "2001:db8::/32"]
[[source]]
name = "osaka"
address = ["192.0.2.16/28"]
"""


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.15", "tokyo"),
        ("192.0.2.16", "osaka"),
        ("2001:db8::1", "tokyo"),
        ("192.0.2.32", None),
        ("127.0.0.1", None),
    ],
)
def test_an_address_is_the_source_whose_network_holds_it(
    address: str, name: str | None, tmp_path: Path
) -> None:
    """And none when no network does: then its calls are refused."""
    found = source_at(parse(TEXT, name="-", base=tmp_path), address)

    assert (found.name if found else None) == name


def test_the_settings_of_a_source_are_shown_whole(tmp_path: Path) -> None:
    """With which zone and country a call from there is recorded."""
    row = source_of(parse(TEXT, name="-", base=tmp_path), "192.0.2.1")

    assert row is not None
    assert (row["zone"], row["mode"]) == ("Asia/Tokyo", "siprec")
    assert source_of(parse(TEXT, name="-", base=tmp_path), "10.0.0.1") is None


def test_a_source_shows_which_routes_its_inline_calls_may_take(tmp_path: Path) -> None:
    """Where all that is shown is `siprec`, an inline peer seems not to be one."""
    target = '[[target]]\nname = "t"\nuri = "sip:t.example"\n'
    route = '[[route]]\nname = "{}"\nto = ["t"]\n{}'
    routes = route.format("own", 'source = ["osaka"]\n') + route.format("all", "")
    config = parse(TEXT + target + routes, name="-", base=tmp_path)

    shown = [source_of(config, address) for address in ("192.0.2.1", "192.0.2.16")]
    assert [row and row["routes"] for row in shown] == [["all"], ["own", "all"]]


def test_unknown_sources_come_the_most_frequent_first(tmp_path: Path) -> None:
    """The forgotten SBC stands above the scanner that tried once."""
    config = parse(TEXT, name="-", base=tmp_path)
    assert unknown_sources(config) == []
    config.capture_path.mkdir(parents=True)
    (config.capture_path / UNKNOWN_FILE).write_text(
        '{"address": "10.0.0.1", "count": 1, "last_at": 1795641630494972}\n'
        '{"address": "10.0.0.2", "count": 214, "last_at": 1795641631494972}\n'
    )

    first, second = unknown_sources(config)
    assert (first["address"], first["last_at"]) == ("10.0.0.2", "2026-11-25T21:20:31+00:00")
    assert second["address"] == "10.0.0.1"
