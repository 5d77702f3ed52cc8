"""A call that somebody remembers: typed in Japanese, found first, opened and heard, by keys."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from rokuon.selftest.client import japanese_call
from rokuon.selftest.rs_metadata import Party
from tests.e2e.conftest import placed
from tests.e2e.keyboard import POINTED, Keyboard
from tests.e2e.people import Person, Town
from tests.pages.ear import EAR, play_until
from tests.pages.looking import layout_broken, rules, rules_broken

# As it is said on the telephone; the number of the call ends so, its agent is 田中.
REMEMBERED = "今日、田中さんか中田さん、番号は下4桁7788"
CUSTOMER = Party(aor="sip:+81355507788@carrier.example", name="佐藤", language="ja")
# Calls of other tests are of today and of 田中, too: the one that is meant fits in all.
FITS = "section > ol.candidates > li:first-child:not(:has(.verdicts li:not(.match))) h3 a"
FIRST = "section > ol.candidates > li:first-child h3 a"
# Of the speech of a self-test call: the customer speaks then.
CUSTOMER_S = (9, 11)
LONG_S = 14.0
RANKED, CALL = re.compile(r"/calls\?text="), re.compile(r"/calls/[0-9a-f]{32}$")
WINDOWS: dict[str, dict[str, Any]] = {
    "1280 px": {"viewport": {"width": 1280, "height": 900}},
    "320 px": {"viewport": {"width": 320, "height": 640}},
}


@pytest.fixture(scope="module")
def remembered(town: Town, discloser: Person) -> str:
    """A call that was recorded today, and can be found by what is remembered of it; its id."""
    placed(town.running, replace(japanese_call(LONG_S), customer=CUSTOMER)).join()
    link = discloser.page.locator(FITS)
    discloser.go_until(f"/calls?text={quote(REMEMBERED)}", link)
    discloser.said.clear()  # what it complained of until the columns were made
    return str(link.get_attribute("href")).rpartition("/")[2]


@pytest.mark.parametrize("window", WINDOWS)
def test_a_call_is_remembered_found_and_heard_by_keyboard_alone(
    town: Town, discloser: Person, remembered: str, window: str
) -> None:
    """The field is one key away, the call that is meant comes first, and its sound is heard."""
    person = town.again(discloser, **WINDOWS[window])
    person.page.add_init_script(EAR)
    person.page.add_init_script(POINTED)
    keys = Keyboard(person.page)
    person.go("/calls")
    broken = layout_broken(person.page)
    keys.to("a.past")
    keys.press("Enter", "/")
    assert person.page.evaluate("document.activeElement.id") == "text"
    keys.type(REMEMBERED)
    keys.enter(RANKED)
    verdicts = person.page.locator(
        "section > ol.candidates > li:first-child .verdicts li"
    ).all_inner_texts()
    broken += layout_broken(person.page)
    keys.to(FIRST)
    keys.enter(CALL)
    person.page.locator(".lane").first.wait_for()
    keys.to("[role=slider]")
    keys.press("Home", *["ArrowRight"] * CUSTOMER_S[0])
    person.page.wait_for_function("() => !document.querySelector('audio').seeking")
    heard = play_until(person.page, CUSTOMER_S[1])

    assert person.page.url.endswith(remembered)
    assert [" ".join(each.split()).partition(" ")[0] for each in verdicts] == ["✓"] * 3
    assert len(heard) > 10
    assert (broken, person.said) == ([], [])


def test_a_candidate_is_played_in_its_place(town: Town, discloser: Person, remembered: str) -> None:
    """To hear whether it is the one, without leaving the others."""
    person = town.again(discloser, locale="ja-JP")
    person.go(f"/calls?text={quote(REMEMBERED)}")
    first = person.page.locator("section > ol.candidates > li:first-child")
    first.get_by_role("link", name="再生").click()
    bar = person.page.locator(".quick-bar")
    bar.wait_for()
    person.page.wait_for_function(
        "() => /0:0[1-9] /.test(document.querySelector('.quick-bar [data-show=at]').textContent)"
    )

    assert bar.locator("[data-show=what]").inner_text() == first.locator("time").first.inner_text()
    assert f"/calls/{remembered}#player" in str(
        bar.locator("[data-show=call]").get_attribute("href")
    )
    assert person.said == []


def test_without_a_script_a_clue_is_made_certain_and_the_list_is_a_link_away(
    town: Town, discloser: Person, remembered: str
) -> None:
    """Forms submit, links lead; the address is the search, so that it can be kept."""
    plain = town.again(discloser, java_script_enabled=False)
    page = plain.page
    plain.go("/calls")
    page.get_by_label("What does the caller remember?").fill(REMEMBERED)
    page.get_by_role("button", name="Find the call").click()
    assert page.locator(FIRST).get_attribute("href") == f"/calls/{remembered}"
    page.get_by_role("link", name=re.compile("^certain.*agent")).click()
    assert "sure=agent" in page.url
    assert page.get_by_label("Agent, as heard").input_value() == "田中, 中田"
    assert page.locator(FIRST).get_attribute("href") == f"/calls/{remembered}"
    page.get_by_role("link", name="List by time").click()

    assert remembered in page.content()
    assert page.locator("table.calls").is_visible()


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize("language", ["en-GB", "ja-JP"])
def test_the_ranking_breaks_no_rule_of_axe(town: Town, discloser: Person, language: str) -> None:
    """On a call that was really recorded, in every look."""
    axe = rules()
    person = town.again(discloser, locale=language)
    person.go(f"/calls?text={quote(REMEMBERED)}")
    person.page.locator(FIRST).wait_for()

    assert rules_broken(person.page, axe) == []
