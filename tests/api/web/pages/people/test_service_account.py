"""The page of a service: its tokens, on one person's word or on two persons'."""

import re
from pathlib import Path

from api.permissions.roles import Role
from archive.catalog.accounts.persons import add_service
from archive.catalog.accounts.tokens import token_of
from archive.catalog.database.engine import reading, writing
from tests.api.web.pages.browser import text_of
from tests.api.web.pages.real import RealBrowser, new_person, new_session, real_browser
from tests.archive.catalog.examples import author
from tests.support.pages.people import shown_code

AT = "/people/service:crm"
HEARS: dict[str, str | list[str]] = {
    "scopes": ["audio:listen", "calls:read"],
    "days": "30",
    "note": "書き起こし",
    "purpose": "quality",
}


def with_service(it: RealBrowser) -> None:
    """There is one."""
    with writing(it.engine) as connection:
        add_service(connection, author(), "crm")


async def test_a_token_that_shows_no_call_is_made_at_once_and_shown_once(tmp_path: Path) -> None:
    """On the answer alone."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        with_service(it)
        made = await it.send(AT + "/tokens", {"scopes": "ledger:read", "note": "monitoring"})
        secret = shown_code(made.text)
        page = await it.see(AT)
        with reading(it.engine) as connection:
            found = token_of(connection, secret)

    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    assert found is not None
    assert "monitoring" in text_of(page)
    assert secret not in page.text


async def test_a_token_that_hears_waits_for_another_person_and_is_then_made_by_the_same_form(
    tmp_path: Path,
) -> None:
    """The page says so, leads to the proposal, and keeps the form at an address."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        with_service(it)
        new_person(it.engine, "kimura", Role.LEGAL)
        own = it.session
        waits = await it.send(AT + "/tokens", HEARS)
        (keep,) = re.findall(rf'href="({AT}\?[^"]+)"', waits.text)
        filled = await it.see(keep.replace("&amp;", "&"))
        it.hold(new_session(it.engine, "kimura"))
        listed = await it.see("/approvals")
        given = await it.send("/approvals/1/give", {})
        it.hold(own)
        made = await it.send(AT + "/tokens", HEARS)

    assert waits.status_code == 409
    assert 'href="/approvals#proposal-1"' in waits.text
    assert 'value="audio:listen" checked' in re.sub(r"\s+", " ", filled.text)
    assert 'value="書き起こし"' in filled.text
    assert "crm: 30 days for quality, may audio:listen calls:read" in text_of(listed)
    assert (given.status_code, made.status_code) == (303, 201)


async def test_what_a_token_cannot_be_is_said_at_its_field(tmp_path: Path) -> None:
    """Without scopes, too long, or with what only persons do."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        with_service(it)
        tries: list[dict[str, str | list[str]]] = [
            {}, {"scopes": "people:manage"}, {"scopes": "ledger:read", "days": "9999"},
            {"scopes": "ledger:read", "days": "soon"}, {"scopes": "dance"},
        ]  # fmt: skip
        answers = [await it.send(AT + "/tokens", fields) for fields in tries]

    assert [each.status_code for each in answers] == [422] * len(tries)
    assert all('class="wrong"' in each.text for each in answers)


async def test_a_token_of_a_service_is_revoked(tmp_path: Path) -> None:
    """And is not in the list any more."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        with_service(it)
        await it.send(AT + "/tokens", {"scopes": "ledger:read"})
        revoked = await it.send(AT + "/tokens/1/revoke", {})
        again = await it.send(AT + "/tokens/1/revoke", {})
        page = await it.see(AT)

    assert (revoked.headers["location"], again.status_code) == (AT, 422)
    assert "There is no token in force." in text_of(page)
