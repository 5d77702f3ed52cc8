"""What is around every page."""

import re
from pathlib import Path

import pytest

from api.web.pages import rendering
from tests.api.web.pages.browser import browser


async def test_a_page_has_one_heading_its_language_and_the_way_to_its_content(
    tmp_path: Path,
) -> None:
    """What a screen reader looks for first."""
    async with browser(tmp_path, language="ja") as page:
        answer = await page.see("/calls")

    assert answer.text.count("<h1") == 1
    assert answer.headers["content-language"] == "ja"
    assert 'href="#main"' in answer.text
    assert answer.text.count('aria-current="page"') == 1


def test_templates_escape_and_refuse_what_is_not_there() -> None:
    """A name may be markup; a slip must not be an empty place."""
    environment = rendering._environment()

    assert environment.autoescape is True
    with pytest.raises(Exception, match="undefined"):
        environment.from_string("{{ nobody }}").render()


def test_no_template_trusts_what_it_shows() -> None:
    """But for the shapes of icons, which are ours."""
    for template in sorted(rendering.FOLDER.rglob("*.html")):
        trusted = re.findall(r"\|\s*safe\b|Markup|autoescape", template.read_text())
        assert trusted == (["|safe"] if template.name == "icons.html" else []), template
