"""Everybody's own page."""

import re
from pathlib import Path

import pyotp
import pytest

from api.permissions.roles import Role
from api.web.pages.cookies import SESSION
from api.web.pages.people.own_account import zones
from archive.catalog.accounts.credentials import has_credential
from archive.catalog.accounts.persons import user_named
from archive.catalog.accounts.tokens import token_of
from archive.catalog.database.engine import reading
from archive.ids import DEFAULT_TENANT
from tests.api.web.pages.browser import text_of
from tests.api.web.pages.real import RealBrowser, RealSession, new_person, new_session, real_browser
from tests.archive.catalog.examples import NOW_US
from tests.support.pages.people import EVIL, shown_code

PASSWORD = "correct horse battery"  # noqa: S105  # everybody's
NEW = "another horse battery"


async def went_on(it: RealBrowser) -> None:
    """Hold the session that a step has begun, with its key."""
    page = await it.see("/me")
    found = re.search(r'name="form_key" value="([^"]+)"', page.text)
    assert found is not None
    secret = it.page.client.cookies.get(SESSION) or ""
    it.session = RealSession(number=0, secret=secret, key=found[1])


async def with_password(it: RealBrowser) -> None:
    """Set the first one."""
    await it.send("/me/password", {"password": PASSWORD, "again": PASSWORD})
    await went_on(it)


async def test_the_zone_that_is_chosen_holds_for_all_times(tmp_path: Path) -> None:
    """It is kept in the browser; what is no zone is said at the field."""
    async with real_browser(tmp_path) as it:
        wrong = await it.send("/me/zone", {"zone": EVIL})
        done = await it.send("/me/zone", {"zone": "Europe/Berlin"})
        page = await it.see("/me?done=zone")
        usual = await it.send("/me/zone", {"zone": ""})
        back = await it.see("/me")

    assert (wrong.status_code, "There is no such zone" in text_of(wrong)) == (422, True)
    assert "<script>alert" not in wrong.text
    assert done.headers["location"] == "/me?done=zone"
    assert "Times are shown in this zone" in text_of(page)
    assert "09:42" in text_of(page)
    assert usual.status_code == 303
    assert "17:42" in text_of(back)


def test_the_zones_that_are_offered_are_those_that_people_are_in() -> None:
    """By name."""
    assert zones() == sorted(zones())
    assert {"Asia/Tokyo", "Europe/Berlin"} <= set(zones())


async def test_a_password_is_set_by_showing_the_present_one_and_ends_all_other_sessions(
    tmp_path: Path,
) -> None:
    """This browser goes on with another secret."""
    async with real_browser(tmp_path) as it:
        await with_password(it)
        other = new_session(it.engine, "yamada")
        before = it.page.client.cookies.get(SESSION)
        without = await it.send("/me/password", {"password": NEW, "again": NEW})
        wish: dict[str, str | list[str]] = {"present": PASSWORD, "password": NEW, "again": NEW}
        done = await it.send("/me/password", wish)
        after = it.page.client.cookies.get(SESSION)
        page = await it.see(done.headers["location"])
        it.hold(other)
        ended = await it.see("/me")

    assert (without.status_code, "present password is wrong" in text_of(without)) == (422, True)
    assert (done.status_code, done.headers["location"]) == (303, "/me?done=password")
    assert before != after
    assert "All your other sessions have ended." in text_of(page)
    assert ended.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [(PASSWORD, NEW, "The two are different."), ("short", "short", "too short")],
)
async def test_what_is_wrong_with_a_password_is_said_and_it_is_not_repeated(
    tmp_path: Path, password: str, again: str, told: str
) -> None:
    """No page holds a password."""
    async with real_browser(tmp_path) as it:
        answer = await it.send("/me/password", {"password": password, "again": again})

    assert (answer.status_code, told in text_of(answer)) == (422, True)
    assert PASSWORD not in answer.text


async def test_an_app_counts_when_one_of_its_passwords_was_typed(tmp_path: Path) -> None:
    """Who mistypes need not scan again; the present password is shown first."""
    async with real_browser(tmp_path) as it:
        await with_password(it)
        refused = await it.send("/me/app", {"present": "wrong horse battery"})
        begun = await it.send("/me/app", {"present": PASSWORD})
        secret = shown_code(begun.text)
        mistyped = await it.send("/me/app/confirm", {"one_time": "000000"})
        now = str(pyotp.TOTP(secret).at(NOW_US // 1_000_000))
        done = await it.send("/me/app/confirm", {"one_time": now})
        page = await it.see("/me")
        with reading(it.engine) as connection:
            row = user_named(connection, DEFAULT_TENANT, "yamada").row
            has = has_credential(connection, row)

    assert [each.status_code for each in (refused, begun, mistyped, done)] == [422, 200, 422, 303]
    assert shown_code(mistyped.text) == secret
    assert (has, "You have one." in text_of(page)) == (True, True)
    assert secret not in page.text


async def test_sessions_are_listed_and_ended_one_or_all_the_others(tmp_path: Path) -> None:
    """One's own: nobody else's can be ended here."""
    async with real_browser(tmp_path) as it:
        new_person(it.engine, "ono")
        foreign = new_session(it.engine, "ono")
        others = [new_session(it.engine, "yamada") for _ in range(3)]
        page = await it.see("/me")
        ended = await it.send(f"/me/sessions/{others[0].number}/end", {})
        stranger = await it.send(f"/me/sessions/{foreign.number}/end", {})
        await it.send("/me/other-sessions/end", {})
        left = await it.see("/me")

    assert page.text.count("/me/sessions/") == 3
    assert "this one" in text_of(page)
    assert f"/me/sessions/{foreign.number}/end" not in page.text
    assert (ended.status_code, stranger.status_code) == (303, 422)
    assert "/me/sessions/" not in left.text


async def test_a_token_of_ones_own_is_shown_once_and_revoked(tmp_path: Path) -> None:
    """Others' are not here, also where one sees them elsewhere; a note is no markup."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        await it.send("/people/services", {"name": "crm"})
        await it.send("/people/service:crm/tokens", {"scopes": "ledger:read", "note": "of crm"})
        made = await it.send("/me/tokens", {"scopes": "ledger:read", "days": "7", "note": EVIL})
        secret = shown_code(made.text)
        page = await it.see("/me")
        with reading(it.engine) as connection:
            known = token_of(connection, secret)
        beyond = await it.send("/me/tokens", {"scopes": "audio:listen"})
        long = await it.send("/me/tokens", {"days": "9999"})
        revoked = await it.send("/me/tokens/2/revoke", {})
        again = await it.send("/me/tokens/2/revoke", {})

    assert (made.status_code, made.headers["cache-control"], known is None) == (
        201,
        "no-store",
        False,
    )
    assert (secret in page.text, "of crm" in page.text) == (False, False)
    assert "<script>alert" not in made.text + page.text
    assert (beyond.status_code, long.status_code) == (403, 422)
    assert (revoked.status_code, again.status_code) == (303, 422)


@pytest.mark.parametrize("at", ["/me", "/people/service:crm"])
async def test_a_page_that_was_left_open_asks_for_the_password_before_it_makes_a_token(
    tmp_path: Path, at: str
) -> None:
    """It outlasts the session: whoever finds a page or a cookie would have a year."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        await it.send("/people/services", {"name": "crm"})
        fresh = await it.see(at)
        await with_password(it)
        it.hold(new_session(it.engine, "yamada", has_shown=False))
        page = await it.see(at)
        asked = await it.send(f"{at}/tokens", {"scopes": "ledger:read"})
        wrong = await it.send(f"{at}/tokens", {"scopes": "ledger:read", "present": "x" * 20})
        before = it.journal("token_created")
        typed: dict[str, str | list[str]] = {"scopes": "ledger:read", "present": PASSWORD}
        made = await it.send(f"{at}/tokens", typed)
        then = await it.see(at)

    needed = 'id="token-present"'
    assert (needed in fresh.text, needed in page.text, needed in then.text) == (False, True, False)
    assert (asked.status_code, wrong.status_code, made.status_code) == (422, 422, 201)
    assert PASSWORD not in made.text + then.text
    assert before == []


async def test_who_may_have_no_token_is_not_offered_one(tmp_path: Path) -> None:
    """But all the rest of the page."""
    async with real_browser(tmp_path) as it:
        page = await it.see("/me")

    assert page.status_code == 200
    assert "/me/tokens" not in page.text
    assert "/me/password" in page.text


async def test_what_the_address_names_is_said_only_where_it_is_known(tmp_path: Path) -> None:
    """Nobody writes on a page of ours by a link."""
    async with real_browser(tmp_path) as it:
        page = await it.see(f"/me?done={EVIL}")

    assert 'class="message good"' not in page.text
    assert "alert(1)" not in text_of(page)
