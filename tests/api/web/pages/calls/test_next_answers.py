"""The next question on the page: each can be answered, and what is chosen is understood."""

from datetime import datetime
from urllib.parse import urlsplit

import pytest

from api.web.http.language import LANGUAGES, Reader
from api.web.pages.calls.clue_form import ClueForm
from api.web.pages.calls.next_answers import CHOICES, next_question
from api.web.pages.forms import Form
from archive.locate.answer.question import Question
from archive.locate.clues import LengthClue, WhenClue
from archive.locate.request.fields import read_field
from archive.locate.request.known_names import KnownNames
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
def test_a_month_is_the_last_one_of_that_name(language: str) -> None:
    """In the language of who chooses it."""
    put = next_question(Question.MONTH, ASKED, Reader(language, words_in))
    months = []
    for address in put.answers.values():
        (typed,) = form_at(address).of("when")
        clue = when_clue(read_when(typed.text, now=NOW, zone=TOKYO, calendar=Calendar()))
        assert isinstance(clue, WhenClue)
        ((span,),) = (each.days for each in clue.alternatives)
        assert span.first.day == 1
        months.append((span.first.year, span.first.month))

    assert months == [*((2026, each) for each in range(1, 12)), (2025, 12)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_length_is_one_of_five_that_meet(language: str) -> None:
    """None is missing between them, whatever the language."""
    put = next_question(Question.LENGTH, ASKED, Reader(language, words_in))
    ends = []
    for address in put.answers.values():
        (typed,) = form_at(address).of("length")
        clue = read_field("length", typed.text, country="JP", known=KnownNames())
        assert isinstance(clue, LengthClue)
        ends.append((clue.min_ms // 60_000, clue.max_ms // 60_000))

    assert ends == [(0, 1), (1, 3), (3, 10), (10, 30), (30, 1440)]


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
