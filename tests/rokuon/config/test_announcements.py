"""Routes whose notice would cover a menu: which ones are warned of."""

import dataclasses
from typing import Any

import pytest

from capture.inline.routing.route import Route
from rokuon.config.announcements import covered
from rokuon.config.schema import Config, SourceSettings, TargetSettings

CARRIER = SourceSettings(name="carrier", address=("192.0.2.40/32",))
PBX = SourceSettings(name="pbx", address=("192.0.2.30/32",), internal_numbers=("2*",))
TO_PBX = TargetSettings(name="pbx", uri="sip:192.0.2.30")
TO_NAME = TargetSettings(name="office", uri="sip:pbx.example")
TO_CARRIER = TargetSettings(name="carrier", uri="sip:192.0.2.40")


def warned(**route: Any) -> list[str]:
    """What is said of one route from the carrier to the PBX, changed."""
    usual = Route(name="r", to=("pbx",), source=("carrier",), notice=("notice-ja",))
    config = Config(
        source=(CARRIER, PBX),
        target=(TO_PBX, TO_NAME, TO_CARRIER),
        route=(dataclasses.replace(usual, **route),),
    )
    return [each.key for each in covered(config)]


def test_a_notice_over_what_a_pbx_plays_is_warned_of() -> None:
    """It sends us calls of internal numbers, so it is one; or what comes in goes there."""
    assert warned() == ["route[0].notice_when"]
    assert warned(to=("office",), direction="inbound") == ["route[0].notice_when"]
    assert warned(notice_to="both") == ["route[0].notice_when"]


@pytest.mark.parametrize(
    "route",
    [
        {"notice_when": "answer-first"},
        {"notice_when": "early"},
        {"notice_when": "at-start", "on_demand": True},
        {"notice": ()},
        {"notice_to": "callee"},
        {"record": "never"},
        {"to": ("carrier",), "source": ("pbx",), "direction": "outbound"},
        {"to": ("office",)},
        {"source": ("pbx",), "direction": "inbound"},
    ],
    ids=lambda route: " ".join(map(str, route.values())),
)
def test_where_nothing_is_lost_nothing_is_said(route: dict[str, Any]) -> None:
    """No notice for the caller, another order, no PBX as far as is known, back to the caller."""
    assert warned(**route) == []
