"""What is around every page."""

import re
from pathlib import Path

import pytest

from api.web.http.language import Reader
from api.web.pages import frame
from rokuon.messages.i18n import words_in
from tests.api.examples import LIVE
from tests.api.web.pages.browser import browser
from tests.archive.catalog.examples import TOKYO


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
    environment = frame._environment()

    assert environment.autoescape is True
    with pytest.raises(Exception, match="undefined"):
        environment.from_string("{{ nobody }}").render()


def test_no_template_trusts_what_it_shows() -> None:
    """But for the shapes of icons, which are ours."""
    for template in sorted(frame.FOLDER.rglob("*.html")):
        trusted = re.findall(r"\|\s*safe\b|Markup|autoescape", template.read_text())
        assert trusted == (["|safe"] if template.name == "icons.html" else []), template


@pytest.mark.parametrize(
    ("value", "shown"), [("auditor", "監査者"), ("sideways", "sideways"), ("legal", "法務")]
)
def test_a_value_without_words_is_shown_as_it_is(value: str, shown: str) -> None:
    """Also where it is spelt like a word of another kind: a name is not translated."""
    reader = Reader("ja", words_in)
    told = frame._Told(reader, TOKYO, "JP")

    assert told.value(value, "role") == shown
    assert told.value(value, "target") == value


@pytest.mark.parametrize(
    ("path", "fields", "page_of_it"),
    [
        (f"/live/{LIVE.recording}/stop", {"reason": ""}, "/live"),
        ("/people", {"name": "Bad Name"}, "/people"),
        ("/people/services", {"name": "Bad Name"}, "/people"),
        ("/people/nobody/os-names/x/take", {}, "/people/nobody"),
        ("/approvals/99/give", {}, "/approvals/99/give"),
        ("/purpose", {"form_key": ""}, "/"),
    ],
)
async def test_the_answer_to_a_form_leads_back_to_the_page_of_the_form(
    tmp_path: Path, path: str, fields: dict[str, str], page_of_it: str
) -> None:
    """Who changes the language there asks the address anew, and a form's address has no page."""
    async with browser(tmp_path) as page:
        answer = await page.send(path, fields)

    assert answer.status_code in {403, 404, 422}
    assert re.findall(r'name="next" value="([^"]*)"', answer.text)[0] == page_of_it
