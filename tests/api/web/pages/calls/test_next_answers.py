"""The next question on the page: each can be answered, and what is chosen is understood."""

from datetime import datetime
from urllib.parse import urlsplit

import pytest

from api.web.http.language import LANGUAGES, Reader
from api.web.pages.calls.clue_form import ClueForm
from api.web.pages.calls.next_answers import CHOICES, next_question
from api.web.pages.forms import Form
from archive.locate.answer.question import Question
from archive.locate.clues import WhenClue
from archive.locate.request.request import when_clue
from archive.locate.when.reader import read_when
from archive.locate.when.values import Calendar
from rokuon.messages.i18n import words_in
from tests.archive.catalog.examples import TOKYO

NOW = datetime(2026, 11, 24, 12, tzinfo=TOKYO)
ASKED = ClueForm(text="夕方")


def form_at(address: str) -> ClueForm:
    return ClueForm.read(Form.parse(urlsplit(address).query))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", Question)
def test_every_question_can_be_answered_or_not_known(question: Question, language: str) -> None:
    """What was asked already stays, and the question is not asked again."""
    put = next_question(question, ASKED, Reader(language, words_in))

    assert put.told
    for address in (*put.answers.values(), put.unknown):
        form = form_at(address)
        assert (form.text, form.asked) == ("夕方", (question,))
    assert form_at(put.unknown).values == ()
    assert all(form_at(each).of(put.field) for each in put.answers.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_of_the_week_or_a_half_of_the_day_is_read_as_that(language: str) -> None:
    """In the language of who chooses it: the field reads what the button says."""
    for question in (Question.WEEKDAY, Question.HALF_DAY):
        put = next_question(question, ASKED, Reader(language, words_in))
        read = []
        for address in put.answers.values():
            (typed,) = form_at(address).of("when")
            clue = when_clue(read_when(typed.text, now=NOW, zone=TOKYO, calendar=Calendar()))
            assert isinstance(clue, WhenClue)
            (alternative,) = clue.alternatives
            read.append((sorted(alternative.weekdays), alternative.clocks))
        assert len(read) == len(CHOICES[question])
        if question is Question.WEEKDAY:
            assert [days for days, _ in read] == [[each] for each in range(7)]
        else:
            assert [clocks[0].begin_s for _, clocks in read] == [0, 43_200]
