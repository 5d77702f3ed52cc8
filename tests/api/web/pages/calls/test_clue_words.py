"""Clues of a text in fields of their own: the field says what the text said."""

from datetime import datetime

import pytest

from api.web.pages.calls.clue_form import ClueForm
from api.web.pages.calls.clue_words import in_field
from archive.locate.clues import Clue
from archive.locate.request.fields import read_field
from archive.locate.request.known_names import known_names
from archive.locate.request.request import read_request, when_clue
from archive.locate.when.reader import read_when
from archive.locate.when.values import Calendar
from tests.archive.catalog.examples import TOKYO

NOW = datetime(2026, 11, 24, 12, tzinfo=TOKYO)
KNOWN = known_names(people=("田中 真由", "中田 恵"), queues=("解約",), teams=("一課",))
EVENING = "10月下旬の夕方、田中か中田、7788"
AROUND = "10月下旬、田中さん、夕方に解約の件、番号は下4桁7788"
ENGLISH = "late October, in the evening, a Ms Tanaka or Nakata, my number ends in 7788"
CALLED = "we called them back for about ten minutes"


def clues_of(text: str) -> tuple[Clue, ...]:
    return read_request(
        text, now=NOW, zone=TOKYO, calendar=Calendar(), country="JP", known=KNOWN
    ).clues


def moved(text: str, kind: str) -> ClueForm:
    """The clue of that kind is made certain."""
    clues = clues_of(text)
    place = next(at for at, each in enumerate(clues) if each.kind == kind)
    return in_field(ClueForm(text=text), clues, place, "certain")


def meant(kind: str, text: str) -> object:
    """What a field of that kind takes a text for."""
    if kind == "when":
        return when_clue(read_when(text, now=NOW, zone=TOKYO, calendar=Calendar()))
    if kind == "happened" and text.startswith("not "):
        return None
    return read_field(kind, text, country="JP", known=KNOWN)


@pytest.mark.parametrize("text", [EVENING, AROUND, ENGLISH, CALLED])
def test_a_field_says_what_the_text_said(text: str) -> None:
    """Making a clue certain changes nothing of what is meant by it."""
    for clue in clues_of(text):
        form = moved(text, clue.kind)
        (own,) = form.of(clue.kind)
        assert meant(clue.kind, own.text) == clue.value, (clue.kind, own.text)
        assert own.mark == "certain"


@pytest.mark.parametrize("text", [EVENING, AROUND, ENGLISH, CALLED])
def test_no_other_clue_is_lost(text: str) -> None:
    """What stays in the text and what went along says the rest."""
    for clue in clues_of(text):
        form = moved(text, clue.kind)
        left = {each.kind for each in clues_of(form.text)} | {each.kind for each in form.values}
        assert left == {each.kind for each in clues_of(text)}, clue.kind


def test_what_is_left_of_the_text_reads_as_it_did() -> None:
    """No hole, no commas around nothing."""
    assert moved(EVENING, "agent").text == "10月下旬の夕方、7788"
    assert moved(EVENING, "when").text == "田中か中田、7788"
    assert moved(AROUND, "when").of("when")[0].text == "10月下旬、夕方"
