"""The words of legal holds."""

from typing import get_args

from archive.legal_holds import Because, Found, State
from rokuon.cli.hold_words import hold_labels, hold_words


def test_every_code_has_its_word() -> None:
    """One that is added is red here until it has."""
    words = hold_words()

    assert set(words["hold_state"]) == set(get_args(State))
    assert set(words["held_state"]) == set(get_args(Found))
    assert set(words["held_because"]) == set(get_args(Because))
    assert all(hold_labels().values())
