"""The page of one person, as who manages people uses it."""

from pathlib import Path

import pytest

from api.permissions.roles import Role
from archive.catalog.accounts.credentials import set_credential
from archive.catalog.accounts.given_roles import gifts_of, os_names
from archive.catalog.accounts.persons import user_named
from archive.catalog.accounts.tokens import TokenTerms, create_token, tokens
from archive.catalog.database.engine import reading, writing
from archive.ids import DEFAULT_TENANT
from tests.api.web.pages.browser import text_of
from tests.api.web.pages.real import RealBrowser, new_person, real_browser
from tests.archive.catalog.examples import MINUTE_US, NOW_US, author
from tests.support.pages.people import EVIL, shown_code


def gifts(it: RealBrowser, name: str) -> list[int]:
    """The numbers of a person's roles."""
    with reading(it.engine) as connection:
        return [
            each.row
            for each in gifts_of(connection, user_named(connection, DEFAULT_TENANT, name).row)
        ]


async def test_a_role_is_given_within_a_reach_and_taken(tmp_path: Path) -> None:
    """Each form leads back to the page, which shows what there is now."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        new_person(it.engine, "tanaka")
        given = await it.send("/people/tanaka/roles", {"role": "reviewer", "queues": "解約"})
        shown = text_of(await it.see("/people/tanaka"))
        (gift,) = gifts(it, "tanaka")
        taken = await it.send(f"/people/tanaka/roles/{gift}/take", {})
        again = await it.send(f"/people/tanaka/roles/{gift}/take", {})

    assert (given.status_code, given.headers["location"]) == (303, "/people/tanaka")
    assert "reviewer finds and hears queues: 解約" in shown
    assert "by yamada" in shown
    assert (taken.status_code, again.status_code) == (303, 422)
    assert "It is not there any more" in text_of(again)


async def test_nobody_gives_itself_a_role_and_is_told_beside_the_form(tmp_path: Path) -> None:
    """In words, not as an error; the journal has it."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        answer = await it.send("/people/yamada/roles", {"role": "auditor"})
        refused = [each.detail["why"] for each in it.journal("refused")]

    assert answer.status_code == 422
    assert "Another person must do this" in text_of(answer)
    assert refused == ["another_person_needed"]


async def test_a_login_is_given_and_taken(tmp_path: Path) -> None:
    """Of a domain, too."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        new_person(it.engine, "tanaka")
        given = await it.send("/people/tanaka/os-names", {"os_name": "sato@corp.example"})
        twice = await it.send("/people/tanaka/os-names", {"os_name": "sato@corp.example"})
        wrong = await it.send("/people/tanaka/os-names", {"os_name": "a b"})
        taken = await it.send("/people/tanaka/os-names/sato%40corp.example/take", {})
        with reading(it.engine) as connection:
            left = os_names(connection, DEFAULT_TENANT)

    statuses = [each.status_code for each in (given, twice, wrong, taken)]
    assert statuses == [303, 422, 422, 303]
    assert "a login of the operating system, without blanks" in text_of(wrong)
    assert left == ()


async def test_a_code_is_for_who_has_no_password_else_it_takes_a_reset(tmp_path: Path) -> None:
    """Which of the two is done is said by the button; nobody makes one for itself."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        new_person(it.engine, "tanaka")
        first = await it.send("/people/tanaka/sign-in-code", {})
        with writing(it.engine) as connection:
            user = user_named(connection, DEFAULT_TENANT, "tanaka")
            set_credential(connection, author(), user, "password", b"x")
        refused = await it.send("/people/tanaka/sign-in-code", {})
        reset = await it.send("/people/tanaka/sign-in-code", {"reset": "1"})
        own = await it.send("/people/yamada/sign-in-code", {"reset": "1"})

    statuses = [each.status_code for each in (first, refused, reset, own)]
    assert statuses == [201, 422, 201, 422]
    assert shown_code(first.text) != shown_code(reset.text)
    assert "signs in already" in text_of(refused)
    assert "Another person must do this" in text_of(own)
    assert reset.headers["cache-control"] == "no-store"


async def test_tokens_stand_with_note_end_and_last_use_and_are_revoked(tmp_path: Path) -> None:
    """A note may hold anything."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        row = new_person(it.engine, "tanaka")
        with writing(it.engine) as connection:
            user = user_named(connection, DEFAULT_TENANT, "tanaka")
            terms = TokenTerms(scopes=["calls:read"], expires_us=NOW_US + MINUTE_US, note=EVIL)
            made = create_token(connection, author(user=row), user, terms)
        page = await it.see("/people/tanaka")
        revoked = await it.send(f"/people/tanaka/tokens/{made.number}/revoke", {})
        again = await it.send(f"/people/tanaka/tokens/{made.number}/revoke", {})
        with reading(it.engine) as connection:
            left = tokens(connection, DEFAULT_TENANT, NOW_US)

    assert "see what is known of a call or recording" in text_of(page)
    assert "never" in text_of(page)
    assert ("<script>alert" in page.text, made.secret in page.text) == (False, False)
    assert (revoked.status_code, again.status_code, left) == (303, 422, ())


async def test_disabling_says_what_follows_and_asks_again(tmp_path: Path) -> None:
    """It is for good: one press of a button is too few."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        new_person(it.engine, "tanaka")
        asked = await it.see("/people/tanaka/disable")
        before = it.journal("user_disabled")
        done = await it.send("/people/tanaka/disable", {})
        page = await it.see("/people/tanaka")

    assert "It is for good" in text_of(asked)
    assert (before, len(it.journal("user_disabled"))) == ([], 1)
    assert done.headers["location"] == "/people/tanaka"
    assert "disabled since" in text_of(page)
    assert page.text.count("<form") == 3  # language, purpose, signing out


@pytest.mark.parametrize(
    "path", ["/people/nobody", "/people/nobody/disable", "/people/service:nobody"]
)
async def test_who_is_not_there_is_a_page_that_says_so(tmp_path: Path, path: str) -> None:
    """Of the same form as all others."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        answer = await it.see(path)

    assert answer.status_code == 404
    assert "Not found" in text_of(answer)
