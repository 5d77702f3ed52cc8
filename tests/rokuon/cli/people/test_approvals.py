"""`rokuon approval`."""

import json
from pathlib import Path

import pytest

from archive.access.approvals import Kind, digest_of
from archive.catalog.access.approvals import propose
from archive.catalog.accounts.persons import add_user
from archive.catalog.journal.authors import Author
from rokuon.cli.people.approvals import row_of
from rokuon.compose.archive.catalog import local_access
from rokuon.machine.api_client import ApiRefused
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, register_of


@pytest.fixture
def number(site: Installation, tmp_path: Path) -> int:
    """A proposal of somebody else's."""
    author = Author(access=local_access())
    site.answering()
    with register_of(site.config) as connection:
        row = add_user(connection, author, tmp_path.name[-60:].lower().replace("[", "-"))
        by = Author(access=author.access, user=row)
        digest = digest_of(Kind.DECLARE_ONE_PERSON, {})
        return propose(connection, by, Kind.DECLARE_ONE_PERSON, digest, "one word is enough")


def test_what_waits_for_another_person_is_listed(site: Installation, number: int) -> None:
    """With what it is, who wants it and until when."""
    table = run_at(site, "approval", "list").output
    listed = json.loads(run_at(site, "approval", "list", "-o", "json").output)

    assert "one word is enough" in table
    assert number in [each["number"] for each in listed]


def test_who_approved_sees_that_it_was_heard() -> None:
    """It is open until who proposed it has done it."""
    proposal = {
        "number": 1, "summary": "x", "state": "open", "proposed_by": "sato", "approvals": [],
        "expires_at": "2026-12-01T00:00:00+00:00", "digest": "00" * 32,
    }  # fmt: skip
    approved = {**proposal, "approvals": [{"by": "mori"}]}

    assert row_of(proposal)["state"] == "open"
    assert row_of(approved)["state"] == "approved, not done yet"
    assert row_of({**approved, "state": "done"})["state"] == "done"


def test_each_act_is_the_route_s(site: Installation, number: int) -> None:
    """Root, as which tests often run, counts as nobody; a person does what it says."""
    for words in (("give", str(number)), ("withdraw", str(number)), ("one-person",)):
        said = run_at(site, "approval", *words, "-o", "json")
        if said.exception is None:
            assert json.loads(said.output)["number"] >= number
        else:
            assert isinstance(said.exception, ApiRefused)
            assert said.exception.code in {"person_needed", "approval_over"}
    assert run_at(site, "approval", "one-person", "--end").exit_code == 0
