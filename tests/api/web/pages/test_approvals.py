"""The page of approvals."""

from pathlib import Path

import pytest

from api.people.roles import Role
from archive.approvals import Kind
from archive.catalog.approvals import propose
from archive.catalog.engine import writing
from tests.api.web.pages.browser import text_of
from tests.api.web.pages.real import RealBrowser, new_person, real_browser
from tests.api.web.pages.test_people import EVIL
from tests.archive.catalog.examples import author


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
    assert "nobody yet" in told
    assert ("alert(1)" in told, "<script>alert" in answer.text) == (True, False)
    assert given.headers["location"] == "/approvals"
    assert f"/approvals/{number}/give" not in after.text
    assert "Take my approval back" in text_of(after)


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
