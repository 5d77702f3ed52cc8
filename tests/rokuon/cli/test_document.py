"""The committed table of commands is that of the commands."""

from rokuon.cli.document import page
from tests.support.cli.app import DOCUMENT


def test_the_committed_table_of_commands_is_current() -> None:
    """`python -m rokuon.cli.document docs` writes it anew."""
    assert page(DOCUMENT) == DOCUMENT
    assert page(DOCUMENT.replace("| `rokuon drain` |", "| `rokuon leak` |")) == DOCUMENT
