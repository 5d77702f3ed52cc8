"""By keyboard alone, from signing in to hearing one party of a call; nothing is pointed at."""

import re
from typing import Any

import pytest

from rokuon.selftest.client import japanese_call
from tests.e2e.conftest import placed
from tests.e2e.keyboard import POINTED, Keyboard
from tests.e2e.people import PASSWORD, Person, Town
from tests.pages.ear import EAR, play_until
from tests.pages.looking import layout_broken

# Of the speech of a self-test call: seconds in which the one speaks and the other is silent.
AGENT_S, CUSTOMER_S = (2, 4), (9, 11)
LONG_S = 14.0
FIND, CALL = re.compile(r"/calls(\?.*)?$"), re.compile(r"/calls/[0-9a-f]{32}$")
WINDOWS: dict[str, dict[str, Any]] = {
    "1280 px": {"viewport": {"width": 1280, "height": 900}},
    "320 px": {"viewport": {"width": 320, "height": 640}},
    # 1,280 CSS pixels at 200 % are 640.
    "200 %": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
}


def keys_of(person: Person) -> Keyboard:
    """Somebody whose loudspeaker is listened to, and whose pointer is watched."""
    person.page.add_init_script(EAR)
    person.page.add_init_script(POINTED)
    return Keyboard(person.page)


@pytest.fixture(scope="module")
def walker(town: Town, discloser: Person) -> Person:
    """Who hands out calls, at a browser of its own: signed in by keys, with password and app."""
    walker = town.stranger(discloser.name)
    keys = keys_of(walker)
    walker.go("/sign-in")
    keys.to("input[name=name]")
    keys.type(walker.name)
    keys.to("input[name=password]")
    keys.type(PASSWORD.format(name=walker.name))
    keys.enter("**/sign-in/second*")
    keys.to("input[name=one_time]")
    keys.type(discloser.next_one_time())
    keys.enter(FIND)
    assert walker.said == []
    return walker


@pytest.fixture(scope="module")
def long_call(town: Town, discloser: Person) -> None:
    """A call in which both have spoken, found by its length."""
    placed(town.running, japanese_call(LONG_S)).join()
    link = discloser.page.locator("table.calls tbody th a").first
    discloser.go_until("/calls?range=today&agent=田中&least=0.2", link)


def find(keys: Keyboard) -> None:
    """The newest call of an agent that was not short, and its page."""
    keys.to("a.past")
    keys.press("Enter")
    keys.to("[aria-labelledby=exactly] input[name=agent]")
    keys.type("田中")
    keys.to("summary")
    keys.press("Enter")
    keys.to("input[name=least]")
    keys.type("0.2")
    keys.enter("**agent=**")
    keys.to("table.calls tbody th a")
    keys.enter(CALL)
    keys.page.locator(".lane").first.wait_for()


def seek(keys: Keyboard, second: int) -> None:
    """By the keys of the slider, which has the focus."""
    keys.press("Home", *["ArrowRight"] * second)
    assert keys.page.evaluate("document.querySelector('audio').currentTime") == second
    keys.page.wait_for_function("() => !document.querySelector('audio').seeking")


@pytest.mark.usefixtures("long_call")
@pytest.mark.parametrize("window", WINDOWS)
def test_a_call_is_found_played_muted_and_sought_by_keyboard_alone(
    town: Town, walker: Person, window: str
) -> None:
    """Who is muted is not heard, who is not is; where the keys are is seen at every step."""
    person = town.again(walker, **WINDOWS[window])
    keys = keys_of(person)
    person.go("/calls")
    broken = layout_broken(person.page)
    find(keys)
    keys.to("[role=slider]")
    seek(keys, CUSTOMER_S[0])
    both_heard = play_until(person.page, CUSTOMER_S[1])
    keys.to(".lane[data-side=customer] [data-do=mute]", "Shift+Tab")
    keys.press("Space")
    keys.to("[role=slider]")
    seek(keys, CUSTOMER_S[0])
    customer_muted = play_until(person.page, CUSTOMER_S[1])
    seek(keys, AGENT_S[0])
    agent_heard = play_until(person.page, AGENT_S[1])
    broken += layout_broken(person.page)

    assert len(both_heard) > 10
    assert customer_muted == []
    assert len(agent_heard) > 10
    assert (broken, person.said) == ([], [])
