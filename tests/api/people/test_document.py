"""The page of roles is that of the table."""

import sys
from pathlib import Path

import pytest

from api.people.document import PAGE, main, page
from api.permissions.roles import VERBS, Role
from api.permissions.verbs import Verb
from tests import ROOT

DOCS = ROOT / "docs"


def test_the_committed_page_is_current() -> None:
    """`python -m api.people.document docs` writes it anew."""
    assert (DOCS / PAGE).read_text("utf-8") == page()


def test_every_role_and_every_verb_is_told() -> None:
    """And each tick is one of the table."""
    rows = {line.split("`")[1]: line for line in page().splitlines() if line.startswith("| `")}

    for verb in Verb:
        cells = [cell.strip() for cell in rows[verb].split("|")[3:-1]]
        assert [cell == "✓" for cell in cells] == [verb in VERBS[role] for role in Role]


def test_the_command_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that the page names."""
    monkeypatch.setattr(sys, "argv", ["document", str(tmp_path)])

    assert main() == 0
    assert (tmp_path / PAGE).read_text("utf-8") == page()
