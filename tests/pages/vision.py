"""A page as other eyes see it: without red and green, without any colour.

What Chromium draws for its developers' tools, screen for screen.
"""

from typing import Any, Final

# As the protocol of the developers' tools names them; the last one is grey.
VISIONS: Final = ("none", "deuteranopia", "achromatopsia")


def see_as(page: Any, vision: str) -> None:
    """From now on."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setEmulatedVisionDeficiency", {"type": vision})
