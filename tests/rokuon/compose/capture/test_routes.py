"""Routes and targets on their way from the file to capture."""

from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from capture.inline.routing.modes import Mode
from capture.inline.routing.route import HeaderCondition
from capture.inline.routing.routes import RouteQuery, decide
from capture.links.relay_messages import Latch
from rokuon.compose.capture.routes import emergency_of, routes_of, target_mode, targets_of
from rokuon.config.load import parse
from rokuon.config.schema import Config

TEXT = """
[inline]
emergency = ["110"]
[[target]]
name = "pbx"
uri = "sip:192.0.2.30"
latch = "nat"
record = "never"
address = ["192.0.2.0/28"]
certificate = "PBX.example"
[[target]]
name = "carrier"
verify = "authority"
uri = "sip:192.0.2.40"
user = "u"
password_file = "secret"
[[hours]]
name = "desk"
open = ["mon-fri 09:00-18:00"]
[[prompt]]
name = "recorded"
file = "recorded.wav"
[[route]]
name = "day"
number = ["0355501*"]
header = ["X-Line: b*"]
hours = "desk"
to = ["pbx", "carrier"]
notice = ["recorded"]
record = "force"
ring_s = 20
tags = ["a"]
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A site whose password lies where its configuration says."""
    (tmp_path / "secret").write_text("hidden\n")
    return parse(TEXT, name="-", base=tmp_path)


def test_a_route_keeps_its_settings_on_the_way_to_capture(config: Config) -> None:
    """Headers and modes as capture's own values, all else as it is."""
    (route,) = routes_of(config).routes

    assert (route.to, route.notice, route.ring_s, route.tags) == (
        ("pbx", "carrier"), ("recorded",), 20, ("a",),
    )  # fmt: skip
    assert route.headers == (HeaderCondition(name="x-line", value="b", is_prefix=True),)
    assert route.record is Mode.FORCE


def test_the_routes_of_a_file_decide_with_its_hours(config: Config) -> None:
    """From the text to the decision."""
    asked = RouteQuery(
        source="any", number="+81355501234", country="JP", headers={"x-line": ("b1",)}
    )
    taken = [
        decide(routes_of(config), asked, datetime(2026, 11, 26, hour, tzinfo=UTC))
        for hour in (1, 12)
    ]

    assert [decision and decision.route.name for decision in taken] == ["day", None]


def test_a_target_keeps_its_settings_on_the_way_to_capture(config: Config) -> None:
    """Networks, the latch and the mode as values, the password from its file."""
    pbx, carrier = targets_of(config)

    assert (pbx.latch, pbx.record, pbx.certificate) == (Latch.NAT, Mode.NEVER, "pbx.example")
    assert pbx.networks == (ip_network("192.0.2.0/28"),)
    assert (carrier.user, carrier.password) == ("u", "hidden")
    assert (pbx.verify, carrier.verify) == ("name", "authority")


def test_a_target_that_says_nothing_has_no_opinion(config: Config) -> None:
    """Empty is `dont-care`."""
    assert [target_mode(target) for target in config.target] == [Mode.NEVER, Mode.DONT_CARE]


def test_a_password_that_cannot_be_read_is_named(config: Config) -> None:
    """A reload then changes nothing."""
    Path(config.node.data.parent, "secret").unlink()

    with pytest.raises(OSError, match="secret"):
        targets_of(config)


def test_the_emergency_numbers_are_those_of_the_file(config: Config) -> None:
    """And no others."""
    assert emergency_of(config).numbers == {"110"}
