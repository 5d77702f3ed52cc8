"""Settings of a source that count for none of its calls, and what the documents say of them."""

import dataclasses
import re

import pytest

from capture.inline.routing.route import Route
from capture.peers.source_settings import INLINE_CALLS_ALONE, RECORDING_SESSIONS_ALONE
from rokuon.config.door_rules import advice_on
from rokuon.config.route_rules import route_problems
from rokuon.config.schema import LOOPBACK, Config, InlineSettings, SourceSettings, TargetSettings
from tests import ROOT

DOCUMENT = (ROOT / "docs/configuration.md").read_text("utf-8")
PBX = TargetSettings(name="pbx", uri="sip:192.0.2.30")


def site(*routes: Route, **change: object) -> Config:
    """One source, changed, and these routes."""
    source = dataclasses.replace(LOOPBACK, **change)  # type: ignore[arg-type]  # any field
    return Config(source=(source,), target=(PBX,), route=routes)


def route(*sources: str) -> Route:
    """A route of these sources, none: of all."""
    return Route(name="all", to=("pbx",), source=sources)


def keys(config: Config) -> list[str]:
    return [each.key for each in advice_on(config)]


@pytest.mark.parametrize(
    "config",
    [
        site(trusted=False),
        site(route("other"), trusted=False),
        site(route(), trusted=False, mode="network-based"),
    ],
)
def test_a_setting_of_inline_calls_is_in_vain_where_none_comes(config: Config) -> None:
    """No route at all, none of its, or a mode in which its plain calls are recording sessions."""
    assert keys(config) == ["source[0].trusted"]


@pytest.mark.parametrize("config", [site(route(), trusted=False), site(route("loopback"))])
def test_a_setting_that_counts_is_nothing_to_remark(config: Config) -> None:
    """Nor is one that has its usual value."""
    assert keys(config) == []


def test_a_call_for_help_is_an_inline_call_as_well() -> None:
    """It needs no route."""
    config = dataclasses.replace(site(latch="nat"), inline=InlineSettings(emergency_to=("pbx",)))

    assert keys(config) == []


def test_a_setting_of_recording_sessions_says_nothing_of_a_route_of_that_source() -> None:
    """Who names the source in a route may believe so; where no route names it, nobody does."""
    assert keys(site(route("loopback"), strict=True, pause_max_s=9)) == [
        "source[0].pause_max_s",
        "source[0].strict",
    ]
    assert keys(site(route(), strict=True)) == []


def test_a_route_of_a_source_that_has_no_plain_calls_is_refused() -> None:
    """It would never take one of its calls."""
    config = site(route("loopback"), mode="network-based")

    assert [each.key for each in route_problems(config)] == ["route[0].source[0]"]


def test_the_documentation_says_which_settings_count_at_one_door_alone() -> None:
    """Two lines below the table of sources."""
    told = re.findall(r"^Of (recording sessions|inline calls) alone: (.+)\.$", DOCUMENT, re.M)
    named = {door: set(re.findall(r"`source\.(\w+)`", text)) for door, text in told}

    assert named == {
        "recording sessions": RECORDING_SESSIONS_ALONE,
        "inline calls": INLINE_CALLS_ALONE,
    }
    assert {each.name for each in dataclasses.fields(SourceSettings)} >= INLINE_CALLS_ALONE
