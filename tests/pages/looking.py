"""What is wrong with a page as it lies before somebody: the rules of axe-core, and its layout."""

from pathlib import Path
from typing import Any, Final

import pytest

_AXE: Final = Path(__file__).parents[2] / "build/islands/node_modules/axe-core/axe.min.js"
LOOKS: Final[dict[str, dict[str, str]]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
}
# A narrow screen; 1,280 CSS pixels at 200 % and at 100 %.
WIDTHS: Final = (320, 640, 1280)
# WCAG 2.2 is off unless it is asked for; what a page says is the same in every look.
_WHOLE: Final = """axe.run(document, {
  resultTypes: ["violations"], rules: {"target-size": {enabled: true}},
})"""
_COLOURS: Final = """axe.run(document, {
  resultTypes: ["violations"], runOnly: {type: "tag", values: ["cat.color"]},
})"""
OPEN_ALL: Final = "document.querySelectorAll('details').forEach(each => { each.open = true })"
# Texts and controls as they are seen: each with its lines, less what a frame that scrolls hides.
_LAYOUT: Final = Path(__file__).with_name("layout.js")


def rules() -> str:
    """What axe-core is; skips where it is not."""
    if not _AXE.exists():
        pytest.skip("no axe-core: make e2e fetches it where Node is")
    return _AXE.read_text()


def rules_broken(page: Any, axe: str) -> list[str]:
    """WCAG 2.2 AA as far as a program sees it, and what axe calls best practice; in every look."""
    page.evaluate(axe + ";undefined")
    # A colour on its way from one look to another is none of a page's.
    page.emulate_media(reduced_motion="reduce")
    broken = []
    for look, media in LOOKS.items():
        page.emulate_media(**media)
        found = page.evaluate(_WHOLE if look == "light" else _COLOURS)["violations"]
        broken += [
            f"{look}: {each['id']}: {node['html'][:160]}: {node['failureSummary'][:200]}"
            for each in found
            for node in each["nodes"]
        ]
    page.emulate_media(**LOOKS["light"])
    return broken


def layout_broken(page: Any, *widths: int) -> list[str]:
    """What is cut off, lies on something else or sticks out: as it lies, or in these widths."""
    broken = []
    for width in widths or (page.viewport_size["width"],):
        if widths:
            page.set_viewport_size({"width": width, "height": 800})
        broken += [f"{width}: {each}" for each in page.evaluate(_LAYOUT.read_text())]
    return broken
