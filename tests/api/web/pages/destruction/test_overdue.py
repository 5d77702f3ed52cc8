"""The pages of what must have gone, and of what is left of what has."""

from pathlib import Path

from api.permissions.roles import Role
from tests.api.examples import CALL
from tests.api.web.pages.browser import browser, text_of
from tests.support.web.destruction import destroyed, take_over


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


async def test_what_is_left_is_found_by_the_hours_in_which_calls_began(tmp_path: Path) -> None:
    """For who answers why a call of that evening is not there."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        destroyed(page.engine, "support")
        found = text_of(await page.see("/tombstones?from=2026-10-01&to=2026-11-30"))
        none = text_of(await page.see("/tombstones?to=2026-10-02"))
        lately = await page.see("/tombstones")
        wrong = await page.see("/tombstones?from=soon")

    assert "support – week Revision 1" in found
    assert "Nothing of these hours was destroyed." in none
    assert lately.status_code == 200
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.text
