"""The page of a call whose sound is sealed, as it looks: rules, narrow windows, every colour."""

from typing import Any

import pytest

from tests.pages.conftest import Heard
from tests.pages.looking import OPEN_ALL, WIDTHS, layout_broken, rules, rules_broken


@pytest.mark.parametrize("language", ["en-GB", "ja-JP"])
def test_the_page_of_a_call_breaks_no_rule(
    chromium: Any, page: Any, call: Heard, language: str
) -> None:
    """WCAG 2.2 AA as far as a program sees it, with all that can be opened open."""
    axe = rules()
    context = chromium.new_context(locale=language, storage_state=page.context.storage_state())
    window = context.new_page()
    window.goto(f"{call.base}/calls/{call.call}")
    window.locator(".lane").first.wait_for()
    window.evaluate(OPEN_ALL)
    window.locator("#quality table").wait_for()
    broken = rules_broken(window, axe)
    context.close()

    assert broken == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_cut_off_on_a_narrow_screen(page: Any, call: Heard, width: int) -> None:
    """Only tables scroll sideways, in frames of their own."""
    page.goto(f"{call.base}/calls/{call.call}")
    page.locator(".lane").first.wait_for()
    page.evaluate(OPEN_ALL)

    assert layout_broken(page, width) == []
