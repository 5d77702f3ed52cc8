"""Every action of the journal has words."""

import re
from pathlib import Path
from typing import get_args

import api
from api.permissions.errors import NotAllowed, Refused
from api.words.journal_words import ACTIONS, REFUSALS, VALUES
from archive.catalog.journal.entries import Action


def test_every_action_that_there_is_has_words_and_no_other_has() -> None:
    """A code on the auditor's page is jargon in any language."""
    assert set(ACTIONS) == set(get_args(Action))


def test_every_refusal_that_is_written_has_words() -> None:
    """Why somebody was refused is what an auditor looks for."""
    codes = {each.code for each in Refused.__subclasses__()}

    assert NotAllowed.code in codes
    assert codes == set(REFUSALS)


def test_whatever_was_asked_for_has_words() -> None:
    """What an entry calls `what` is said by use cases as they write it."""
    sources = [each.read_text() for each in Path(api.__path__[0]).rglob("*.py")]
    written = {what for each in sources for what in re.findall(r'"what": "([a-z ]+)"', each)}

    assert "days" in written
    assert written <= set(VALUES["what"])
