"""The page of what must have gone."""

from pathlib import Path

from api.permissions.roles import Role
from tests.api.examples import CALL
from tests.api.web.pages.browser import browser, text_of
from tests.support.web.destruction import take_over


async def test_what_must_have_gone_stands_with_its_reason(tmp_path: Path) -> None:
    """Until it is gone; and how many there are by each."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        before = text_of(await page.see("/overdue"))
        take_over(page.engine)
        answer = await page.see("/overdue")

    assert "Nothing is due." in before
    assert "in no plan yet 1" in text_of(answer)
    assert CALL in answer.text
    assert "week in no plan yet" in text_of(answer)
