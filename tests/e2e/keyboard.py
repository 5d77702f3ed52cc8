"""A person who has a keyboard and nothing else, and must see at each step where it is."""

from dataclasses import dataclass
from typing import Any, Final

# More than there is to step through on any page.
MOST_STEPS: Final = 80
# Whoever points at anything is told of.
POINTED: Final = """
for (const kind of ["pointerdown", "mousedown", "touchstart"])
  addEventListener(kind, () => console.error(`pointed: ${kind}`), { capture: true });
"""
# Where the focus is, and what is wrong with how it is seen.
_FOCUS: Final = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const wrong = [];
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) wrong.push("no outline");
  if (box.width < 2 || box.height < 2) wrong.push("no size");
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth)
    wrong.push("out of view");
  const top = document.elementFromPoint(
    Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1),
    Math.min(Math.max(box.top + Math.min(box.height, innerHeight) / 2, 0), innerHeight - 1),
  );
  if (top !== null && !at.contains(top) && !top.contains(at)) wrong.push(`under ${top.outerHTML}`);
  return [at.outerHTML.slice(0, 120), wrong];
}"""
_IS_AT: Final = "selector => document.activeElement.matches(selector)"


@dataclass
class Keyboard:
    """The keys of somebody; each step with Tab is looked at."""

    page: Any

    def press(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """What a field that has the focus takes."""
        self.page.keyboard.type(text)

    def to(self, selector: str, key: str = "Tab") -> None:
        """Step on until that has the focus."""
        for _ in range(MOST_STEPS):
            self.press(key)
            assert self._wrong() == []
            if self.page.evaluate(_IS_AT, selector):
                return
        raise AssertionError(f"no way with {key} to {selector}")

    def enter(self, address: str) -> None:
        """Press Enter, and wait for where it leads."""
        with self.page.expect_navigation(url=address):
            self.press("Enter")
        self.page.wait_for_load_state("load")

    def _wrong(self) -> list[str]:
        at, wrong = self.page.evaluate(_FOCUS)
        return [f"{at}: {each}" for each in wrong]
