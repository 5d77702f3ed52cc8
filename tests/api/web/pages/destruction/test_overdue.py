"""The page of what must have gone."""

from pathlib import Path

from api.permissions.roles import Role
from tests.api.examples import CALL
from tests.api.web.pages.browser import browser, text_of
from tests.api.web.pages.real import real_browser
from tests.archive.catalog.examples import adopt, adoption
from tests.support.pages.call import journal
from tests.support.web.destruction import take_over


async def test_what_must_have_gone_stands_with_its_reason(tmp_path: Path) -> None:
    """Until it is gone; and how many there are by each."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        before = text_of(await page.see("/overdue"))
        take_over(page.engine)
        answer = await page.see("/overdue")

    assert "Nothing is due." in before
    assert "in no plan yet 1" in text_of(answer)
    assert "week all of it in no plan yet" in text_of(answer)
    assert "shown to who may search calls" in text_of(answer)


async def test_who_may_search_sees_the_call_and_the_journal_says_so(tmp_path: Path) -> None:
    """Bare ids tell nobody what is meant; what is shown is journalled as a search is."""
    async with browser(tmp_path, Role.RETENTION_OWNER) as page:
        take_over(page.engine)
        page.sessions.purpose = ""
        before = text_of(await page.see("/overdue"))
        page.sessions.purpose = "quality"
        answer = await page.see("/overdue")
        told = journal(page, "searched")

    assert "once you have stated a purpose" in before
    assert f'href="/calls/{CALL}"' in answer.text
    assert [each.detail["what"] for each in told] == ["overdue"]


async def test_what_may_be_done_is_done_on_the_page(tmp_path: Path) -> None:
    """Nobody needs a shell: what is in no plan is planned, what is in one leads to it."""
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as page:
        take_over(page.engine)
        seen = await page.see("/overdue")
        made = await page.send("/plans", {})
        after = text_of(await page.see("/overdue"))

    assert "Plan what is due" in text_of(seen)
    assert made.headers["location"] == "/plans/1"
    assert "Plan 1 : it says who does what next" in after


async def test_what_is_overdue_comes_in_pages_and_by_its_reason(tmp_path: Path) -> None:
    """Hundreds on one page are read by nobody."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        for n in range(200, 260):
            adopt(page.engine, adoption(n))
        take_over(page.engine)
        first = await page.see("/overdue")
        second = await page.see("/overdue?page=2")
        none = text_of(await page.see("/overdue?reason=stopped"))

    assert "Page 1 of 2" in text_of(first)
    assert first.text.count('<th scope="row" class="nowrap">') == 50
    assert second.text.count('<th scope="row" class="nowrap">') == 11
    assert "There is none." in none
