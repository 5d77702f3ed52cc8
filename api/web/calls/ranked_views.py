"""A ranking as it is answered: what was understood, the candidates, and what is counted of them.

Knows nothing of how it comes about. Words are in the language of who reads them.
"""

from collections.abc import Iterator, Sequence
from datetime import date, tzinfo
from typing import Literal, Self

from pydantic import BaseModel

from api.locate.question import Located, LocateQuery, Understood
from api.web.calls.candidate_views import CandidateView
from api.web.http.language import Reader
from api.words.locate_words import clue_told, note_told
from api.words.question_words import question_told, relaxations_told
from api.words.request_flaw_words import text_of
from archive.locate.answer.facets import Facet, Histogram
from archive.locate.answer.question import Question
from archive.locate.answer.relaxations import Relaxations
from archive.locate.ranking.ranked_calls import Chances


class UnderstoodView(BaseModel):
    """A clue, in words; `begin` and `end` in the text, both 0 of one in a field of its own."""

    kind: str
    begin: int
    end: int
    words: str
    certain: bool


class UnusedView(BaseModel):
    """A stretch of the text that nothing was made of."""

    begin: int
    end: int
    text: str


class NotUsedView(BaseModel):
    """A clue of the question, by its place among its `clues`, that nothing was made of, and why."""

    clue: int
    kind: str
    words: str


class ChancesView(BaseModel):
    """What became of the call that is meant; together 1."""

    recorded: float
    not_recorded: float
    destroyed: float
    never: float

    @classmethod
    def show(cls, chances: Chances) -> Self:
        """Them as they are."""
        return cls(
            recorded=chances.recorded,
            not_recorded=chances.not_recorded,
            destroyed=chances.destroyed,
            never=chances.never,
        )


class ValueCountView(BaseModel):
    """So many candidates have this value."""

    value: str
    count: int


class FacetView(BaseModel):
    """The most frequent values of a kind; how many have another one, of how many none is known."""

    kind: str
    values: list[ValueCountView]
    others: int
    unknown: int

    @classmethod
    def show(cls, facet: Facet) -> Self:
        """It as it is counted."""
        return cls(
            kind=facet.kind,
            values=[ValueCountView(value=value, count=count) for value, count in facet.values],
            others=facet.others,
            unknown=facet.unknown,
        )


class DayCountView(BaseModel):
    """So many candidates began on this day."""

    day: date
    count: int


class HistogramView(BaseModel):
    """Candidates by day, oldest first, none of 0; by weekday (Monday first) and hour of the day."""

    days: list[DayCountView]
    hours: list[list[int]]

    @classmethod
    def show(cls, histogram: Histogram) -> Self:
        """It in the zone of the answer."""
        return cls(
            days=[DayCountView(day=day, count=count) for day, count in histogram.days],
            hours=[list(each) for each in histogram.hours],
        )


class RelaxationView(BaseModel):
    """What helps where nothing fits all that is certain; `clues` are places in `understood`.

    `drop`: without this clue `count` calls fit, or (`is_cut`) more. `alone`: this clue fits no
    call, whatever else is asked. `excluding`: each of these two fits some call, both together none.
    """

    kind: Literal["drop", "alone", "excluding"]
    clues: list[int]
    count: int
    is_cut: bool = False
    words: str


class QuestionView(BaseModel):
    """A question that is worth asking, by its code (`asked` takes it) and in words."""

    code: Question
    words: str


class LostCountsView(BaseModel):
    """Calls without a recording that may be meant: the likeliest ten are on the first page.

    `is_cut`: older ones were not looked at.
    """

    total: int
    is_cut: bool


class CountsView(BaseModel):
    """What is counted of all `total` candidates; `is_cut`: others fit as well and were not.

    `has_less_likely`: behind the last page come calls that no page lists.
    """

    chances: ChancesView
    facets: list[FacetView]
    histogram: HistogramView
    total: int
    is_cut: bool
    has_less_likely: bool
    lost: LostCountsView


class ReadView(BaseModel):
    """What was understood of a question, and what was not used of it: of its text, of its clues."""

    understood: list[UnderstoodView]
    unused: list[UnusedView]
    not_used: list[NotUsedView]
    notes: list[str]


class RankedView(ReadView, CountsView):
    """Calls that may be meant, the likeliest first, and what is counted of all of them.

    `knows_agents`: there is a table of agents, by which names are compared. `next_cursor` is null
    where there is no other page.
    """

    candidates: list[CandidateView]
    relaxations: list[RelaxationView]
    question: QuestionView | None
    knows_agents: bool
    next_cursor: str | None

    @classmethod
    def show(cls, located: Located, query: LocateQuery, reader: Reader) -> Self:
        """An answer for its reader."""
        words, language, own = reader.words, reader.language, located.understood
        zone, counts, advice = query.zone, located.counts, located.advice
        understood = list(_understood(own, zone, reader))
        return cls(
            understood=understood,
            unused=[
                UnusedView(begin=begin, end=end, text=query.text[begin:end])
                for begin, end in own.unused
            ],
            not_used=list(_not_used(own, query, reader)),
            notes=[note_told(each, words, language) for each in own.notes],
            candidates=[
                CandidateView.show(each, located, zone, reader) for each in located.candidates
            ],
            chances=ChancesView.show(located.chances),
            facets=[FacetView.show(each) for each in counts.facets],
            histogram=HistogramView.show(counts.histogram),
            relaxations=list(_relaxations(advice.relaxations, understood, reader)),
            question=_question(advice.question, reader),
            total=counts.total,
            is_cut=counts.is_cut,
            has_less_likely=counts.has_less_likely,
            lost=LostCountsView(total=counts.lost.total, is_cut=counts.lost.is_cut),
            knows_agents=located.knows_agents,
            next_cursor=located.next_cursor or None,
        )


def _understood(own: Understood, zone: tzinfo, reader: Reader) -> Iterator[UnderstoodView]:
    for clue in own.clues:
        begin, end = clue.span
        words = clue_told(clue.value, zone, reader.words, reader.language)
        yield UnderstoodView(
            kind=clue.kind, begin=begin, end=end, words=words, certain=clue.certain
        )


def _not_used(own: Understood, query: LocateQuery, reader: Reader) -> Iterator[NotUsedView]:
    for place, refused in own.unread.items():
        words = reader.told(text_of(refused))
        yield NotUsedView(clue=place, kind=query.clues[place].kind, words=words)


def _relaxations(
    found: Relaxations, understood: Sequence[UnderstoodView], reader: Reader
) -> Iterator[RelaxationView]:
    """Each with its sentence, which come in the same order."""
    clues = [each.words for each in understood]
    sentences = iter(relaxations_told(found, clues, reader.words, reader.language))
    for place in found.alone:
        yield RelaxationView(kind="alone", clues=[place], count=0, words=next(sentences))
    for pair in found.excluding:
        yield RelaxationView(kind="excluding", clues=list(pair), count=0, words=next(sentences))
    for each in found.drops:
        yield RelaxationView(
            kind="drop",
            clues=[each.place],
            count=each.count,
            is_cut=each.is_cut,
            words=next(sentences),
        )


def _question(question: Question | None, reader: Reader) -> QuestionView | None:
    if question is None:
        return None
    words = question_told(question, reader.words, reader.language)
    return QuestionView(code=question, words=words)
