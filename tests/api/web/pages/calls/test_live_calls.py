"""The page of calls that are up."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.permissions.roles import Role
from archive.access.reach import ReachRule
from archive.call.live import LiveCall, LiveCalls, LiveParty, Trouble, Wish
from tests.api.actors import person
from tests.api.examples import LIVE
from tests.api.web.pages.browser import browser, text_of
from tests.archive.catalog.examples import NOW_US

EVIL = "<script>alert(1)</script>"
TROUBLED = msgspec.structs.replace(
    LIVE,
    troubles=(Trouble.ONE_WAY,),
    parties=(
        LiveParty(
            side="customer",
            because="internal_number",
            addresses=("sip:+81312347788@x",),
            names=("佐藤",),
        ),
        LiveParty(side="agent", because="internal_number", names=(EVIL,)),
    ),
)


def changed(**fields: Any) -> LiveCall:
    """The call in another state."""
    return msgspec.structs.replace(LIVE, **fields)


async def test_a_call_shows_who_is_in_it_and_its_troubles_in_words(tmp_path: Path) -> None:
    """A code helps nobody while the customer talks; a name is no markup."""
    async with browser(tmp_path) as page:
        page.node.looks_like = [[TROUBLED]]
        answer = await page.see("/live")

    told = text_of(answer)
    assert "佐藤 03-1234-7788" in " ".join(told.split())
    assert "audio from one side only" in told
    assert EVIL not in answer.text


async def test_a_guess_is_marked_and_who_is_on_no_side_is_no_customer(tmp_path: Path) -> None:
    """By a form and a word of its own, in a column of its own."""
    call = changed(
        parties=(
            LiveParty(side="agent", because="first_stream", names=("鈴木",)),
            LiveParty(names=("山田",)),
        )
    )
    async with browser(tmp_path) as page:
        page.node.looks_like = [[call]]
        answer = await page.see("/live")

    assert '<span class="mark guess"><span aria-hidden="true">?</span>鈴木 ' in answer.text
    assert "<td>山田</td>" in answer.text
    assert 'data-who="山田"' in answer.text


FULL = LiveCalls(total=0, calls=(), full="spool bytes", full_us=NOW_US, turned_away=2)


@pytest.mark.parametrize("path", ["/live", "/live/room"])
async def test_where_new_calls_are_refused_the_page_says_why_since_when_and_how_many(
    tmp_path: Path, path: str
) -> None:
    """Not that no call is up, and that one appears by itself; a page that stays open asks again."""
    async with browser(tmp_path, Role.SUPERVISOR) as page:
        page.node.looks_like, page.node.room = [[]], FULL
        answer = await page.see(path)
        page.node.room = LiveCalls(total=0, calls=())
        after = await page.see(path)

    told = text_of(answer)
    assert "New calls are refused: the spool is full." in told
    assert "Since Sat 28 Nov 2026, 17:42, answered with 503. Refused since then: 2" in told
    assert 'href="/health"' in answer.text
    assert "appears here by itself" not in told
    assert 'hx-get="/live/room"' in answer.text
    assert "refused" not in text_of(after)


async def test_whose_reach_ends_somewhere_is_not_told_how_many_calls_others_missed(
    tmp_path: Path,
) -> None:
    """That they are refused concerns everybody."""
    async with browser(tmp_path, Role.SUPERVISOR) as page:
        page.sessions.account = person(
            Role.SUPERVISOR, reach=ReachRule(queues=frozenset({"support"}))
        )
        page.node.room = FULL
        answer = await page.see("/live/room")

    assert "the spool is full" in text_of(answer)
    assert "since then" not in text_of(answer)


async def test_without_a_call_the_page_says_so(tmp_path: Path) -> None:
    """An empty table is taken for a broken one."""
    async with browser(tmp_path) as page:
        page.node.looks_like = [[]]
        answer = await page.see("/live")

    assert "No call is in progress." in text_of(answer)


@pytest.mark.parametrize(
    ("call", "offered"),
    [
        (LIVE, ["pause", "stop"]),
        (changed(paused="asked"), ["resume", "stop"]),
        (changed(paused="refused"), []),
        (changed(is_recorded=False), ["start"]),
    ],
)
async def test_what_makes_sense_now_is_offered_to_who_may(
    tmp_path: Path, call: LiveCall, offered: list[str]
) -> None:
    """A button that is refused is a trap; who may only look has none."""
    async with browser(tmp_path) as page:
        page.node.looks_like = [[call]]
        mine = await page.see("/live")
        page.sessions.account = person(Role.ADMINISTRATOR)
        others = await page.see("/live")

    found = [wish for wish in ("start", "pause", "resume", "stop") if f'/{wish}"' in mine.text]
    assert found == sorted(offered, key=["start", "pause", "resume", "stop"].index)
    assert "formaction" not in others.text


async def test_a_pause_is_asked_for_with_its_reason(tmp_path: Path) -> None:
    """The node gets both, as it does from the API."""
    async with browser(tmp_path, Role.SUPERVISOR) as page:
        answer = await page.send(f"/live/{LIVE.recording}/pause", {"reason": "card number"})

    (wish,) = page.node.wishes
    assert (wish.wish, wish.reason, wish.by) == (Wish.PAUSE, "card number", "yamada")
    assert (answer.status_code, answer.headers["location"]) == (303, "/live")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "a\nb"])
async def test_without_a_reason_nothing_is_done_and_the_page_says_why(
    tmp_path: Path, reason: str
) -> None:
    """The form is open again at that call."""
    async with browser(tmp_path) as page:
        answer = await page.send(f"/live/{LIVE.recording}/stop", {"reason": reason})

    assert (answer.status_code, page.node.wishes) == (422, [])
    assert 'role="alert"' in answer.text
    assert "<details open" in answer.text


async def test_news_are_rows_of_the_table_in_the_language_of_the_page(tmp_path: Path) -> None:
    """Words stand in one place; the stream ends with the node."""
    async with browser(tmp_path, language="ja") as page:
        page.node.looks_like, page.node.away_after = [[TROUBLED], [TROUBLED], []], 3
        answer = await page.see("/live/news")

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.count("event: call") == 1
    assert '"row": "' in answer.text
    assert EVIL not in answer.text
    assert "event: over" in answer.text


async def test_who_follows_in_too_many_windows_is_told_so_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page reads no status of a stream, so the words are an event of it; nothing is followed."""
    monkeypatch.setattr("api.calls.live_calls.MAX_OF_AN_ACCOUNT", 0)
    async with browser(tmp_path) as page:
        answer = await page.see("/live/news")

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith("event: refused\ndata: ")
    assert "close another one" in json.loads(answer.text.partition("data: ")[2])["said"]
    assert page.node.looks == 0


async def test_who_may_not_see_live_calls_follows_none(tmp_path: Path) -> None:
    """Neither the page nor its news."""
    async with browser(tmp_path, Role.REVIEWER) as page:
        seen = [(await page.see(path)).status_code for path in ("/live", "/live/news")]

    assert seen == [403, 403]
    assert page.node.looks == 0
