"""The page of who sat where."""

from pathlib import Path

import pytest

from api.permissions.roles import Role
from rokuon.messages.i18n import words_in
from tests.api.examples import CALL
from tests.api.web.pages.browser import browser, text_of

ONO = {
    "extension": "2001",
    "agent_id": "A19",
    "from": "2026-10-29T17:00",
    "to": "2026-10-29T18:00",
    "reason": "free seating",
}


async def test_a_stretch_is_said_to_be_an_agents_and_the_table_shows_it(tmp_path: Path) -> None:
    """By the clock of who types; the call has both agents from then on."""
    async with browser(tmp_path, Role.ADMINISTRATOR, Role.DISCLOSURE) as page:
        before = await page.see("/agents?extension=2001")
        done = await page.send("/agents/assign", ONO)
        call = await page.see(f"/calls/{CALL}")

    assert "大野 守" not in before.text
    assert done.status_code == 200
    assert "It is written." in text_of(done)
    assert "大野 守 A19 Thu 29 Oct 2026, 17:00:00 Thu 29 Oct 2026, 18:00:00" in text_of(done)
    assert "大野 守" in call.text


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "(before the correction: 田中 真由)"), ("ja", "(訂正前: 田中 真由)")],
)
async def test_who_it_was_before_stands_beside_in_the_list_and_on_the_calls_page(
    tmp_path: Path, language: str, told: str
) -> None:
    """As known now and as of then: whoever remembers either finds the call and knows it again."""
    roles = (Role.ADMINISTRATOR, Role.DISCLOSURE)
    async with browser(tmp_path, *roles, language=language, words=words_in) as page:
        await page.send("/agents/assign", ONO)
        page.make_columns()
        paths = ("/calls?range=dates&from=2026-10-29", "/calls?text=大野", f"/calls/{CALL}")
        shown = [text_of(await page.see(each)) for each in paths]

    for each in shown:
        assert f"大野 守 {told}" in each
    took_part = shown[-1].partition("A19")[2]
    assert took_part.strip().startswith(told)


async def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_stays(
    tmp_path: Path,
) -> None:
    """A slip of the hand, or no time."""
    async with browser(tmp_path, Role.ADMINISTRATOR) as page:
        nobody = await page.send("/agents/assign", {**ONO, "agent_id": "A99"})
        never = await page.send("/agents/assign", {**ONO, "from": "yesterday"})

    assert (nobody.status_code, never.status_code) == (422, 422)
    assert 'id="agent_id-wrong"' in nobody.text
    assert 'value="A99"' in nobody.text
    assert 'id="from-wrong"' in never.text


async def test_who_may_not_write_the_table_has_no_form(tmp_path: Path) -> None:
    """He sees who sat there."""
    async with browser(tmp_path, Role.REVIEWER) as page:
        seen = await page.see("/agents?extension=2001")
        refused = await page.send("/agents/assign", ONO)

    assert "田中 真由" in seen.text
    assert "/agents/assign" not in seen.text
    assert refused.status_code == 403
