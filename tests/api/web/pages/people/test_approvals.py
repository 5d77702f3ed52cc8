"""The page of approvals."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.permissions.roles import Role
from archive.access.approvals import Kind
from archive.access.lineage import ONE_MAKER_US
from archive.catalog.access.approvals import propose
from archive.catalog.accounts.confirmations import confirm
from archive.catalog.accounts.credentials import set_credential
from archive.catalog.accounts.persons import add_user, user_named
from archive.catalog.accounts.sign_in_codes import reset_credentials
from archive.catalog.database.engine import writing
from archive.ids import DEFAULT_TENANT
from tests.api.web.pages.browser import text_of
from tests.api.web.pages.real import RealBrowser, new_person, new_session, real_browser
from tests.archive.catalog.examples import NOW_US, author
from tests.support.pages.people import EVIL


def proposed_by(it: RealBrowser, user: int, summary: str = "crm: 90 days") -> int:
    """Somebody proposes a token; the number."""
    with writing(it.engine) as connection:
        kind = Kind.GIVE_SERVICE_SCOPES
        return propose(connection, author(user=user), kind, b"\1" * 32, summary)


async def test_a_proposal_says_what_exactly_by_whom_until_when_and_who_wants_it(
    tmp_path: Path,
) -> None:
    """Whoever approves must know what; the text is no markup."""
    async with real_browser(tmp_path, Role.APPROVER) as it:
        number = proposed_by(it, new_person(it.engine, "kimura", Role.ADMINISTRATOR), EVIL)
        answer = await it.see("/approvals")
        given = await it.send(f"/approvals/{number}/give", {})
        after = await it.see("/approvals")

    told = text_of(answer)
    assert "a token for a service" in told
    assert "kimura" in told
    assert "Next: yamada approves it, until" in told
    assert ("alert(1)" in told, "<script>alert" in answer.text) == (True, False)
    assert given.headers["location"] == "/approvals"
    assert f"/approvals/{number}/give" not in after.text
    assert "Withdraw my approval" in text_of(after)


async def test_ones_own_proposal_is_taken_back_and_not_approved(tmp_path: Path) -> None:
    """What is refused is not offered; who sends it all the same is told why."""
    async with real_browser(tmp_path, Role.LEGAL) as it:
        number = proposed_by(it, 1)
        page = await it.see("/approvals")
        refused = await it.send(f"/approvals/{number}/give", {})
        back = await it.send(f"/approvals/{number}/withdraw", {})
        empty = await it.see("/approvals")

    assert f"/approvals/{number}/give" not in page.text
    assert (refused.status_code, back.status_code) == (422, 303)
    assert "Another person must do this" in text_of(refused)
    assert "Nothing waits for a second person." in text_of(empty)


@pytest.mark.parametrize("step", ["give", "withdraw"])
async def test_a_proposal_that_is_not_there_is_said(tmp_path: Path, step: str) -> None:
    """It may have ended since the page was opened."""
    async with real_browser(tmp_path, Role.APPROVER) as it:
        answer = await it.send(f"/approvals/99/{step}", {})

    assert answer.status_code == 422
    assert "not there any more" in text_of(answer)


UNTIL = (
    "so they count as one person until "
    f"{datetime.fromtimestamp((NOW_US + ONE_MAKER_US) / 1_000_000, UTC):%Y-%m-%d %H:%M}"
)


async def test_why_somebody_may_not_approve_and_from_when_stands_on_the_page(
    tmp_path: Path,
) -> None:
    """Two of one administrator's making; another one confirms one of them by a button."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR, name="kimura") as it:
        maker = new_person(it.engine, "suzuki", Role.ADMINISTRATOR)
        sato = new_person(it.engine, "sato", Role.ADMINISTRATOR, by=maker)
        new_person(it.engine, "mori", Role.APPROVER, by=maker)
        with writing(it.engine) as connection:
            mori = user_named(connection, DEFAULT_TENANT, "mori")
            set_credential(connection, author(user=mori.row), mori, "password", b"kept")
        number, own = proposed_by(it, sato), it.session
        it.hold(new_session(it.engine, "mori"))
        barred = await it.see("/approvals")
        refused = await it.send(f"/approvals/{number}/give", {})
        himself = await it.send("/approvals/confirm/mori", {})
        it.hold(own)
        offered = (await it.see("/approvals")).text
        await it.send("/approvals/confirm/mori", {})
        unset = await it.send("/approvals/confirm/sato", {})
        it.hold(new_session(it.engine, "mori"))
        free = await it.see("/approvals")
        given = await it.send(f"/approvals/{number}/give", {})

    give = f'action="/approvals/{number}/give"'
    assert (give in barred.text, give in free.text) == (False, True)
    told = text_of(barred)
    assert f"sato, mori were made or reset by suzuki, {UNTIL}" in told
    button = 'action="/approvals/confirm/mori"'
    assert (button in barred.text, button in offered) == (False, True)
    assert (refused.status_code, himself.status_code, unset.status_code) == (422, 422, 422)
    assert ("has yet to come in" in text_of(unset), given.status_code) == (True, 303)
    assert "mori was confirmed by kimura" in text_of(free)


async def test_who_was_reset_is_told_so_at_every_page_until_it_is_confirmed(tmp_path: Path) -> None:
    """It has signed in, and may not know that somebody else could have."""
    async with real_browser(tmp_path, Role.APPROVER, name="mori") as it:
        with writing(it.engine) as connection:
            admin = add_user(connection, author(), "admin")
            mori = user_named(connection, DEFAULT_TENANT, "mori")
            for _ in range(2):
                set_credential(connection, author(user=mori.row), mori, "password", b"kept")
                reset_credentials(connection, author(user=admin), mori)
        it.hold(new_session(it.engine, "mori"))
        pages = [text_of(await it.see(path)) for path in ("/approvals", "/me")]
        with writing(it.engine) as connection:
            confirm(connection, author(), mori)
        after = text_of(await it.see("/me"))

    told = "Your way in was reset: you count for what takes two persons from"
    assert [told in each for each in pages] == [True, True]
    assert told not in after


async def test_who_rejects_says_why_and_who_proposed_it_reads_it(tmp_path: Path) -> None:
    """Without a reason nothing is rejected; what was typed stays no markup."""
    async with real_browser(tmp_path, Role.APPROVER) as it:
        number = proposed_by(it, new_person(it.engine, "kimura", Role.ADMINISTRATOR))
        said_of_it = await it.send(f"/approvals/{number}/comment", {"text": "which service?"})
        empty = await it.send(f"/approvals/{number}/reject", {"text": " \r\n "})
        done = await it.send(f"/approvals/{number}/reject", {"text": f"not now {EVIL}"})
        again = await it.send(f"/approvals/{number}/comment", {"text": "late"})
        it.hold(new_session(it.engine, "kimura"))
        listed, own = await it.see("/approvals"), await it.see(f"/approvals/{number}")

    assert (said_of_it.status_code, empty.status_code, done.status_code) == (303, 422, 303)
    assert again.status_code == 422
    assert "Nothing waits for a second person." in text_of(listed)
    told = text_of(own)
    assert "yamada says" in told
    assert "which service?" in told
    assert "Rejected by yamada" in told
    assert "not now" in told
    assert "<script>alert" not in own.text
    assert [it.journal("proposal_rejected", "proposal_commented")[0].actor] == ["yamada"]


async def test_every_page_counts_what_waits_for_who_looks(tmp_path: Path) -> None:
    """First for who approves, then for who proposed it; never for who can do nothing about it."""
    async with real_browser(tmp_path, Role.APPROVER) as it:
        number = proposed_by(it, new_person(it.engine, "kimura", Role.ADMINISTRATOR))
        new_person(it.engine, "hayashi", Role.AUDITOR)
        own = it.session
        sessions = {name: new_session(it.engine, name) for name in ("kimura", "hayashi")}

        async def waiting() -> list[str]:
            found = []
            for session in (own, *sessions.values()):
                it.hold(session)
                told = text_of(await it.see("/me"))
                found.append(told.partition("(waiting for you: ")[2][:1])
            return found

        before = await waiting()
        it.hold(own)
        await it.send(f"/approvals/{number}/give", {})
        after = await waiting()

    assert (before, after) == (["1", "", ""], ["", "1", ""])


async def test_what_destroys_is_approved_on_a_page_that_asks_once_more(tmp_path: Path) -> None:
    """Who cannot approve it is led back to the proposal."""
    async with real_browser(tmp_path, Role.APPROVER) as it:
        owner = new_person(it.engine, "kimura", Role.RETENTION_OWNER)
        with writing(it.engine) as connection:
            number = propose(
                connection, author(user=owner), Kind.APPROVE_PLAN, b"\1" * 32, "170 recordings"
            )
        listed = await it.see("/approvals")
        asked = await it.see(f"/approvals/{number}/give")
        given = await it.send(f"/approvals/{number}/give", {})
        late = await it.see(f"/approvals/{number}/give")

    assert f'href="/approvals/{number}/give"' in listed.text
    assert f'action="/approvals/{number}/give"' not in listed.text
    assert "170 recordings" in text_of(asked)
    assert (given.status_code, late.headers["location"]) == (303, f"/approvals/{number}")
