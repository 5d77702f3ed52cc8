"""The next question on the page: which field its answer fills, and what can be chosen at once.

Pure. Knows nothing of calls: a question is the same whoever the candidates are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.web.http.language import Reader
from api.web.pages.calls.clue_form import ClueForm
from api.words.question_words import question_told
from api.words.texts import said
from archive.locate.answer.question import Question

FILLS: Final[Mapping[Question, str]] = {
    Question.LAST_DIGITS: "number",
    Question.MONTH: "when",
    Question.WEEKDAY: "when",
    Question.HALF_DAY: "when",
    Question.DIRECTION: "direction",
    Question.SURNAME: "agent",
    Question.QUEUE: "queue",
    Question.TEAM: "team",
    Question.LENGTH: "length",
    Question.TRANSFERRED: "happened",
    Question.CUSTOMER: "customer",
    Question.ORDER: "gist",
}
# What there is to choose from, and as what it is typed; else as people call it.
CHOICES: Final[Mapping[Question, Mapping[str, str]]] = {
    Question.DIRECTION: {
        said("The caller called us"): "inbound",
        said("We called"): "outbound",
    },
    Question.HALF_DAY: {
        said("Before noon"): "00:00–12:00",
        said("After noon"): "12:00–24:00",
    },
    Question.TRANSFERRED: {said("Yes"): "transferred", said("No"): "not transferred"},
    Question.LENGTH: {
        said("Under a minute"): "",
        said("1 to 3 minutes"): "",
        said("3 to 10 minutes"): "",
        said("10 to 30 minutes"): "",
        said("Over 30 minutes"): "",
    },
    Question.MONTH: {
        said("In January"): "",
        said("In February"): "",
        said("In March"): "",
        said("In April"): "",
        said("In May"): "",
        said("In June"): "",
        said("In July"): "",
        said("In August"): "",
        said("In September"): "",
        said("In October"): "",
        said("In November"): "",
        said("In December"): "",
    },
    Question.WEEKDAY: {
        said("Monday"): "",
        said("Tuesday"): "",
        said("Wednesday"): "",
        said("Thursday"): "",
        said("Friday"): "",
        said("Saturday"): "",
        said("Sunday"): "",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NextQuestion:
    """As it is put; `answers` by their words where they lead, else what is typed goes to `field`.

    `carried` is all else that is asked, `unknown` where one goes on who does not know.
    """

    told: str
    field: str
    answers: Mapping[str, str]
    carried: tuple[tuple[str, str], ...]
    unknown: str


def next_question(question: Question, form: ClueForm, reader: Reader) -> NextQuestion:
    """What is to be asked next, so that it can be answered."""
    kind, after = FILLS[question], form.having_asked(question)
    choices = (
        (reader.words(reader.language, label), typed)
        for label, typed in CHOICES.get(question, {}).items()
    )
    return NextQuestion(
        told=question_told(question, reader.words, reader.language),
        field=kind,
        answers={
            label: after.with_value(kind, typed or label).address() for label, typed in choices
        },
        carried=after.pairs(),
        unknown=after.address(),
    )
