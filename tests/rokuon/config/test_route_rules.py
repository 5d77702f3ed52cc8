"""What routes must be to what they name, within themselves, and to each other."""

from dataclasses import replace
from pathlib import Path

import pytest

from capture.inline.routing.route import Route
from rokuon.config.route_rules import route_problems
from rokuon.config.schema import Config, HoursSettings, PromptSettings, TargetSettings

SITE = Config(
    target=(TargetSettings(name="pbx", uri="sip:192.0.2.30"),),
    hours=(HoursSettings(name="desk", open=("mon-fri 09:00-18:00",)),),
    prompt=(
        PromptSettings(name="recorded", file=Path("r.wav")),
        PromptSettings(name="hello", file=Path("h.wav")),
        PromptSettings(name="hello", file=Path("h-en.wav"), language="en"),
    ),
)


def route(name: str = "r", **change: object) -> Route:
    """A route that takes everything, changed."""
    return replace(Route(name=name, to=("pbx",)), **change)  # type: ignore[arg-type]  # any field


def problems(*routes: Route) -> list[tuple[str, str]]:
    """Key and message of every problem of these routes."""
    found = route_problems(replace(SITE, route=routes))
    return [(problem.key, problem.message) for problem in found]


def keys(*routes: Route) -> list[str]:
    """Where there is a problem."""
    return [key for key, _ in problems(*routes)]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"to": ()}, "to"),
        ({"to": ("pbx", "pbbx")}, "to[1]"),
        ({"source": ("loopback", "lopback")}, "source[1]"),
        ({"notice": ("recorded", "recoded")}, "notice[1]"),
        ({"hours": "dsek"}, "hours"),
        ({"outside": "dsek"}, "outside"),
        ({"hours": "desk", "outside": "desk"}, "outside"),
        ({"number": ("03*", "03x")}, "number[1]"),
        ({"caller": ("anonymous",)}, "caller[0]"),
        ({"header": ("X-A",)}, "header[0]"),
        ({"dial": "03*x"}, "dial"),
        ({"notice_when": "early", "refusal_key": "9"}, "refusal_key"),
        ({"record_from": "with-notice", "refusal_key": "9"}, "record_from"),
        ({"record": "force", "refusal_key": "9"}, "refusal_key"),
        ({"record": "never", "refusal_key": "9"}, "refusal_key"),
        ({"notice_when": "early", "notice_to": "callee"}, "notice_to"),
        ({"notice_when": "early", "notice_to": "both"}, "notice_to"),
        ({"language": "nihongo-go"}, "language"),
        ({"language": "en", "notice": ("hello", "recorded")}, "notice[1]"),
        ({"record": "force", "on_demand": True}, "on_demand"),
        ({"record": "never", "on_demand": True}, "on_demand"),
        ({"pause_code": "7"}, "pause_code"),
        ({"pause_code": "*7a"}, "pause_code"),
        ({"pause_code": "*12345678"}, "pause_code"),
        ({"pause_code": "*7", "resume_code": "*7"}, "resume_code"),
        ({"pause_code": "*7", "resume_code": "*78"}, "resume_code"),
        ({"pause_code": "*78", "resume_code": "*7"}, "resume_code"),
        ({"resume_code": "*8"}, "resume_code"),
        ({"start_code": "*5"}, "start_code"),
        ({"start_code": "5", "on_demand": True}, "start_code"),
        ({"start_code": "*7", "pause_code": "*7", "on_demand": True}, "start_code"),
        ({"start_code": "95", "refusal_key": "9", "on_demand": True}, "start_code"),
        ({"notice_when": "at-start"}, "notice_when"),
        ({"refusal_key": "*", "pause_code": "*7", "resume_code": "#8"}, "pause_code"),
        ({"refusal_key": "#", "pause_code": "*7", "resume_code": "#8"}, "resume_code"),
        ({"agent": "header"}, "agent"),
        ({"agent": "header:"}, "agent"),
        ({"agent": "header:X Agent"}, "agent"),
        ({"name": ""}, "name"),
    ],
)
def test_what_does_not_fit_is_named_by_its_key(change: dict[str, object], key: str) -> None:
    """Each rule has its own place in the file."""
    assert keys(route(**change)) == [f"route[0].{key}"]


def test_a_target_that_forces_recording_leaves_nothing_to_refuse() -> None:
    """Its word and the route's count together."""
    forcing = replace(SITE.target[0], record="force")
    site = replace(SITE, target=(forcing,), route=(route(refusal_key="9"),))

    assert [each.key for each in route_problems(site)] == ["route[0].refusal_key"]
    assert route_problems(replace(site, route=(route(),))) == []


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"source": ("loopback",), "number": ("03*", "+81*"), "caller": ("*",)},
        {"hours": "desk", "header": ("X-A: b*",), "dial": "+81355501234"},
        {"notice": ("hello", "recorded"), "language": "ja"},
        {"notice": ("hello",), "language": "EN", "notice_when": "early"},
        {"refusal_key": "9", "pause_code": "*7", "resume_code": "*8", "on_demand": True},
        {"pause_code": "*7"},
        {"notice_when": "at-start", "on_demand": True, "record": "no", "start_code": "*5"},
        {"agent": "user"},
        {"agent": "header:X-Agent"},
        {"dial": "*72"},
    ],
)
def test_what_a_site_has_fits(change: dict[str, object]) -> None:
    """No rule refuses what works."""
    assert keys(route(**change)) == []


def test_two_routes_of_one_name_are_refused() -> None:
    """The ledger would name both."""
    assert keys(route(number=("1",)), route(number=("2",))) == ["route[1].name"]


def test_a_route_behind_a_catch_all_is_never_reached() -> None:
    """Nobody finds out otherwise: it looks as if it were in force."""
    found = problems(route("all"), route("union", number=("0355501999",), record="never"))

    assert found == [("route[1].name", 'never reached: route "all" takes all of its calls')]


def test_a_route_behind_a_narrower_one_is_reached() -> None:
    """The usual order: the exception first, the rest last."""
    night = route("night", outside="desk")
    day = route("day", hours="desk")

    assert keys(route("union", number=("0355501999",)), day, night, route("all")) == []
