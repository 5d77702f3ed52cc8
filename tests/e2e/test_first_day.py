"""The first day of a house: who comes first, who signs in, what is found, followed and paused."""

import re
import threading
from collections.abc import Callable

import pytest

from rokuon.selftest.client import CallScript, japanese_call
from tests.e2e.people import Person, Town

Calling = Callable[[CallScript], threading.Thread]


@pytest.mark.quick
def test_the_first_administrator_enrols_and_acts_in_that_role(administrator: Person) -> None:
    """With the one code that the server has left, a password and an app."""
    acting = administrator.page.locator("#acting").inner_text()

    assert "Acting as kanri (administrator)" in acting
    assert administrator.page.url.endswith("/live")
    assert administrator.said == []


@pytest.mark.quick
def test_a_person_signs_out_and_in_again_with_both_steps(supervisor: Person) -> None:
    """The app's next password; after signing out no page is open."""
    supervisor.page.get_by_role("button", name="Sign out").click()
    supervisor.page.wait_for_url("**/sign-in")
    supervisor.go("/calls")
    assert "/sign-in?next=%2Fcalls" in supervisor.page.url

    supervisor.sign_in()

    assert "Acting as sato (supervisor)" in supervisor.page.locator("#acting").inner_text()


def test_a_live_call_appears_is_paused_and_goes(supervisor: Person, calling: Calling) -> None:
    """Without reloading: the row comes by itself, changes and goes."""
    page = supervisor.page
    supervisor.go("/live")
    page.get_by_text("No call is in progress.").wait_for()
    call = calling(japanese_call(20))

    row = page.get_by_role("row").filter(has_text="佐藤")
    row.wait_for(timeout=15_000)
    row.get_by_text("Control").click()
    row.get_by_label("Why").fill("card number")
    row.get_by_role("button", name="Pause recording").click()
    page.get_by_text("recording paused").wait_for(timeout=10_000)
    call.join()
    page.get_by_text("No call is in progress.").wait_for(timeout=20_000)

    assert supervisor.said == []


@pytest.fixture(scope="module")
def found_call(town: Town, discloser: Person) -> str:
    """A call that was recorded, and its id."""
    town.command("selftest", "--calls", "2")
    link = discloser.page.locator("table.calls tbody a[href^='/calls/']").first
    discloser.go_until("/calls?range=today", link)
    return str(link.get_attribute("href")).partition("#")[0].rpartition("/")[2]


def test_a_call_is_found_by_time_and_agent(discloser: Person, found_call: str) -> None:
    """As a customer remembers it; the address can be kept."""
    page = discloser.page
    discloser.go("/calls")
    form = page.get_by_role("search", name="List by time")
    form.get_by_label("When").select_option(label="today")
    form.get_by_label("Agent").fill("田中")
    form.get_by_role("button", name="Find", exact=True).click()
    page.locator("table.calls").wait_for()

    assert "agent=%E7%94%B0%E4%B8%AD" in page.url
    assert "田中" in page.locator("table.calls tbody").inner_text()
    assert "Tanaka" not in page.locator("table.calls tbody").inner_text()
    assert re.fullmatch("[0-9a-f]{32}", found_call)
    page.locator("figure.days").wait_for()
    assert page.title() == "Find calls – Rokuon"
    assert discloser.said == []


def test_what_is_heard_stands_in_the_journal_of_the_auditor(
    discloser: Person, auditor: Person, found_call: str
) -> None:
    """Granted before a byte of it, and what the browser says that it played; the auditor sees no
    call.
    """
    page = discloser.page
    discloser.go(f"/calls/{found_call}")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelector('audio').currentTime > 1")
    with page.expect_response(lambda response: response.url.endswith("/played")):
        page.keyboard.press("k")

    auditor.go("/journal")
    told = auditor.page.locator("table").inner_text()
    for line in ("listened", "played it, as its browser says", "searched for calls"):
        assert line in told
    assert "kaiji" in told
    assert auditor.go(f"/calls/{found_call}").status == 403
    assert discloser.said == []


def test_without_a_script_calls_are_found_all_the_same(
    town: Town, discloser: Person, found_call: str
) -> None:
    """Forms submit, links lead; the chart is behind a link."""
    plain = town.again(discloser, java_script_enabled=False)
    plain.go("/calls")
    form = plain.page.get_by_role("search", name="List by time")
    form.get_by_label("When").select_option(label="today")
    form.get_by_role("button", name="Find", exact=True).click()
    assert found_call in plain.page.content()
    plain.page.get_by_role("link", name="Count by day").click()

    assert plain.page.get_by_role("heading", name="Recordings by day").is_visible()
