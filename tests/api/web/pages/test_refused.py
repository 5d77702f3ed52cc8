"""Refusals as pages."""

from pathlib import Path

import pytest

from tests.api.web.pages.browser import browser, text_of


@pytest.mark.parametrize("language", ["en", "ja"])
async def test_what_is_not_there_is_a_page_with_a_way_on(tmp_path: Path, language: str) -> None:
    """Never a bare number, nor what a program would get."""
    async with browser(tmp_path, language=language) as page:
        answer = await page.see("/nowhere")

    assert answer.status_code == 404
    assert f'<html lang="{language}">' in answer.text
    assert 'href="/"' in answer.text
    assert "docs/api.md" not in answer.text


async def test_a_program_still_gets_a_problem(tmp_path: Path) -> None:
    """By where it asked."""
    async with browser(tmp_path) as page:
        answer = await page.see("/api/v1/nowhere")

    assert answer.headers["content-type"] == "application/problem+json"


async def test_who_is_not_signed_in_sees_no_navigation_on_a_refusal(tmp_path: Path) -> None:
    """Nothing of whoever was here before."""
    async with browser(tmp_path, signed_in=False) as page:
        answer = await page.see("/nowhere")

    assert "Sign out" not in text_of(answer)
