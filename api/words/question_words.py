"""The next question as it is put, and what helps where nothing fits what is certain.

Pure. A question is the same whoever the candidates are; nothing of any call is in it.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from api.words.texts import Words, said
from archive.locate.answer.question import Question
from archive.locate.answer.relaxations import Relaxation, Relaxations

QUESTIONS: Final[Mapping[Question, str]] = {
    Question.LAST_DIGITS: said("What are the last four digits of the number you called from?"),
    Question.MONTH: said("In which month was it?"),
    Question.WEEKDAY: said("On which day of the week was it?"),
    Question.HALF_DAY: said("Was it before or after noon?"),
    Question.DIRECTION: said("Did you call us, or did we call you?"),
    Question.SURNAME: said("What was the surname of the person you spoke with?"),
    Question.QUEUE: said("Which desk did you speak with?"),
    Question.TEAM: said("Of which team was the person you spoke with?"),
    Question.LENGTH: said("About how long did you speak?"),
    Question.TRANSFERRED: said("Were you put through to somebody else?"),
    Question.CUSTOMER: said("In whose name was the call?"),
    Question.ORDER: said("Do you have an order or reference number?"),
}
_ONE: Final = said("without “{clue}”: 1 call")
_SEVERAL: Final = said("without “{clue}”: {count} calls")
_OR_MORE: Final = said("without “{clue}”: {count} calls or more")
_ALONE: Final = said("no call fits “{clue}”, whatever else is asked")
_EXCLUDING: Final = said("no call fits both “{clue}” and “{other}”")


def question_told(question: Question, words: Words, language: str) -> str:
    """As it is read to who asks."""
    return words(language, QUESTIONS[question])


def relaxations_told(
    found: Relaxations, clues: Sequence[str], words: Words, language: str
) -> tuple[str, ...]:
    """Sentences; `clues` are all of the request in words, by their places."""
    excluding = (
        words(language, _EXCLUDING).format(clue=clues[one], other=clues[other])
        for one, other in found.excluding
    )
    alone = (words(language, _ALONE).format(clue=clues[each]) for each in found.alone)
    drops = (_drop(each, clues, words, language) for each in found.drops)
    return (*alone, *excluding, *drops)


def _drop(own: Relaxation, clues: Sequence[str], words: Words, language: str) -> str:
    told = _OR_MORE if own.is_cut else _ONE if own.count == 1 else _SEVERAL
    return words(language, told).format(clue=clues[own.place], count=f"{own.count:,}")
