"""Where a visit begins, and how it goes on."""

from pathlib import Path

import pytest

from api.permissions.roles import Role
from api.web.pages.home import within
from tests.api.web.pages.browser import browser, text_of


@pytest.mark.parametrize(
    ("roles", "path"),
    [
        ((Role.SUPERVISOR,), "/calls"),
        ((Role.AUDITOR,), "/journal"),
        ((Role.ADMINISTRATOR,), "/live"),
    ],
)
async def test_one_begins_at_the_first_page_that_one_may_see(
    tmp_path: Path, roles: tuple[Role, ...], path: str
) -> None:
    """A page that says "not allowed" is no welcome."""
    async with browser(tmp_path, *roles) as page:
        answer = await page.see("/")

    assert (answer.status_code, answer.headers["location"]) == (303, path)


async def test_who_is_not_signed_in_is_led_there_and_then_on(tmp_path: Path) -> None:
    """The address is the search: it must not be lost."""
    async with browser(tmp_path, signed_in=False) as page:
        answer = await page.see("/calls?agent=tanaka")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fcalls%3Fagent%3Dtanaka"


async def test_a_session_that_lacks_a_step_is_led_to_that_step(tmp_path: Path) -> None:
    """It has no account yet: no page of any account is shown."""
    async with browser(tmp_path) as page:
        page.sessions.account, page.sessions.stage = None, "second"
        answer = await page.see("/calls")

    assert answer.headers["location"] == "/sign-in/second?next=%2Fcalls"


@pytest.mark.parametrize(
    "elsewhere", ["https://attacker.example/", "//attacker.example", "/\\attacker.example", "", "x"]
)
def test_a_form_leads_to_no_other_place(elsewhere: str) -> None:
    """A link of ours that leads elsewhere is what phishing looks for."""
    assert within(elsewhere) == "/"


async def test_the_language_that_is_chosen_stays(tmp_path: Path) -> None:
    """Also where the browser prefers another one."""
    async with browser(tmp_path) as page:
        before = await page.see("/calls")
        await page.send("/language", {"language": "ja", "next": "/calls"})
        after = await page.see("/calls")

    assert ('<html lang="en">' in before.text, '<html lang="ja">' in after.text) == (True, True)


async def test_signing_out_ends_the_session_and_the_browser_forgets_it(tmp_path: Path) -> None:
    """Both: one alone leaves something that opens."""
    async with browser(tmp_path) as page:
        answer = await page.send("/sign-out", {})

    assert page.sessions.done == ["signed out"]
    assert answer.headers["location"] == "/sign-in"
    assert "Max-Age=0" in answer.headers["set-cookie"]


async def test_every_page_says_as_whom_in_which_role_and_for_what_one_acts(tmp_path: Path) -> None:
    """It stands in the journal so."""
    async with browser(tmp_path, Role.SUPERVISOR) as page:
        told = text_of(await page.see("/calls"))

    assert "Acting as yamada (supervisor)" in told
    assert "Purpose" in told


async def test_where_a_purpose_is_wanted_it_is_asked_for_and_then_one_goes_on(
    tmp_path: Path,
) -> None:
    """Not a dead end: the page has the question, and where to go after it."""
    async with browser(tmp_path) as page:
        page.sessions.purpose = ""
        asked = await page.see("/calls?agent=x")
        went_on = await page.send("/purpose", {"purpose": "quality", "next": "/calls?agent=x"})

    assert asked.status_code == 200
    assert 'value="/calls?agent=x"' in asked.text
    assert went_on.headers["location"] == "/calls?agent=x"
