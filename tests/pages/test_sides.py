"""Who is known, guessed or unknown to be on a side: told apart by every eye and every ear."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.pages.houses import OWN
from tests.pages.looking import WIDTHS, layout_broken, rules, rules_broken
from tests.pages.server import Served
from tests.pages.sided import CALLS, sided_house
from tests.pages.steps import ALL_TIME
from tests.pages.vision import VISIONS, see_as
from tests.pages.visitor import Visitor

# A high contrast of the reader's own: whatever colours a page has count for nothing.
COLOURLESS = "colourless"
# Nothing else of the table is there, which would move it.
_ALONE = """cell => {
  const others = cell.closest("table").querySelectorAll("thead, tr, th, td");
  others.forEach(each => { each.hidden = true; });
  cell.hidden = cell.parentElement.hidden = false;
}"""
FOUND, LIVE = f"/calls?{ALL_TIME}", "/live"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Three calls that differ in nothing else."""
    with sided_house(tmp_path_factory.mktemp("sided")) as house:
        yield house


@contextmanager
def before(
    house: Served, chromium: Any, path: str, language: str = "en-GB", *, still: bool = False
) -> Iterator[Any]:
    """The page at an address, as soon as all of it is there; `still`: no script changes it."""
    context = chromium.new_context(locale=language, java_script_enabled=not still)
    visitor = Visitor(house, context.new_page(), OWN)
    visitor.come_in()
    visitor.go(path)
    if path in calls():
        visitor.page.locator(".lane").first.wait_for()
    yield visitor.page
    context.close()


def calls() -> list[str]:
    """The page of each."""
    return [f"/calls/{call}" for call in CALLS.values()]


def spoken(house: Served, chromium: Any, path: str, row: str) -> str:
    """What a screen reader is given of the row of a call."""
    with before(house, chromium, path, still=True) as page:
        return str(page.locator(row).aria_snapshot())


def row_of(path: str, kind: str) -> str:
    """Where a call stands on a page of several."""
    if path == LIVE:
        return f"tr[data-recording='{CALLS[kind]}']"
    return f"table.calls tr:has(a[href='/calls/{CALLS[kind]}'])"


@pytest.mark.parametrize("path", [FOUND, LIVE])
@pytest.mark.parametrize(
    ("kind", "heard", "unheard"),
    [
        ("known", ("佐藤", "田中"), ("guess", "not known")),
        ("guessed", ("佐藤", "田中", "a guess"), ()),
        ("unknown", ("佐藤", "田中", "not known"), ("guess",)),
    ],
)
def test_who_only_hears_a_list_of_calls_hears_what_is_a_guess(  # a table of three
    house: Served, chromium: Any, path: str, kind: str, heard: tuple[str, ...],
    unheard: tuple[str, ...],
) -> None:  # fmt: skip
    """By words in the text itself: a form and a colour have no voice."""
    said = spoken(house, chromium, path, row_of(path, kind))

    assert [each for each in heard if each not in said] == [], said
    assert [each for each in unheard if each in said] == []


def alone(page: Any, row: str) -> bytes:
    """A picture of who is in a call, as if it were the only one: what is alike looks alike."""
    cell = page.locator(row).locator("td:has-text('佐藤')")
    cell.evaluate(_ALONE)
    return bytes(cell.screenshot())


@pytest.mark.parametrize("path", [FOUND, LIVE])
@pytest.mark.parametrize("vision", [*VISIONS, COLOURLESS])
def test_known_guessed_and_unknown_are_three_pictures_to_every_eye(
    house: Served, chromium: Any, path: str, vision: str
) -> None:
    """The same two names each time: what differs are marks, also where a page has no colours."""
    with before(house, chromium, path, still=True) as page:
        if vision == COLOURLESS:
            page.emulate_media(forced_colors="active")
        else:
            see_as(page, vision)
        page.mouse.move(0, 0)
        seen = [alone(page, row_of(path, kind)) for kind in CALLS]

    assert len(set(seen)) == len(CALLS)


def test_the_lanes_of_a_call_say_what_is_a_guess_and_what_nobody_knows(
    house: Served, chromium: Any
) -> None:
    """As they are called, by which a screen reader tells them apart too."""
    called = {}
    for kind, call in CALLS.items():
        with before(house, chromium, f"/calls/{call}") as page:
            lanes = page.locator(".lane").all()
            called[kind] = [each.get_attribute("aria-label") for each in lanes]
            assert page.locator(".lane .name").all_inner_texts() == called[kind]

    assert called == {
        "known": ["customer 佐藤", "agent 田中"],
        "guessed": ["? customer (a guess) 佐藤", "? agent (a guess) 田中"],
        "unknown": ["side not known 佐藤", "side not known 田中"],
    }


def test_whose_side_is_corrected_is_chosen_by_what_is_known_of_it(
    house: Served, chromium: Any
) -> None:
    """Who corrects it must see that it was a guess."""
    with before(house, chromium, f"/calls/{CALLS['guessed']}") as page:
        offered = page.locator("#whom option").all_text_contents()

    assert offered == ["佐藤 (customer, a guess)", "田中 (agent, a guess)"]


@pytest.mark.parametrize("language", ["en-GB", "ja-JP"])
@pytest.mark.parametrize("path", [FOUND, LIVE, *calls()], ids=["find", "live", *CALLS])
def test_a_page_of_marks_breaks_no_rule_and_cuts_nothing_off(
    house: Served, chromium: Any, path: str, language: str
) -> None:
    """Narrow and wide, light, dark and in forced colours."""
    axe = rules()
    with before(house, chromium, path, language) as page:
        broken = layout_broken(page, *WIDTHS) + rules_broken(page, axe)

    assert broken == []
