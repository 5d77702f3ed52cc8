"""`rokuon route`."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rokuon.messages import i18n
from tests.rokuon.cli.command import Result, run

TEXT = """
[inline]
emergency_to = ["carrier"]
[[source]]
name = "pbx"
address = ["192.0.2.30/32"]
[[target]]
name = "carrier"
uri = "sip:192.0.2.40"
[[prompt]]
name = "recorded"
file = "recorded.wav"
[[hours]]
name = "desk"
open = ["mon-fri 09:00-18:00"]
[[route]]
name = "never"
number = ["0355501999"]
to = ["carrier"]
record = "never"
[[route]]
name = "day"
number = ["03*"]
hours = "desk"
to = ["carrier"]
notice = ["recorded"]
[[route]]
name = "tokyo"
number = ["03*"]
to = ["carrier"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A configuration with routes."""
    file = tmp_path / "rokuon.toml"
    file.write_text(TEXT)
    return file


@pytest.fixture
def english_afterwards() -> Iterator[None]:
    """The language belongs to the process."""
    yield
    i18n.speak("en")


def explain(file: Path, number: str, *more: str) -> Result:
    """Ask where a call to this number goes."""
    return run(
        "--config", str(file), "route", "explain", "--source", "pbx", "--number", number, *more
    )


def lines(result: Result) -> list[str]:
    """What was written, white space made one."""
    return [" ".join(line.split()) for line in result.output.splitlines()]


def test_the_route_of_a_call_is_shown_with_why_no_earlier_one(file: Path) -> None:
    """And with what happens then: the notice, the mode and whose word it is."""
    result = explain(file, "+81399990000", "--at", "2026-11-26T10:00")

    assert result.exit_code == 0
    assert lines(result) == [
        "route result why",
        "never does not match number: wanted 0355501999, seen +81399990000",
        "day taken",
        "tokyo would match, but an earlier one is taken",
        "",
        "route day",
        "targets carrier",
        "dialled +81399990000",
        "notice recorded",
        "notice_to caller",
        "notice_when dial-first",
        "without_notice block",
        "record_from after-notice",
        "recorded at carrier yes (route: yes, target: dont-care; "
        "the route's word counts; stays so)",
    ]


@pytest.mark.parametrize(
    ("at", "route"),
    [
        ("2026-11-26T17:59", "day"),
        ("2026-11-26T18:00", "tokyo"),
        ("2026-11-26T09:00+00:00", "tokyo"),
        ("2026-11-26T08:59Z", "day"),
    ],
)
def test_a_time_without_an_offset_is_by_the_clock_of_the_source(
    file: Path, at: str, route: str
) -> None:
    """Ten o'clock in Tokyo is ten o'clock in Tokyo wherever the server stands."""
    told = json.loads(explain(file, "0399990000", "--at", at, "-o", "json").output)

    assert told["outcome"]["route"] == route


def test_a_call_that_has_nowhere_to_go_is_exit_3(file: Path) -> None:
    """A script that checks a numbering plan needs no parser."""
    for_people = explain(file, "0699990000")
    for_programs = explain(file, "0699990000", "-o", "json")

    assert (for_people.exit_code, for_programs.exit_code) == (3, 3)
    assert "no route takes this call; it is answered 404" in for_people.output
    assert json.loads(for_programs.output)["outcome"] is None


def test_an_emergency_says_so(file: Path) -> None:
    """Even without a route."""
    result = explain(file, "110")

    assert result.exit_code == 0
    assert "emergency call" in result.output
    assert "route inline.emergency_to" in lines(result)


@pytest.mark.parametrize(
    "more",
    [["--source", "nobody"], ["--header", "X-Line"], ["--at", "some day"]],
)
def test_what_cannot_be_understood_is_exit_2(file: Path, more: list[str]) -> None:
    """A slip is not taken for an answer."""
    assert explain(file, "0399990000", *more).exit_code == 2


@pytest.mark.usefixtures("english_afterwards")
def test_the_explanation_is_there_in_japanese(file: Path) -> None:
    """The administrator reads it in the language of the site."""
    i18n.speak("ja")

    assert "tokyo 採用" in lines(explain(file, "0399990000", "--at", "2026-11-26T20:00"))


def test_the_routes_are_listed_in_their_order(file: Path) -> None:
    """The first one that matches takes the call, so the order is the meaning."""
    result = run("--config", str(file), "route", "list", "-o", "json")
    table = run("--config", str(file), "route", "list")

    assert [row["name"] for row in json.loads(result.output)] == ["never", "day", "tokyo"]
    assert "day 03* desk carrier recorded yes" in lines(table)


def test_a_notice_over_what_a_pbx_plays_is_warned_of(file: Path) -> None:
    """The caller would hear the last words of a menu, or none."""
    assert "answer-first" not in explain(file, "0399990000", "--at", "2026-11-26T10:00").output
    inbound = TEXT.replace('notice = ["recorded"]', 'notice = ["recorded"]\ndirection = "inbound"')
    file.write_text(inbound)

    assert "answer-first" in explain(file, "0399990000", "--at", "2026-11-26T10:00").output
