"""What is remembered of a call as options: which of it ranks, and what is likely."""

import json
from pathlib import Path
from typing import Any

import pytest

from archive.locate.answer.question import Question
from archive.locate.clues import KINDS
from rokuon.cli.calls import call_search
from rokuon.cli.terminal import time_options
from rokuon.messages.choices import Asked, RankedClue
from tests.rokuon.cli.command import run
from tests.support.cli.calls import DAY, WINDOW
from tests.support.cli.ranked import CALL, Ranking, ranked

TOKYO = ("--zone", "Asia/Tokyo")


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Ranking:
    """One that is asked once, and ranks nothing."""
    asked = Ranking(ranked())
    monkeypatch.setattr(call_search, "client_of", lambda *_: asked)
    return asked


def question(api: Ranking, *arguments: str) -> dict[str, Any]:
    """What is asked where that is typed."""
    result = run("calls", "find", *arguments)
    assert result.exit_code == 0, result.output
    (asked,) = api.asked
    return dict(asked)


def test_words_without_quotes_are_one_text(api: Ranking) -> None:
    """Nobody's number is a mistake for a quotation mark that is missing."""
    asked = question(api, "late October,", "Tanaka", "7788", *TOKYO)

    assert asked == {"text": "late October, Tanaka 7788", "zone": "Asia/Tokyo", "limit": 10}


CLUES: list[tuple[list[str], dict[str, object]]] = [
    (["--when", "10月下旬"], {"kind": "when", "value": "10月下旬"}),
    (["--team", "契約"], {"kind": "team", "value": "契約"}),
    (["--extension", "2001"], {"kind": "extension", "value": "2001"}),
    (["--dialled", "0120"], {"kind": "dialled", "value": "0120"}),
    (["--length", "10分くらい"], {"kind": "length", "value": "10分くらい"}),
    (["--happened", "held"], {"kind": "happened", "value": "held"}),
    (["--not-happened", "held"], {"kind": "happened", "value": "held", "was": False}),
    (["--gist", "水漏れ"], {"kind": "gist", "value": "水漏れ"}),
    (["--not", CALL], {"kind": "not", "value": CALL}),
    (["--before", CALL], {"kind": "beside", "value": CALL, "side": "before"}),
    (["--after", CALL], {"kind": "beside", "value": CALL, "side": "after"}),
]


@pytest.mark.parametrize(("typed", "clue"), CLUES)
def test_a_clue_that_only_ranking_knows_ranks_and_is_certain(
    api: Ranking, typed: list[str], clue: dict[str, object]
) -> None:
    """As is every option of which nobody says that it is only likely."""
    assert question(api, *typed, *TOKYO)["clues"] == [clue]


def test_every_kind_of_clue_has_its_option() -> None:
    """And every question that is put can be said to have been in vain."""
    sides = {"before", "after"}
    old = {"agent", "number", "direction", "queue", "customer", "id"}
    new = {str(clue["kind"]) for _, clue in CLUES}

    assert old | new == set(KINDS)
    assert {*RankedClue} == {"all", "tag"} | sides | set(KINDS) - {"not", "beside"}
    assert {*Asked} == {*Question}


LIKELY = {"likely": True}
NOTS = [word for _ in range(13) for word in ("--not", CALL)]
AGENTS = [word for number in range(9) for word in ("--agent", f"agent {number}")]
NINE = [
    word
    for option in ("agent", "number", "customer", "id", "queue", "tag")
    for word in (f"--{option}", "x")
] + ["--direction", "inbound", "--notice", "complete", "--min-duration", "1"]
AGENT = {"kind": "agent", "value": "田中"}
NUMBER = {"kind": "number", "value": "7788"}


@pytest.mark.parametrize(
    ("more", "clues"),
    [
        (["--likely", "agent"], [AGENT | LIKELY, NUMBER]),
        (["--likely", "agent", "--likely", "number"], [AGENT | LIKELY, NUMBER | LIKELY]),
        (["--likely", "all"], [AGENT | LIKELY, NUMBER | LIKELY]),
        (["--likely", "all", "--certain", "number"], [AGENT | LIKELY, NUMBER]),
        (["x", "--certain", "number"], [AGENT, NUMBER]),
    ],
)
def test_only_what_is_said_to_be_likely_is(
    api: Ranking, more: list[str], clues: list[dict[str, object]]
) -> None:
    """What narrows nobody takes for what only ranks."""
    asked = question(api, "--agent", "田中", "--number", "7788", *more, *TOKYO)

    assert asked["clues"] == clues


def test_one_of_several_agents_is_one_clue(api: Ranking) -> None:
    """Likely or not, as one."""
    asked = question(api, "--agent", "田中", "--agent", "中田", "--likely", "agent", *TOKYO)

    assert asked["clues"] == [{"kind": "agents", "values": ["田中", "中田"]} | LIKELY]


def test_a_window_is_certain_and_its_zone_is_that_of_the_answer(api: Ranking) -> None:
    """One zone, not two of which one might be another."""
    asked = question(api, "7788", *WINDOW)

    assert asked["window"]["from"] == f"{DAY}T00:00:00+09:00"
    assert asked["window"]["zone"] == "Asia/Tokyo"
    assert "zone" not in asked


@pytest.mark.parametrize(
    ("typed", "as_of"),
    [
        ("2026-11-24", "2026-11-24T23:59:59+09:00"),
        ("2026-11-24 15:30", "2026-11-24T15:30:00+09:00"),
        ("2026-11-24 00:00", "2026-11-24T00:00:00+09:00"),
    ],
)
def test_what_was_said_another_day_is_read_as_of_its_last_second(
    api: Ranking, typed: str, as_of: str
) -> None:
    """A call of that day may be the one, and "yesterday" is still the day before."""
    asked = question(api, "昨日", "--as-of", typed, *TOKYO)

    assert asked["as_of"] == as_of


def test_a_question_that_was_in_vain_and_a_cursor_are_handed_on(api: Ranking) -> None:
    """As the answer before said them."""
    asked = question(api, "7788", "--asked", "month", "--cursor", "c.1", "--limit", "3", *TOKYO)

    assert (asked["asked"], asked["cursor"], asked["limit"]) == (["month"], "c.1", 3)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["7788", "--zone", "JST9"], "no time zone is called JST9"),
        (["7788", "--from", "today", *TOKYO], "Missing option '--to'"),
        (["--number", "7788", *TOKYO], "Missing option '--from'"),
        (["7788", "--likely", "agent", *TOKYO], "nothing is given with --agent"),
        (["7788", "--certain", "before", *TOKYO], "nothing is given with --before"),
        (["7788", "--certain", "all", *TOKYO], "say what of the text is certain"),
        (
            ["--number", "7788", "--likely", "all", "--certain", "agent", *TOKYO],
            "'--certain': nothing is given with --agent: give it, or leave this out",
        ),
        (
            ["--number", "7788", "--likely", "number", "--certain", "number", *TOKYO],
            "--number is either likely or certain: leave out one of the two",
        ),
        ([*WINDOW, "--likely", "all"], "nothing of what is given is likely"),
        (
            ["--number", "7788", "--likely", "all", "--certain", "number", *WINDOW],
            "nothing of what is given is likely",
        ),
        ([*WINDOW, "--explain"], "--explain is of ranked calls"),
        ([*WINDOW, "--cursor", "c"], "--cursor is of ranked calls"),
        ([*WINDOW, "--as-of", "today"], "--as-of is of ranked calls"),
        (["7788", "--as-of", "soon", *TOKYO], "soon is not a time"),
        (["7788", *NOTS, *TOKYO], "'--not': 13 are given, 12 at most are taken at once: leave"),
        (["x", "--number", "7788", *NOTS[2:], *TOKYO], "'--number, --not': 13 are given, 12 at"),
        (["7788", *AGENTS, *TOKYO], "'--agent': 9 are given, 8 at most are taken at once"),
        ([*WINDOW, *AGENTS], "'--agent': 9 are given, 8 at most are taken at once"),
        ([*WINDOW, *NINE], "'--agent, --number, --customer, --id, --queue, --tag, --direction, "),
        (["7788", "--likely", "not", *TOKYO], "'--likely': 'not' is not one of 'all', 'when'"),
    ],
)
def test_what_is_unclear_is_a_usage_error_without_what_was_remembered(
    api: Ranking, typed: list[str], said: str
) -> None:
    """Exit 2, nothing asked; a number that was typed stands in no error."""
    result = run("calls", "find", *typed)

    assert (result.exit_code, api.asked) == (2, [])
    assert said in " ".join(result.output.split())
    assert "7788" not in result.output


def test_options_that_are_certain_are_a_list_as_ever(api: Ranking) -> None:
    """A script of before gets what it got, newest first, and sends what it sent."""
    api.pages = [{}]
    result = run("calls", "find", *WINDOW, "--agent", "田中", "-o", "json")
    (asked,) = api.asked

    assert json.loads(result.stdout) == []
    assert set(asked) == {"window", "clues", "limit"}
    assert (asked["clues"], asked["limit"]) == ([AGENT], 51)


def test_a_text_without_a_zone_is_read_by_the_persons_own_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who types a sentence has a clock; refused, nobody knew which one was meant."""
    asked = Ranking(ranked())
    monkeypatch.setattr(call_search, "client_of", lambda *_: asked)
    monkeypatch.setenv("TZ", "Europe/London")
    result = run("calls", "find", "yesterday")

    assert result.exit_code == 0, result.output
    assert asked.asked[0]["zone"] == "Europe/London"
    assert "times are read by Europe/London: your own zone (TZ)" in result.stdout


def test_where_nobody_states_a_zone_it_is_the_machines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TZ", raising=False)
    place = tmp_path / "localtime"
    place.symlink_to("/usr/share/zoneinfo/Asia/Seoul")
    monkeypatch.setattr(time_options, "_LOCALTIME", place)
    asked = Ranking(ranked())
    monkeypatch.setattr(call_search, "client_of", lambda *_: asked)
    result = run("calls", "find", "yesterday")

    assert asked.asked[0]["zone"] == "Asia/Seoul"
    assert "times are read by Asia/Seoul: the zone of this machine" in result.stdout
