"""The requests in staff's words hold together: what is meant is there, what is not is not."""

import tomllib
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

STAFF = tomllib.loads((Path(__file__).parents[2] / "eval/requests/staff.toml").read_text("utf-8"))
WORLDS = {world["name"]: world for world in STAFF["world"]}
CAUSES = {"never_called", "not_recorded", "destroyed", "another_person"}


def calls(request: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The calls of the world that a request is about."""
    return {call["id"]: call for call in WORLDS[request["world"]]["calls"]}


def test_there_are_ten_requests_a_language() -> None:
    """As many Japanese ones as English ones, each with a name of its own."""
    languages = [request["language"] for request in STAFF["request"]]

    assert languages.count("ja") == languages.count("en") == 10
    assert len({request["id"] for request in STAFF["request"]}) == 20


@pytest.mark.parametrize("request_", STAFF["request"], ids=lambda each: each["id"])
def test_what_a_request_means_is_in_its_world(request_: dict[str, Any]) -> None:
    """A call that is found is recorded; one that is not found lacks what the cause says."""
    there, meant = calls(request_), request_.get("call")
    state = there[meant].get("state", "recorded") if meant else None
    cause = request_.get("because")

    assert request_["expects"] in {"first", "among five", "not found"}
    assert (cause in CAUSES) == (request_["expects"] == "not found")
    assert state == {
        None: "recorded",
        "never_called": None,
        "another_person": None,
    }.get(cause, cause)
    assert set(request_.get("never_confirmed", [])) <= set(there)
    assert {"what", "holds"} <= set(request_)


@pytest.mark.parametrize("cause", sorted(CAUSES))
def test_each_cause_of_finding_nothing_is_asked_for(cause: str) -> None:
    """Never called, not recorded, destroyed, another person's."""
    assert [each for each in STAFF["request"] if each.get("because") == cause]


@pytest.mark.parametrize("world", STAFF["world"], ids=lambda each: each["name"])
def test_a_world_is_one_that_a_call_centre_could_have(world: dict[str, Any]) -> None:
    """Who spoke had a place that day, nobody another's; no agent spoke twice at once."""
    spoken: dict[str, list[tuple[datetime, datetime]]] = {}
    for call in world["calls"]:
        start = datetime.fromisoformat(call["at"])
        day = start.date().isoformat()
        places = [
            (line["id"], line["extension"])
            for line in world["agents"]
            if (line["from"] or day) <= day <= (line["until"] or day)
        ]
        assert len({extension for _, extension in places}) == len(places), day
        assert ("number" in call) != ("withheld" in call)
        for agent in call["agents"]:
            assert [who for who, _ in places].count(agent) == 1, (call["id"], agent)
            spoken.setdefault(agent, []).append((start, start + timedelta(seconds=call["seconds"])))
    for agent, spans in spoken.items():
        for one, other in combinations(spans, 2):
            assert one[1] <= other[0] or other[1] <= one[0], (agent, one, other)
    assert 12 <= len(world["calls"]) <= 60
