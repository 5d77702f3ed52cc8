"""Twenty requests in staff's words, at the command and on the page: what is shown to who asks."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from html import unescape
from typing import Any

import pytest

from tests.support.locate.staff_desk import Desk, desk
from tests.support.locate.staff_worlds import PLAN, REQUESTS, WORLDS

WORDS = {
    "en": {
        "confirmed": "confirmed by ",
        "another": "perhaps another person's call, for this does not fit: ",
        "not_recorded": "not recorded: refused: as many calls as may were up",
        "destroyed": "within the hour from ",
        "most likely not_recorded": "Most likely the call that is meant was not recorded.",
        "most likely destroyed": "Most likely the recording of the call that is meant was",
        "weekday_differs": "is another weekday; the date is taken",
        "time_twice": "this time was twice that night; both are taken",
        "page confirmed": "Confirmed:",
        "page another": "Perhaps another person's call: this does not fit: ",
        "page not_recorded": "was not recorded refused: as many calls as may were up",
        "page destroyed": "in the hour of Tue 23 Dec 2025, 12:00",
        "page certificate": f"Certificate of destruction, plan {PLAN}",
    },
    "ja": {
        "confirmed": "確認済み(",
        "another": "別の方の通話かもしれません。次の点が一致しません: ",
        "not_recorded": "録音なし: 拒否: 通話数が上限に達していた",
        "destroyed": " からの1時間のうち",
        "most likely not_recorded": "お探しの通話は、おそらく録音されていません。",
        "most likely destroyed": "お探しの通話の録音は、おそらく廃棄済みです。",
        "weekday_differs": "の曜日が違います。日付のほうを使います",
        "time_twice": "この時刻はその夜に二度ありました。両方を使います",
        "page confirmed": "確認済み:",
        "page another": "別の方の通話かもしれません: 次の点が一致しません: ",
        "page not_recorded": "録音されていない 拒否: 通話数が上限に達していた",
        "page destroyed": "2026年3月30日(月) 14:00 からの 1 時間",
        "page certificate": f"廃棄証明書（計画 {PLAN}）",
    },
}


@pytest.fixture(scope="module")
def desks() -> Iterator[dict[str, Desk]]:
    """One for each world."""
    with ExitStack() as open_:
        yield {name: open_.enter_context(desk(world)) for name, world in WORLDS.items()}


def meant(request: dict[str, Any]) -> dict[str, Any]:
    """The call that is meant, as the world has it; nothing where there was none."""
    calls = WORLDS[request["world"]]["calls"]
    return next((each for each in calls if each["id"] == request.get("call")), {})


def text_in(markup: str) -> str:
    """What is read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def hour_of(call: dict[str, Any]) -> str:
    """All that is left of when it was."""
    return datetime.fromisoformat(call["at"]).replace(minute=0, second=0).isoformat()


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: each["id"])
def test_the_command_shows_what_they_mean(desks: dict[str, Desk], request_: dict[str, Any]) -> None:
    """First, among five, or why it is not found; nobody else's call is said to be confirmed."""
    words = WORDS[request_["language"]]
    here, call = desks[request_["world"]], meant(request_)
    answer = here.find(request_["text"], language=request_["language"])
    shown = answer.stdout
    rows = re.findall(r"^\d+ .*$", shown, re.MULTILINE)
    confirmed = [each for each in rows if words["confirmed"] in each]

    assert answer.exit_code == 0, answer.output
    match request_["expects"], request_.get("because", ""):
        case ("first" | "among five") as expected, _:
            found = rows[:1] if expected == "first" else rows[:5]
            (own,) = (each for each in found if call["at"] in each)
            assert call.get("number", call["customer"]) in own
            assert call["customer"] in own
            assert confirmed in ([], [own])
        case _, "not_recorded":
            assert call["at"] in rows[0]
            assert words["not_recorded"] in rows[0]
            assert words["most likely not_recorded"] in shown
            assert not confirmed
        case _, "destroyed":
            (own, *_) = (each for each in rows[:5] if words["destroyed"] in each)
            assert hour_of(call) in own
            assert f" {PLAN} " in own
            assert words["most likely destroyed"] in shown
            assert not confirmed
        case _:
            assert words["another"] in rows[0]
            assert not confirmed
    assert all(words[each] in shown for each in request_.get("says", ()))


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: each["id"])
def test_the_page_shows_what_they_mean(desks: dict[str, Desk], request_: dict[str, Any]) -> None:
    """The same, in the words of the page."""
    words = WORDS[request_["language"]]
    here, call = desks[request_["world"]], meant(request_)
    answer = here.page_of(request_["language"], text=request_["text"])
    told = text_in(answer.text)
    rows = re.findall(r"<article.*?</article>", answer.text, re.DOTALL)
    confirmed = [each for each in rows if words["page confirmed"] in text_in(each)]

    assert answer.status_code == 200
    match request_["expects"], request_.get("because", ""):
        case ("first" | "among five") as expected, _:
            found = rows[:1] if expected == "first" else rows[:5]
            (own,) = (each for each in found if f'datetime="{call["at"]}"' in each)
            assert f"/calls/{here.calls[call['id']]}" in own
            assert call["customer"] in text_in(own)
            assert confirmed in ([], [own])
        case _, "not_recorded":
            assert call["number"] in text_in(rows[0])
            assert words["page not_recorded"] in text_in(rows[0])
            assert words["most likely not_recorded"] in told
            assert not confirmed
        case _, "destroyed":
            (own, *_) = (each for each in rows[:5] if words["page destroyed"] in text_in(each))
            assert words["page certificate"] in text_in(own)
            assert words["most likely destroyed"] in told
            assert not confirmed
        case _:
            assert words["page another"] in text_in(rows[0])
            assert not confirmed
    assert all(words[each] in told for each in request_.get("says", ()))
