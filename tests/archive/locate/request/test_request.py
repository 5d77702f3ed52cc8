"""Sentences with the time that they say: those of the issue's kind, and those of staff."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from api.words.locate_words import clue_told
from archive.locate.clues import Clue, WhenClue
from archive.locate.request.known_names import known_names
from archive.locate.request.request import read_request
from archive.locate.request.sentence import Request, check_request, check_text
from archive.locate.when.values import Calendar
from rokuon.messages.i18n import words_in
from tests.support.locate.told_times import core

STAFF: Final = tomllib.loads((Path(__file__).parents[4] / "eval/requests/staff.toml").read_text())
WORLDS: Final = {each["name"]: each for each in STAFF["world"]}
# What must be understood of each, as the echo says it in English; how many clues it has beside.
STAFF_TOLD: Final = {
    "ja-1": {
        "2026-10-21–2026-10-31 16:00–19:00",
        "they called",
        "agent: 田中 or 中田",
        "number ends in 7788",
    },
    "ja-2": {"2026-09-18 09:00–12:00", "extension 2105", "about: 住所変更"},
    "ja-3": {"agent: サイトウ or 高橋", "about: 解約", "about 15 minutes"},
    "ja-4": {"customer: 西村", "number +819012342291", "about: カード紛失"},
    "ja-5": {
        "2026-10-14 Wed 15:20–15:50",
        "agent: かとう",
        "number +819012345602",
        "about: 二重引き落とし",
    },
    "ja-6": {"number ends in 4516", "about: A-20458", "about: 届かない"},
    "ja-7": {"was called back", "was transferred", "they called", "number +818012349071"},
    "ja-8": {
        "from a payphone",
        "called number begins with +81120 or +81800",
        "under 3 minutes",
    },
    "ja-9": {"agent: 中田", "number +819012343315"},
    "ja-10": {
        "2026-03-30 13:45–14:30",
        "number begins with +8148 and ends in 6640",
        "they called",
    },
    "en-1": {"they called", "agent: Smith or Smythe", "number ends in 0143"},
    "en-2": {"extension 310", "about: change of address", "number withheld"},
    "en-3": {"agent: Maria or Alvares", "about: refund"},
    "en-4": {"2026-07-01–2026-09-30", "about: BX77120", "was on hold", "about 25 minutes"},
    "en-5": {"called number +12125550100", "about: lost card"},
    "en-6": {"agent: Nakada", "number ends in 0168", "about: delivery"},
    "en-7": {
        "was called back",
        "they called",
        "agent: Reed or Reid",
        "was transferred",
        "number +12125550127",
    },
    "en-8": {"number ends in 0110"},
    "en-9": {
        "they called",
        "2026-11-23 09:45–10:30",
        "number +12125550190",
        "agent: Tom",
        "about: password reset",
    },
    "en-10": {
        "2026-10-30 12:00–13:00",
        "customer: Alan Pike",
        "number +12125550135",
        "agent: Becker",
        "about: balance of the joint acct",
    },
}


def read(text: str, world: str) -> Request:
    of: dict[str, Any] = WORLDS[world]
    agents = of["agents"]
    names = [each.get(key, "") for each in agents for key in ("name", "kana", "romaji")]
    return read_request(
        text,
        now=datetime.fromisoformat(of["now"]),
        zone=ZoneInfo(of["zone"]),
        calendar=Calendar(country=of["country"], fiscal_month=4 if world == "ja" else 1),
        country=of["country"],
        known=known_names(
            people=names,
            extensions=[each["extension"] for each in agents],
            teams={each["team"] for each in agents},
            queues=of["queues"],
        ),
    )


def told(clue: Clue, world: str, language: str = "en") -> str:
    return clue_told(clue.value, ZoneInfo(WORLDS[world]["zone"]), words_in, language)


@pytest.mark.parametrize("request_", STAFF["request"], ids=lambda each: each["id"])
def test_a_request_in_the_words_of_staff_is_understood(request_: dict[str, Any]) -> None:
    """Its clues, its time as one of them, and the notes that it must have."""
    text, world = request_["text"], request_["world"]
    check_text(text)
    read_of = read(text, world)
    check_request(read_of)
    words = {told(each, world) for each in read_of.clues}
    times = [each for each in read_of.clues if isinstance(each.value, WhenClue)]

    assert words >= STAFF_TOLD[request_["id"]]
    assert len(times) == 1
    assert len(words - STAFF_TOLD[request_["id"]]) <= 1
    assert set(request_.get("says", ())) <= {each.code for each in read_of.notes}


@pytest.mark.parametrize(
    ("text", "world"),
    [
        ("10月下旬の夕方、田中か中田、7788", "ja"),
        ("Late in October, in the evening, a Ms Tanaka or Nakata, my number ends in 7788", "en"),
    ],
)
def test_so_disclosure_begins(text: str, world: str) -> None:
    """A vague day and a part of it, two names, the end of a number; all of it is used."""
    request = read(text, world)
    when, agent, number = (told(each, world) for each in request.clues)

    assert when.startswith("2026-10-21–2026-10-31 ")
    assert agent in {"agent: 田中 or 中田", "agent: Tanaka or Nakata"}
    assert number == "number ends in 7788"
    assert (request.unused, request.notes) == ((), ())


@pytest.mark.parametrize(
    "text", ["申し込んだ翌々日、下4桁7788", "the day after the delivery, ends in 7788"]
)
def test_what_counts_from_a_day_that_is_not_said_is_neither_a_time_nor_a_topic(text: str) -> None:
    """It is shown as not used, and why."""
    request = read(text, "ja")
    said = {told(each, "ja") for each in request.clues}

    assert not any(isinstance(each.value, WhenClue) for each in request.clues)
    assert "number ends in 7788" in said
    assert not any("翌々日" in each or "day after" in each for each in said)
    assert [text[begin:end] for begin, end in request.unused] in (["翌々日"], ["day after"])
    assert [each.code for each in request.notes] == ["from_unsaid_day"]


@pytest.mark.parametrize(
    ("text", "void", "code"),
    [
        ("2/30 7788", "2/30", "no_such_day"),
        ("25:70、下4桁7788", "25:70", "no_such_day"),
        ("2099/2/3 7788", "2099/2/3", "in_future"),
        ("明日また電話する、下4桁7788", "明日", "in_future"),
        ("ends in 7788, not in October", "not in October", "denied"),
    ],
)
def test_a_time_at_which_no_call_was_is_neither_a_time_nor_digits(
    text: str, void: str, code: str
) -> None:
    """It is shown as not used, and why; the rest is used."""
    request = read(text, "ja")

    assert "number ends in 7788" in {told(each, "ja") for each in request.clues}
    assert not any(isinstance(each.value, WhenClue) for each in request.clues)
    assert void in [text[begin:end] for begin, end in request.unused]
    assert [each.code for each in request.notes] == [code]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    "text",
    [
        "10月下旬の夕方",
        "9/18午前中",
        "先週の木曜",
        "11月第2週の平日、朝",
        "昨日の10時",
        "夕方",
        "25時頃",
    ],
)
def test_a_time_in_words_is_read_as_the_same_days_and_hours(text: str, language: str) -> None:
    """Its core: how it fades is not told."""
    (clue,) = read(text, "ja").clues
    (again,) = read(told(clue, "ja", language), "ja").clues

    assert core(again.value) == core(clue.value)
