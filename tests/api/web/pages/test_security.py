"""What every answer forbids a browser."""

import re
from pathlib import Path

import pytest

from api.web.pages.security import HEADERS
from tests.api.web.pages.browser import browser


@pytest.mark.parametrize("path", ["/calls", "/calls?range=x", "/nowhere", "/api/v1/health"])
async def test_every_answer_has_the_rules_for_browsers(tmp_path: Path, path: str) -> None:
    """One page without them is where somebody gets in."""
    async with browser(tmp_path) as page:
        answer = await page.see(path)

    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["cache-control"] == "no-store"


async def test_no_page_has_a_script_or_a_style_of_its_own(tmp_path: Path) -> None:
    """The policy would stop it: a page that needs one is broken."""
    async with browser(tmp_path) as page:
        found = await page.see("/calls")

    assert re.findall(r"<script(?![^>]*\bsrc=)", found.text) == []
    assert re.findall(r"<style|\bstyle=|\bon[a-z]+=", found.text) == []
