"""Requests in staff's words in a real browser: narrow, without a script, and what is clicked."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from api.web.pages.cookies import SESSION
from tests.api.web.pages.browser import SECRET
from tests.pages.looking import OPEN_ALL, layout_broken
from tests.support.locate.staff_desk import Desk, desk
from tests.support.locate.staff_worlds import REQUESTS, WORLDS

# A call that is first, one that may be another person's, one that is destroyed, two that ask on.
SOME = [each for each in REQUESTS if each["id"] in {"ja-1", "ja-4", "ja-10", "en-4", "en-8"}]
LOCALES = {"en": "en-GB", "ja": "ja-JP"}
FIRST = "section > ol.candidates > li:first-child"
# On which lines the letters of a way of the navigation stand.
LINES_OF_WAYS = """() => [...document.querySelectorAll('.ways a')].map(way => {
  const text = document.createRange();
  text.selectNodeContents(way.lastChild);
  return text.getClientRects().length;
})"""
NO_CALL_OF = "text=&number=7788&when=2026-10-30&sure=number&sure=when"


@pytest.fixture(scope="module")
def desks() -> Iterator[dict[str, Desk]]:
    """One for each world."""
    with ExitStack() as open_:
        yield {name: open_.enter_context(desk(world)) for name, world in WORLDS.items()}


def window(chromium: Any, at: Desk, **options: Any) -> Any:
    """A page of somebody who is signed in."""
    context = chromium.new_context(**options)
    context.add_cookies([{"name": SESSION, "value": SECRET, "url": at.base}])
    return context.new_page()


def ask(page: Any, at: Desk, text: str) -> None:
    """Type it, and press the button."""
    page.goto(f"{at.base}/calls")
    page.locator("#text").fill(text)
    page.locator("form.ask button.first").click()


@pytest.mark.parametrize("request_", SOME, ids=lambda each: each["id"])
def test_an_answer_is_whole_on_a_narrow_screen(
    desks: dict[str, Desk], chromium: Any, request_: dict[str, Any]
) -> None:
    """Also with everything open: nothing is cut off, nothing lies on something else."""
    at = desks[request_["world"]]
    size, locale = {"width": 320, "height": 640}, LOCALES[request_["language"]]
    page = window(chromium, at, viewport=size, locale=locale)
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    ask(page, at, request_["text"])
    page.locator(FIRST).wait_for()
    broken = layout_broken(page)
    page.evaluate(OPEN_ALL)
    broken += layout_broken(page)
    lines = page.evaluate(LINES_OF_WAYS)
    page.context.close()

    assert (broken, said) == ([], [])
    assert set(lines) == {1}


@pytest.mark.parametrize("request_", SOME, ids=lambda each: each["id"])
def test_without_a_script_charts_have_their_tables(
    desks: dict[str, Desk], chromium: Any, request_: dict[str, Any]
) -> None:
    """Each table counts as many candidates as the heading says."""
    at = desks[request_["world"]]
    locale = LOCALES[request_["language"]]
    page = window(chromium, at, java_script_enabled=False, locale=locale)
    ask(page, at, request_["text"])
    total = int(page.locator("#candidates small").inner_text())
    sums = {
        name: sum(int(cell) for cell in page.locator(cells).all_text_contents() if cell.strip())
        for name, cells in {
            "day": "section[aria-labelledby=by-day] td.number",
            "hour": "section[aria-labelledby=by-hour] td.number",
        }.items()
    }
    charts = page.locator("section[aria-labelledby^=by-] svg").count()
    page.context.close()

    assert sums == {"day": total, "hour": total}
    assert charts == 2


@pytest.mark.parametrize("language", LOCALES)
def test_what_helps_is_clicked_and_gives_what_it_says(
    desks: dict[str, Desk], chromium: Any, language: str
) -> None:
    """A clue that is dropped gives its count; without a script."""
    at = desks["ja"]
    page = window(chromium, at, java_script_enabled=False, locale=LOCALES[language])
    page.goto(f"{at.base}/calls?{NO_CALL_OF}")
    links = page.locator("#relaxed a")
    for place in range(links.count()):
        (count,) = re.findall(r": (\d+)", links.nth(place).inner_text())
        links.nth(place).click()
        assert page.locator("#candidates small").inner_text() == count
        assert page.locator(FIRST).is_visible()
        page.go_back()
    assert links.count() == 2
    page.context.close()


@pytest.mark.parametrize("language", LOCALES)
def test_questions_are_answered_by_links_until_none_is_left(
    desks: dict[str, Desk], chromium: Any, language: str
) -> None:
    """Each is asked once; where there is something to choose from, each choice leads on."""
    at, asked = desks["ja"], list[str]()
    page = window(chromium, at, java_script_enabled=False, locale=LOCALES[language])
    page.goto(f"{at.base}/calls?text=10月")
    while page.locator("#question").count():
        asked.append(page.locator("#question").inner_text())
        choices = page.locator(".question .buttons > a.button:not(.plain)")
        if choices.count():
            choices.first.click()
        else:
            page.locator(".question a.plain").click()
        assert page.locator(".message.bad").count() == 0
        assert page.locator(FIRST).is_visible()
    page.context.close()

    assert 2 < len(asked) == len(set(asked))
