"""The committed tables of rooms are those of the docstrings."""

from bench.rooms import page
from tests import ROOT

DOCUMENT = (ROOT / "docs/architecture.md").read_text("utf-8")


def test_the_committed_tables_of_rooms_are_current() -> None:
    """`python -m bench.rooms docs` writes them anew."""
    assert page(DOCUMENT) == DOCUMENT
    assert page(DOCUMENT.replace("| `capture/sip/` |", "| `capture/sap/` |")) == DOCUMENT
