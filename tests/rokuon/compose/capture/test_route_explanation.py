"""What would become of an inline call."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rokuon.compose.capture.route_explanation import asked_of, explanation, listed_routes
from rokuon.config.load import parse

AT = datetime(2026, 11, 26, 1, tzinfo=UTC)
TEXT = """
[inline]
emergency_to = ["carrier"]
[[source]]
name = "pbx"
address = ["192.0.2.30/32"]
[[target]]
name = "carrier"
uri = "sip:192.0.2.40"
[[target]]
name = "second"
uri = "sip:192.0.2.41"
record = "no"
[[prompt]]
name = "recorded"
file = "recorded.wav"
[[route]]
name = "line b"
header = ["X-Line: b"]
to = ["carrier"]
[[route]]
name = "tokyo"
number = ["03*", "112"]
to = ["carrier", "second"]
notice = ["recorded"]
notice_to = "callee"
on_demand = true
dial = "0355501234"
"""


def told(number: str, *headers: str, text: str = TEXT, caller: str = "") -> dict[str, Any]:
    """The explanation of a call to a number."""
    config = parse(text, name="-", base=Path("/nowhere"))
    return explanation(config, asked_of(config, "pbx", number, caller, headers), AT)


def test_the_route_that_is_taken_is_told_with_all_that_it_does() -> None:
    """Where to, what is said to whom, and whether it is recorded there, and on whose word."""
    assert told("+81399990000")["outcome"] == {
        "route": "tokyo",
        "to": ["carrier", "second"],
        "dialled": "0355501234",
        "notice": ["recorded"],
        "notice_to": "callee",
        "notice_when": "dial-first",
        "without_notice": "block",
        "record_from": "after-notice",
        "covers_announcements": False,
        "record": [
            {"target": "carrier", "mode": "yes", "by": "route", "route_says": "yes",
             "target_says": "dont-care", "may_change": True},
            {"target": "second", "mode": "no", "by": "target", "route_says": "yes",
             "target_says": "no", "may_change": True},
        ],
    }  # fmt: skip


def test_each_route_that_is_not_taken_is_told_with_its_reason() -> None:
    """What was wanted, and what the call has."""
    first, second = told("0399990000", "X-Line: a")["routes"]

    assert first["mismatches"] == [
        {"condition": "header", "wanted": ["x-line: b"], "seen": ["x-line: a"]}
    ]
    assert (first["is_taken"], second["is_taken"], second["matches"]) == (False, True, True)


def test_a_header_decides_as_it_would_in_an_invite() -> None:
    """In any case of its name, and of several one is enough."""
    outcome = told("0699990000", "x-LINE:  b", "X-Line: c")["outcome"]

    assert (outcome["route"], outcome["notice"]) == ("line b", [])


def test_without_a_route_nothing_happens() -> None:
    """It is answered 404."""
    assert told("0699990000")["outcome"] is None


@pytest.mark.parametrize("number", ["110", "+81110", "urn:service:sos.police"])
def test_an_emergency_without_a_route_goes_where_emergencies_go(number: str) -> None:
    """Without notice, and to the number that was called."""
    found = told(number)

    assert found["is_emergency"]
    assert found["outcome"]["to"] == ["carrier"]
    assert "notice" not in found["outcome"]


def test_an_emergency_takes_of_a_route_its_targets_alone() -> None:
    """Neither its notice nor another number: docs/inline.md."""
    assert told("112")["outcome"] == {
        "route": "tokyo", "to": ["carrier", "second"], "dialled": "112",
    }  # fmt: skip


def test_an_emergency_without_any_target_is_told_as_lost() -> None:
    """The administrator learns it here, and from no one else."""
    text = TEXT.replace('emergency_to = ["carrier"]', "")

    assert told("110", text=text)["outcome"] is None


def test_a_called_number_may_be_given_as_a_uri() -> None:
    """As it stands in a trace."""
    assert told("sip:0399990000@192.0.2.20")["number"] == "0399990000"


def test_routes_are_listed_in_the_order_in_which_they_are_tried() -> None:
    """With their conditions and where they lead."""
    rows = listed_routes(parse(TEXT, name="-", base=Path("/nowhere")))

    assert [(row["name"], row["to"]) for row in rows] == [
        ("line b", ["carrier"]),
        ("tokyo", ["carrier", "second"]),
    ]
