"""A start says whose calls somebody else could speak in."""

from pathlib import Path

from structlog.testing import capture_logs

from rokuon.compose.latches import tell_latches
from rokuon.compose.switch import switch_of
from rokuon.config.load import parse
from rokuon.config.schema import Config

SOURCE = '[[source]]\nname = "trunk"\naddress = ["192.0.2.1/32"]\nzone = "UTC"\nlatch = "{latch}"\n'
TARGET = '[[target]]\nname = "pbx"\nuri = "sip:192.0.2.30"\nlatch = "{latch}"\n'
ROUTE = '[[route]]\nname = "all"\nto = ["pbx"]\n'


def config(base: Path, source: str, target: str) -> Config:
    text = SOURCE.format(latch=source) + TARGET.format(latch=target) + ROUTE
    return parse(text, name="rokuon.toml", base=base)


def test_each_latch_that_lets_others_in_is_named_with_its_peers(tmp_path: Path) -> None:
    """`any` for the whole call, `nat` until the party is heard."""
    with capture_logs() as told:
        tell_latches(config(tmp_path, "nat", "any"))

    assert [(line["log_level"], line["latch"], line["peers"]) for line in told] == [
        ("warning", "any", ["target pbx"]),
        ("warning", "nat", ["source trunk"]),
    ]


def test_where_only_the_signalled_address_is_heard_nothing_is_said(tmp_path: Path) -> None:
    """As it is without a word of the administrator's."""
    with capture_logs() as told:
        tell_latches(config(tmp_path, "signalled", "signalled"))

    assert told == []


def test_a_start_and_a_reload_say_so(tmp_path: Path) -> None:
    """Both put routes together anew."""
    with capture_logs() as told:
        switch_of(config(tmp_path, "nat", "signalled"))

    assert [line["latch"] for line in told if "latch" in line] == ["nat"]
