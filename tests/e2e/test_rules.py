"""The rules of axe-core on every page, in its states, languages and colours."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.people import Person, Town

AXE = Path(__file__).parents[2] / "build/islands/node_modules/axe-core/axe.min.js"
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}
LANGUAGES = {"en": "en-GB", "ja": "ja-JP"}
# Pages by who sees them: one as it is usually, and one with an error.
PAGES = {
    "stranger": ["/sign-in", "/welcome", "/nowhere"],
    "supervisor": [
        "/calls",
        "/calls?range=today",
        "/calls?from=soon",
        "/calls/days",
        "/live",
        "/me",
    ],
    "administrator": ["/people", "/people/sato", "/people/sato/disable", "/approvals", "/live"],
    "auditor": [
        "/journal",
        "/journal?from=soon",
        "/journal/heard",
        "/journal/reach",
        "/journal/reach?account=sato&from=-1d",
    ],
}


@pytest.fixture(scope="module")
def rules() -> str:
    """What axe-core is."""
    if not AXE.exists():
        pytest.skip("no axe-core: make e2e fetches it where Node is")
    return AXE.read_text()


@pytest.fixture
def everybody(administrator: Person, supervisor: Person, auditor: Person) -> dict[str, Person]:
    """Who sees which pages."""
    return {"administrator": administrator, "supervisor": supervisor, "auditor": auditor}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_breaks_a_rule(
    town: Town, everybody: dict[str, Person], rules: str, language: str, look: str
) -> None:
    """WCAG 2.2 AA as far as a program sees it, and what axe calls best practice."""
    options = {"locale": LANGUAGES[language], **LOOKS[look]}
    people = {who: town.again(person, **options) for who, person in everybody.items()}
    people["stranger"] = town.stranger(**options)
    findings = [
        f"{path}: {finding}"
        for who, paths in PAGES.items()
        for path in paths
        for finding in _findings(people[who], path, rules)
    ]

    assert findings == []


def _findings(person: Person, path: str, rules: str) -> list[str]:
    person.go(path)
    person.page.wait_for_timeout(0)
    person.page.evaluate(rules + ";undefined")
    found = person.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]
