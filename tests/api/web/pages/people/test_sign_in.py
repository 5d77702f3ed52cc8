"""Signing in on pages, all of it: by code, password and one-time password."""

from pathlib import Path

import pyotp
import pytest
from sqlalchemy import Engine

from api.permissions.roles import Role
from api.web.pages.cookies import SESSION
from archive.access.reach import WHOLE
from archive.catalog.accounts.given_roles import give_role
from archive.catalog.accounts.persons import add_user, user_named
from archive.catalog.accounts.sign_in_codes import make_code
from archive.catalog.database.engine import reading, writing
from archive.ids import DEFAULT_TENANT
from tests.api.web.pages.browser import Browser, browser, key_in, text_of
from tests.archive.catalog.examples import NOW_US, author
from tests.told import all_told

PASSWORD = "correct horse battery"  # noqa: S105  # everybody's


def code_for(engine: Engine, name: str, *roles: Role) -> str:
    """A new person with a sign-in code."""
    with writing(engine) as connection:
        add_user(connection, author(), name, purpose="technical")
        user = user_named(connection, DEFAULT_TENANT, name)
        for role in roles:
            give_role(connection, author(), user, role, WHOLE)
        return make_code(connection, author(at_us=NOW_US), user)


def shown(app: pyotp.TOTP) -> str:
    """What the app shows now."""
    return str(app.at(NOW_US // 1_000_000))


async def enrol(page: Browser, name: str, *roles: Role) -> pyotp.TOTP:
    """From the code to the first page, as a person does it; the app in its hand."""
    code = code_for(page.engine, name, *roles)
    await page.fill_in(f"/welcome?code={code}", "/welcome", {"code": code, "use": "1"})
    fields = {"password": PASSWORD, "again": PASSWORD}
    await page.fill_in("/enrol", "/enrol/password", fields)
    offered = await page.see("/enrol")
    secret = offered.text.split('<code class="secret">')[1].split("<")[0]
    app = pyotp.TOTP(secret)
    done = await page.send("/enrol/app", {"form_key": key_in(offered), "one_time": shown(app)})
    assert done.status_code == 303, text_of(done)
    return app


async def test_a_person_enrols_with_a_code_and_lands_on_the_first_page(tmp_path: Path) -> None:
    """Password, then app: nothing of it was known to who made the code."""
    async with browser(tmp_path, signed_in=False) as page:
        await enrol(page, "sato", Role.SUPERVISOR)
        first = await page.see("/")
        found = await page.see("/calls")

    assert first.headers["location"] == "/calls"
    assert "Acting as sato (supervisor)" in text_of(found)


async def test_opening_the_address_with_a_code_does_not_use_it_up(tmp_path: Path) -> None:
    """Programs look at links before people do."""
    async with browser(tmp_path, signed_in=False) as page:
        code = code_for(page.engine, "sato")
        once, twice = [await page.see(f"/welcome?code={code}") for _ in range(2)]

    assert once.status_code == twice.status_code == 200
    assert "This code is for sato" in text_of(twice)


async def test_a_code_opens_once(tmp_path: Path) -> None:
    """Who reads it over a shoulder comes too late."""
    async with browser(tmp_path, signed_in=False) as page:
        code = code_for(page.engine, "sato")
        form = {"code": code, "use": "1"}
        first = await page.fill_in(f"/welcome?code={code}", "/welcome", form)
        page.client.cookies.delete(SESSION)
        second = await page.see(f"/welcome?code={code}")

    assert first.headers["location"].startswith("/enrol")
    assert second.status_code == 422
    assert "used, replaced or older than a day" in text_of(second)


async def test_signing_in_takes_both_steps_and_goes_on_to_what_was_wanted(tmp_path: Path) -> None:
    """After the password alone no page is open."""
    async with browser(tmp_path, signed_in=False) as page:
        app = await enrol(page, "sato", Role.SUPERVISOR)
        await page.fill_in("/calls", "/sign-out", {})
        one = {"name": "sato", "password": PASSWORD, "next": "/calls?agent=x"}
        after_one = await page.fill_in("/sign-in?next=%2Fcalls", "/sign-in", one)
        between = await page.see("/calls")
        # The step of time was used up by enrolling: the next one is tried.
        two = {"one_time": str(app.at(NOW_US // 1_000_000 + 30)), "next": "/calls?agent=x"}
        after_two = await page.fill_in("/sign-in/second", "/sign-in/second", two)
        open_now = await page.see("/calls")

    assert after_one.headers["location"] == "/sign-in/second?next=%2Fcalls%3Fagent%3Dx"
    assert between.headers["location"].startswith("/sign-in/second")
    assert after_two.headers["location"] == "/calls?agent=x"
    assert open_now.status_code == 200


@pytest.mark.parametrize("name", ["sato", "nobody"])
async def test_a_wrong_password_and_an_unknown_name_say_the_same(tmp_path: Path, name: str) -> None:
    """Else names could be tried out."""
    async with browser(tmp_path, signed_in=False) as page:
        await enrol(page, "sato")
        page.client.cookies.clear()
        fields = {"name": name, "password": "wrong horse battery"}
        answer = await page.fill_in("/sign-in", "/sign-in", fields)

    assert answer.status_code == 401
    assert "The name or the password is wrong" in text_of(answer)
    assert f'value="{name}"' in answer.text


async def test_who_mistypes_the_one_time_password_need_not_scan_again(tmp_path: Path) -> None:
    """The picture stays what it was."""
    async with browser(tmp_path, signed_in=False) as page:
        code = code_for(page.engine, "sato")
        await page.fill_in(f"/welcome?code={code}", "/welcome", {"code": code, "use": "1"})
        fields = {"password": PASSWORD, "again": PASSWORD}
        await page.fill_in("/enrol", "/enrol/password", fields)
        before = await page.see("/enrol")
        wrong = await page.fill_in("/enrol", "/enrol/app", {"one_time": "000000"})

    secret = before.text.split('<code class="secret">')[1].split("<")[0]
    assert wrong.status_code == 422
    assert secret in wrong.text


async def test_the_two_passwords_must_be_the_same(tmp_path: Path) -> None:
    """Nobody sees what it types."""
    async with browser(tmp_path, signed_in=False) as page:
        code = code_for(page.engine, "sato")
        await page.fill_in(f"/welcome?code={code}", "/welcome", {"code": code, "use": "1"})
        fields = {"password": PASSWORD, "again": PASSWORD + "x"}
        answer = await page.fill_in("/enrol", "/enrol/password", fields)

    assert answer.status_code == 422
    assert "The two are different." in text_of(answer)


async def test_without_tls_nobody_signs_in_from_another_machine(tmp_path: Path) -> None:
    """A password would be read along the way; the page says what is missing."""
    origin = "http://rokuon.example:8080"
    async with browser(tmp_path, signed_in=False, origin=origin, address="192.0.2.9") as page:
        code = code_for(page.engine, "sato")
        asked = await page.see("/sign-in")
        with reading(page.engine) as connection:
            before = len(all_told(connection))
        sent = await page.send(
            "/welcome", {"form_key": page.client.cookies["rokuon-form"], "code": code, "use": "1"}
        )
        with reading(page.engine) as connection:
            after = len(all_told(connection))

    assert 'name="password"' not in asked.text
    for line in ('trusted_proxies = ["127.0.0.1"]', "local_browser = true"):
        assert line in text_of(asked)
    assert (sent.status_code, after) == (200, before)


async def test_a_form_of_another_site_signs_nobody_in(tmp_path: Path) -> None:
    """Who is signed in as somebody else writes into somebody else's journal."""
    async with browser(tmp_path, signed_in=False) as page:
        await enrol(page, "sato")
        page.client.cookies.clear()
        fields = {"form_key": "guessed", "name": "sato", "password": PASSWORD}
        without = await page.send("/sign-in", fields)
        key = key_in(await page.see("/sign-in"))
        elsewhere = await page.send(
            "/sign-in", {**fields, "form_key": key}, Origin="https://attacker.example"
        )

    assert (without.status_code, elsewhere.status_code) == (403, 403)
    assert "rokuon" not in page.client.cookies


async def test_looking_at_codes_locks_no_address_out(tmp_path: Path) -> None:
    """A page elsewhere can have a browser look at any address as often as it likes."""
    async with browser(tmp_path, signed_in=False) as page:
        code = code_for(page.engine, "sato")
        for _ in range(40):
            await page.see("/welcome?code=guessed")
        answer = await page.fill_in("/welcome", "/welcome", {"code": code, "use": "1"})

    assert answer.status_code == 303


async def test_who_has_failed_too_often_is_told_when_to_try_again(tmp_path: Path) -> None:
    """In the head, too, where programs look."""
    async with browser(tmp_path, signed_in=False) as page:
        await enrol(page, "sato")
        page.client.cookies.clear()
        fields = {"name": "sato", "password": "wrong horse battery"}
        answers = [await page.fill_in("/sign-in", "/sign-in", fields) for _ in range(7)]

    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_a_search_in_japanese_is_not_lost_by_signing_in(tmp_path: Path) -> None:
    """Percent-encoded it is three times as long."""
    wanted = "/calls?customer=" + "%E7%94%B0" * 700
    async with browser(tmp_path, signed_in=False) as page:
        led = (await page.see(wanted)).headers["location"]
        answer = await page.see(led)

    assert answer.status_code == 200
    assert wanted.replace("&", "&amp;") in answer.text


@pytest.mark.parametrize(
    ("address", "led_to"), [("127.0.0.1", None), ("192.0.2.9", "/sign-in?next=%2Fme")]
)
async def test_without_tls_a_session_counts_from_this_machine_alone(
    tmp_path: Path, address: str, led_to: str | None
) -> None:
    """Elsewhere its cookie was read along the way: `/sign-in` says what is missing."""
    async with browser(tmp_path, address=address) as page:
        answer = await page.see("/me")

    assert answer.headers.get("location") == led_to


async def test_signing_in_again_in_the_same_browser_ends_the_session_before(tmp_path: Path) -> None:
    """The browser has forgotten it: nobody would end it."""
    async with browser(tmp_path, signed_in=False) as page:
        await enrol(page, "sato", Role.SUPERVISOR)
        before = page.client.cookies[SESSION]
        fields = {"name": "sato", "password": PASSWORD}
        await page.fill_in("/sign-in", "/sign-in", fields)
        page.client.cookies.clear()
        page.client.cookies.set(SESSION, before)
        after = await page.see("/calls")

    assert after.headers["location"].startswith("/sign-in?next=")
