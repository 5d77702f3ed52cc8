"""Every page in every state and language: the rules of axe-core, three widths, three looks."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Final

import pytest
from fastapi.routing import APIRoute

from api.web.app import PAGES as MODULES
from api.web.pages.frame import FOLDER
from tests.pages.calls import WORD
from tests.pages.houses import OWN, long_house, new_house, usual_house
from tests.pages.looking import OPEN_ALL, WIDTHS, layout_broken, rules, rules_broken
from tests.pages.server import Served
from tests.pages.states import HOUSES, NO_PAGES, PAGES
from tests.pages.visitor import Visitor

LANGUAGES: Final = {"en": "en-GB", "ja": "ja-JP"}
# What is around every page.
FRAME: Final = "frame.html"
KINDS: Final = {"new": new_house, "usual": usual_house, "long": long_house}
SHOWN: Final = [
    pytest.param(page, state, id=f"{page.removesuffix('.html')}-{state}")
    for page, known in PAGES.items()
    for state in known.states
]


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Served]]:
    """Each in a folder of its own."""
    with ExitStack() as standing:
        yield {
            name: standing.enter_context(made(tmp_path_factory.mktemp(name)))
            for name, made in KINDS.items()
        }


def come(houses: dict[str, Served], chromium: Any, page: str, state: str, language: str) -> Visitor:
    """Somebody before a page in a state."""
    house = HOUSES.get(state, "usual")
    context = chromium.new_context(locale=LANGUAGES[language])
    visitor = Visitor(houses[house], context.new_page(), WORD if house == "long" else OWN)
    visitor.come_in()
    visitor.house.templates.clear()
    PAGES[page].states[state](visitor)
    visitor.page.evaluate(OPEN_ALL)
    assert page in visitor.house.templates, visitor.page.inner_text("main")
    assert visitor.page.get_attribute("html", "lang") == language
    return visitor


def test_every_page_has_its_states() -> None:
    """A template that is new stands among them, or this fails."""
    assert set(PAGES) == {each.name for each in FOLDER.glob("*.html")} - {FRAME}


def test_every_address_is_one_of_the_pages() -> None:
    """What can be looked at is looked at."""
    routes = {
        route.path
        for module in MODULES
        for route in module.router.routes
        if isinstance(route, APIRoute) and "GET" in route.methods
    }

    assert {each for known in PAGES.values() for each in known.routes} == routes - NO_PAGES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("page", "state"), SHOWN)
def test_a_page_breaks_no_rule_and_nothing_of_it_is_cut_off(
    houses: dict[str, Served], chromium: Any, page: str, state: str, language: str
) -> None:
    """By light, in the dark and in forced colours; narrow, at 200 % and wide."""
    axe = rules()
    visitor = come(houses, chromium, page, state, language)
    broken = layout_broken(visitor.page, *WIDTHS)
    broken += rules_broken(visitor.page, axe)
    visitor.page.context.close()

    assert broken == []


@pytest.mark.parametrize("page", ["find.html", "ranked.html", "call.html"])
def test_long_japanese_is_cut_off_nowhere(
    houses: dict[str, Served], chromium: Any, page: str
) -> None:
    """Whatever callers, exchanges, tables and people write, in a narrow window and a wide one."""
    visitor = come(houses, chromium, page, "long", "ja")
    broken = layout_broken(visitor.page, *WIDTHS)
    visitor.page.context.close()

    assert broken == []
