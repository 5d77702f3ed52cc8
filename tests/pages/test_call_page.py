"""The page of a call as it looks: the rules of axe-core, narrow screens, forced colours."""

from pathlib import Path
from typing import Any

import pytest

from tests.pages.conftest import Heard

AXE = Path(__file__).parents[2] / "build/islands/node_modules/axe-core/axe.min.js"
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}
OPEN_ALL = "document.querySelectorAll('details').forEach(each => { each.open = true })"


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", ["en-GB", "ja-JP"])
def test_the_page_of_a_call_breaks_no_rule(
    chromium: Any, page: Any, call: Heard, language: str, look: str
) -> None:
    """WCAG 2.2 AA as far as a program sees it, with all that can be opened open."""
    if not AXE.exists():
        pytest.skip("no axe-core: make e2e fetches it where Node is")
    options = {"locale": language, "storage_state": page.context.storage_state(), **LOOKS[look]}
    context = chromium.new_context(**options)
    window = context.new_page()
    window.goto(f"{call.base}/calls/{call.call}")
    window.locator(".lane").first.wait_for()
    window.evaluate(OPEN_ALL)
    window.locator("#quality table").wait_for()
    window.evaluate(AXE.read_text() + ";undefined")
    found = window.evaluate("axe.run(document, {resultTypes: ['violations']})")
    context.close()

    assert [f"{a['id']}: {n['html'][:200]}" for a in found["violations"] for n in a["nodes"]] == []


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_nothing_is_cut_off_on_a_narrow_screen(page: Any, call: Heard, width: int) -> None:
    """Only tables scroll sideways, in frames of their own."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{call.base}/calls/{call.call}")
    page.locator(".lane").first.wait_for()
    page.evaluate(OPEN_ALL)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
