"""What every answer forbids a browser."""

import re
from pathlib import Path

import pytest

from api.calls.retrieval import Calls
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


async def test_a_fault_is_a_page_with_the_same_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is answered outside of all that adds to answers."""

    def broken(_self: object, _actor: object, _query: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(Calls, "search", broken)
    async with browser(tmp_path) as page:
        page.client._transport.raise_app_exceptions = False  # type: ignore[attr-defined]
        answer = await page.see("/calls")
        as_program = await page.see("/api/v1/nowhere")

    assert (answer.status_code, as_program.status_code) == (500, 404)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["cache-control"] == "no-store"
    assert "<h1>" in answer.text
    assert "a fault of ours" not in answer.text
