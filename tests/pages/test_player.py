"""The player of a call in a real browser: what comes out of its loudspeaker, lane by lane."""

from typing import Any

import pytest

from tests.pages.conftest import AGENT_AT_S, AGENT_HZ, CUSTOMER_AT_S, CUSTOMER_HZ, Heard
from tests.pages.ear import EAR, play_until

# What is heard at a moment was sent to the ear a little before.
LATE_S = 0.3
FINE_HZ = 30


def opened(page: Any, call: Heard) -> None:
    """The page of the call, its lanes drawn."""
    page.add_init_script(EAR)
    page.goto(f"{call.base}/calls/{call.call}")
    page.locator(".lane").first.wait_for()


def listen(page: Any, since_s: float, until_s: float) -> list[tuple[float, float]]:
    """Play a stretch; the tones that were loud, with their seconds."""
    page.evaluate("s => { document.querySelector('audio').currentTime = s }", since_s)
    return play_until(page, until_s)


def lanes(page: Any) -> list[str]:
    """What the lanes are called."""
    return list(page.locator(".lane .name").all_inner_texts())


@pytest.mark.quick
def test_each_party_is_heard_at_its_second_and_in_its_lane(page: Any, call: Heard) -> None:
    """A tone at the right time is the sealed sound, placed, decoded, sent and played."""
    opened(page, call)
    customer = listen(page, CUSTOMER_AT_S - 0.5, CUSTOMER_AT_S + 1.5)
    agent = listen(page, AGENT_AT_S - 0.5, AGENT_AT_S + 1.5)

    for heard, second, hz in (
        (customer, CUSTOMER_AT_S, CUSTOMER_HZ),
        (agent, AGENT_AT_S, AGENT_HZ),
    ):
        assert len(heard) > 1
        assert all(abs(each - hz) < FINE_HZ for _, each in heard)
        assert second <= heard[0][0]
        assert heard[-1][0] <= second + 1 + LATE_S
    assert lanes(page) == ["customer 佐藤", "agent 田中"]


def test_a_lane_that_is_muted_is_silent_and_the_other_one_is_not(page: Any, call: Heard) -> None:
    """And what is reported as played has the channel that was heard."""
    opened(page, call)
    page.get_by_role("group", name="customer 佐藤").get_by_role("button", name="Mute").click()
    muted = listen(page, CUSTOMER_AT_S, CUSTOMER_AT_S + 1)
    with page.expect_response(lambda answer: answer.url.endswith("/played")) as told:
        agent = listen(page, AGENT_AT_S, AGENT_AT_S + 0.8)

    assert muted == []
    assert agent
    assert told.value.status == 204
    assert call.journal("played")[-1].detail["channels"] == ["2"]


@pytest.mark.quick
def test_what_was_played_is_reported_when_it_is_paused(page: Any, call: Heard) -> None:
    """The stretch that ran, not what lies between two of them."""
    before, paused_ms = len(call.journal("played")), []
    opened(page, call)
    for since_s in (1, 5):
        with page.expect_response(lambda answer: answer.url.endswith("/played")):
            listen(page, since_s, since_s + 0.5)
        paused_ms.append(1_000 * page.evaluate("document.querySelector('audio').currentTime"))
    said = call.journal("played")[before:]
    stretches = [tuple(map(int, each.split("-"))) for entry in said for each in entry.detail["ms"]]

    assert len(stretches) == 2
    ran = zip(stretches, (1_000, 5_000), paused_ms, strict=True)
    for (first, until), since_ms, pause_ms in ran:
        assert since_ms <= first <= since_ms + 100
        assert since_ms + 500 <= until == pytest.approx(pause_ms, abs=100)


def test_a_click_on_the_waveform_and_the_keys_lead_to_a_moment(page: Any, call: Heard) -> None:
    """By mouse, by keys of the slider, by keys of the page; said in words."""
    opened(page, call)
    slider = page.get_by_role("slider", name="Position")
    picture = page.locator(".lane .picture").first
    box = picture.bounding_box()
    picture.click(position={"x": box["width"] / 2, "y": 10})
    assert slider.get_attribute("aria-valuetext") == "5 seconds of 10 seconds"

    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuenow") == "6"
    slider.press("Home")
    assert slider.get_attribute("aria-valuenow") == "0"
    page.keyboard.press("9")
    assert slider.get_attribute("aria-valuenow") == "9"
    page.keyboard.press("j")
    assert slider.get_attribute("aria-valuenow") == "0"
    page.keyboard.press("]")
    assert page.evaluate("document.querySelector('audio').playbackRate") == 1.25


def test_silence_is_skipped_to_the_next_word(page: Any, call: Heard) -> None:
    """Six seconds in which nobody speaks are not waited out."""
    opened(page, call)
    page.get_by_label("Skip silence").check()
    heard = listen(page, 0.2, AGENT_AT_S + 0.8)
    gone_through = page.evaluate("window.heard.map(each => each.at)")

    assert {round(hz, -2) for _, hz in heard} == {400, 1_500}
    assert not [at for at in gone_through if 1 < at < CUSTOMER_AT_S - 0.5]


def test_voices_in_one_stream_are_one_lane_that_says_so(page: Any, mixed: Heard) -> None:
    """They cannot be told apart: two lanes would promise what nobody can keep."""
    opened(page, mixed)
    heard = listen(page, CUSTOMER_AT_S - 0.3, CUSTOMER_AT_S + 0.8)

    assert [each.endswith("(several in one stream)") for each in lanes(page)] == [True]
    assert {round(hz, -1) for _, hz in heard} <= {430, 440, 450}
    assert heard
    page.get_by_role("button", name="Mute").click()
    assert listen(page, CUSTOMER_AT_S, CUSTOMER_AT_S + 0.8) == []


def test_a_moment_in_the_address_is_where_it_begins(page: Any, call: Heard) -> None:
    """A link to what was said can be sent."""
    page.goto(f"{call.base}/calls/{call.call}#t=6.5")
    page.locator(".lane").first.wait_for()

    assert page.locator("[data-show=at]").first.inner_text() == "0:06"


def test_without_scripts_the_browser_plays_it_by_itself(
    chromium: Any, call: Heard, page: Any
) -> None:
    """And what happened leads to its moment."""
    state = page.context.storage_state()
    plain = chromium.new_context(java_script_enabled=False, storage_state=state)
    opened_page = plain.new_page()
    opened_page.goto(f"{call.base}/calls/{call.call}")

    assert opened_page.locator("audio[controls]").is_visible()
    assert not opened_page.locator(".player").is_visible()
    plain.close()


def test_a_call_is_played_in_its_place_among_those_found(page: Any, call: Heard) -> None:
    """One at a time; the bar ends it, and leads to its page."""
    page.goto(f"{call.base}/calls?range=dates&from=2026-11-01&to=2026-12-01")
    page.locator("quick-play a").first.click()
    bar = page.get_by_role("group", name="Playing")
    bar.get_by_text("/ 0:10").wait_for()
    page.wait_for_timeout(500)
    with page.expect_response(lambda answer: answer.url.endswith("/played")) as told:
        bar.get_by_role("button", name="Stop").click()

    assert told.value.status == 204
    assert bar.count() == 0
    assert page.url.partition("?")[0].endswith("/calls")


def test_a_sound_that_does_not_open_says_so_and_is_tried_again(page: Any, call: Heard) -> None:
    """Also where the answer does not come; then from where it was."""
    held: list[Any] = []
    page.route("**/audio", lambda route: route.continue_() if held else held.append(route))
    opened(page, call)
    told = page.get_by_text("The sound cannot be opened just now.")
    again = page.get_by_role("button", name="Try again")
    assert not told.is_visible()
    page.get_by_role("button", name="Play", exact=True).click()
    told.wait_for(timeout=4_000)

    again.click()
    page.locator("[data-show=at]").get_by_text("0:01").wait_for()
    assert not told.is_visible()
    assert not again.is_visible()


def test_a_call_among_those_found_that_does_not_open_says_so_in_its_bar(
    page: Any, call: Heard
) -> None:
    """An answer that never comes is not 0:00 for ever."""
    page.route("**/audio", lambda _: None)
    page.goto(f"{call.base}/calls?range=dates&from=2026-11-01&to=2026-12-01")
    page.locator("quick-play a").first.click()
    bar = page.locator(".quick-bar")
    bar.get_by_text("The sound cannot be opened just now.").wait_for(timeout=4_000)

    assert bar.get_by_role("button", name="Try again").is_visible()


def test_an_arrow_with_shift_goes_a_tenth_of_a_second(page: Any, call: Heard) -> None:
    """A word that is looked for begins between two seconds."""
    opened(page, call)
    page.get_by_role("slider", name="Position").press("Shift+ArrowRight")

    assert abs(page.evaluate("document.querySelector('audio').currentTime") - 0.1) < 0.01
