"""A retention owner and a lawyer before the pages: a hold over a search, let go of by two."""

import re

import pytest

from tests.e2e.people import Person, Town


@pytest.fixture(scope="module")
def owner(town: Town, administrator: Person) -> Person:
    """Who answers for what is kept."""
    return town.another(administrator, "hozon", "retention_owner")


@pytest.fixture(scope="module")
def lawyer(town: Town, administrator: Person) -> Person:
    """Who approves that a hold is let go of."""
    return town.another(administrator, "houmu", "legal")


def test_a_hold_is_placed_over_a_search_and_let_go_of_by_two(
    town: Town, owner: Person, lawyer: Person
) -> None:
    """By buttons and labels; one administrator let both in, so root says that they are two."""
    town.command("selftest", "--calls", "2")
    link = owner.page.locator("table.calls tbody a[href^='/calls/']").first
    owner.go_until("/calls?range=today", link)
    page = owner.page
    page.get_by_role("link", name="Hold all that this search finds").click()
    page.get_by_label("Matter").fill("M-2026-07")
    page.get_by_label("To be reviewed on").fill("2027-04-01")
    page.get_by_label("Reason").fill("claim")
    page.get_by_role("button", name="Place the hold").click()
    page.get_by_role("heading", name=re.compile("Legal hold [0-9]+ active")).wait_for()
    held = re.search(r"([0-9]+) of ([0-9]+) recordings are held", page.inner_text("main"))
    page.get_by_role("link", name="Let go of it").click()
    page.get_by_role("button", name="Propose to let go").click()
    page.get_by_role("heading", name="Another person must approve it").wait_for()
    lawyer.go("/approvals")
    lawyer.page.get_by_text("so they count as one person until").wait_for()
    town.command("user", "confirm", "houmu")
    lawyer.go("/approvals")
    lawyer.page.get_by_role("button", name="Approve").click()
    lawyer.page.get_by_role("button", name="Withdraw my approval").wait_for()
    page.get_by_role("button", name="Propose to let go").click()
    page.get_by_role("heading", name=re.compile("Legal hold [0-9]+ released")).wait_for()

    assert held is not None
    assert held[1] == held[2] != "0"
    assert "Still kept until" in page.inner_text("main")
    assert (owner.said, lawyer.said) == ([], [])


def test_a_draft_is_simulated_and_what_is_worth_a_look_is_said(owner: Person) -> None:
    """The page looks again by itself until it is done; the job stands among the jobs."""
    page = owner.page
    owner.go("/policy-draft")
    page.get_by_role("button", name="Simulate").click()
    page.get_by_role("heading", name="All recordings after the change").wait_for(timeout=30_000)
    owner.go("/jobs")

    assert "simulation of a policy" in page.inner_text("main")
    assert owner.said == []
