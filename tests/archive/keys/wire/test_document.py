"""The page of the key daemon's questions is what their classes say."""

import sys
from pathlib import Path

import pytest

from archive.keys.wire.document import PAGE, main, page
from archive.keys.wire.protocol import QUESTIONS
from tests import ROOT


def test_the_committed_page_is_current() -> None:
    """`python -m archive.keys.wire.document docs` writes it anew."""
    assert (ROOT / "docs" / PAGE).read_text("utf-8") == page()


def test_every_question_has_a_row() -> None:
    """In the order of the classes, by the word that travels."""
    rows = [line.split("`")[1] for line in page().splitlines() if line.startswith("| `")]

    assert rows == [kind.__struct_config__.tag for kind in QUESTIONS]


def test_the_command_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that the page names."""
    monkeypatch.setattr(sys, "argv", ["document", str(tmp_path)])

    assert main() == 0
    assert (tmp_path / PAGE).read_text("utf-8") == page()
