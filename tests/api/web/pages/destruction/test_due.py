"""The page of what will have to go."""

from pathlib import Path

from sqlalchemy import Engine

from api.permissions.roles import Role
from archive.catalog.database.engine import writing
from archive.catalog.retention.revisions import NewRevision, append_revision
from retention.policies.policy_text import policy_text
from tests.api.examples import CALL
from tests.api.web.pages.browser import browser, text_of
from tests.archive.catalog.examples import MINUTE_US, NOW_US, author
from tests.retention.examples import policy, rule
from tests.support.pages.call import journal

_DAY_US = 24 * 60 * MINUTE_US


def _keep_for(engine: Engine, period: str, in_force_us: int = NOW_US) -> None:
    """Whatever is as old must go, from a moment on."""
    text = policy_text(policy(rule("weeks", after=period)))
    with writing(engine) as connection:
        new = NewRevision(text=text, in_force_us=in_force_us, is_retroactive=True)
        append_revision(connection, author(), new)


async def test_what_will_have_to_go_stands_with_its_day_its_rule_and_its_call(
    tmp_path: Path,
) -> None:
    """Who is asked "what goes next?" looks here, and the journal has that calls were shown."""
    async with browser(tmp_path, Role.RETENTION_OWNER) as page:
        _keep_for(page.engine, "P50D")
        soon = text_of(await page.see("/due?days=7"))
        seen = await page.see("/due?days=30")
        overdue = text_of(await page.see("/overdue"))
        told = journal(page, "searched")

    text = text_of(seen)
    assert "Rule By tomorrow Within 7 days Within 30 days Within 90 days" in text
    assert "weeks 0 0 1" in text
    assert "There is none." in soon
    assert f'href="/calls/{CALL}"' in seen.text
    assert "no legal hold and no case has it" in text
    assert "Nothing is due." in overdue
    assert [each.detail["what"] for each in told] == ["due"]


async def test_a_rule_that_comes_into_force_meanwhile_counts(tmp_path: Path) -> None:
    """It cools off: on that day what it shortens goes, and not on the day of long ago."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        _keep_for(page.engine, "P1D", NOW_US + 5 * _DAY_US)
        tomorrow = text_of(await page.see("/due?days=1"))
        week = text_of(await page.see("/due?days=7"))

    assert "weeks 0 1" in tomorrow
    assert "There is none." in tomorrow
    assert "shown to who may search calls" in week
    assert "Revision 1" in week


async def test_what_is_overdue_is_not_due_next(tmp_path: Path) -> None:
    """Each stands on one page."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        _keep_for(page.engine, "P1D")
        seen = text_of(await page.see("/due?days=90"))

    assert "Nothing will have to go within 90 days." in seen


async def test_the_table_has_the_same_and_who_took_part(tmp_path: Path) -> None:
    """For a spreadsheet; that it told of calls is in the journal."""
    async with browser(tmp_path, Role.RETENTION_OWNER) as page:
        _keep_for(page.engine, "P50D")
        answer = await page.see("/due/table?days=30")
        told = journal(page, "searched", "found")
        page.sessions.purpose = ""
        bare = (await page.see("/due/table?days=30")).text

    titles, line = answer.text.removeprefix("\ufeff").splitlines()
    assert titles.startswith(
        '"Destruction date","Begin","Customer","Agent","By rules","To be destroyed"'
    )
    assert '"weeks","all of it"' in line
    assert CALL in line
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert [each.action for each in told] == ["searched", "found"]
    assert '"","","weeks","all of it"' in bare
