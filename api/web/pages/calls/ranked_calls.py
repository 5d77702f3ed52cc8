"""What is shown of ranked calls: each with its chance and verdicts, and where all of them lie.

Knows nothing of how they are ranked, nor of how a page looks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.calls.call_summaries import CallLine
from api.locate.question import Located, LocatedCall
from api.web.http.language import Reader
from api.web.http.models import FoundView, RecordingView
from api.web.pages.calls.candidate_charts import day_bars, heat_cells
from api.web.pages.calls.clue_form import NOT, ClueForm
from api.web.pages.calls.next_answers import next_question
from api.web.pages.calls.understood import Echo
from api.words.likelihood_words import cause_told, chance_told, score_told
from api.words.question_words import relaxations_told
from api.words.tombstone_words import lost_told
from api.words.verdict_words import reason_told
from archive.catalog.search.days import DayBar
from archive.locate.answer.confirmed import of_another
from archive.locate.answer.facets import Facet
from archive.locate.clues import NotClue

# What is less likely is shown when it is asked for; where all are, all are shown.
UNLIKELY: Final = 0.01
_DIRECTIONS: Final = ("inbound", "outbound")
_NARROW: Final = ("agent", "team", "queue")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictLine:
    """Of one clue, in words: the clue, how it fits, why."""

    clue: str
    outcome: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateView:
    """One that may be meant; `line` where it is recorded.

    `against` are the clues by which it is another person's, in words.
    `leads` to a search without this one, and to what the same party had `before` and `after` it.
    """

    found: LocatedCall
    line: CallLine | None
    chance: str
    score: str
    verdicts: tuple[VerdictLine, ...]
    against: tuple[str, ...] = ()
    leads: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """How many candidates have a value, and where only those are; "" where nothing narrows so."""

    value: str
    count: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaxedClue:
    """Where one goes on without a clue, and what that gives."""

    told: str
    address: str


def ranked_values(
    located: Located, asked: tuple[ClueForm, Echo], zone: ZoneInfo, reader: Reader
) -> dict[str, Any]:
    """All that the template is filled with."""
    form, echo = asked
    drawn = located.counts.histogram
    bars, cells = day_bars(drawn.days), heat_cells(drawn.hours)
    chances = {
        name: getattr(located.chances, name)
        for name in ("recorded", "not_recorded", "destroyed", "never")
    }
    cause = cause_told(chances)
    following = ""
    if located.next_cursor:
        shown = form.shown + len(located.candidates)
        following = form.at(located.next_cursor, shown).address()
    candidates = tuple(
        _candidate(each, (located, zone), asked, reader) for each in located.candidates
    )
    likely = 0 if form.cursor else _likely(located)
    question = located.advice.question
    return {
        "located": located,
        "candidates": candidates[:likely] if likely else candidates,
        "unlikely": candidates[likely:] if likely else (),
        "chances": {name: reader.told(chance_told(each)) for name, each in chances.items()},
        "cause": "" if cause is None else reader.told(cause),
        "facets": tuple((each, tuple(_values(each, form))) for each in located.counts.facets),
        "bars": bars,
        "highest": max((each.count or 0 for each in bars), default=0),
        "address_of_day": {each: _day(each, form) for each in bars},
        "cells": cells,
        "lost": _lost(located, reader),
        "relaxed": tuple(_relaxed(located, form, echo, reader)),
        "question": None if question is None else next_question(question, form, reader),
        "following": following,
    }


def _lost(located: Located, reader: Reader) -> str:
    """How many calls without a recording are not shown of which some are; "" where all are."""
    shown = sum(not each.calls for each in located.candidates)
    told = lost_told(located.counts.lost.total, shown, is_cut=located.counts.lost.is_cut)
    return "" if told is None else reader.told(told)


def _likely(located: Located) -> int:
    """How many come before those that are hardly meant."""
    chances = [each.chance for each in located.candidates]
    return next((at for at, chance in enumerate(chances) if chance < UNLIKELY), len(chances))


def _candidate(
    found: LocatedCall,
    among: tuple[Located, ZoneInfo],
    asked: tuple[ClueForm, Echo],
    reader: Reader,
) -> CandidateView:
    (form, echo), clues = asked, among[0].understood.clues
    verdicts = (
        VerdictLine(
            clue=clue,
            outcome=each.outcome.value,
            told=reason_told(each, reader.words, reader.language),
        )
        for own, clue, each in zip(clues, echo.clues, found.verdicts, strict=False)
        if not isinstance(own.value, NotClue)  # all others are another call
    )
    line = CallLine(tuple(_recordings(found, *among))) if found.calls else None
    return CandidateView(
        found=found,
        line=line,
        chance=reader.told(chance_told(found.chance)),
        score=reader.told(score_told(found.score)) if found.calls else "",
        verdicts=tuple(verdicts),
        against=tuple(echo.clues[place] for place in of_another(clues, found.verdicts)),
        leads=_leads(str(found.recorded.conversation), form) if found.recorded else {},
    )


def _leads(call: str, form: ClueForm) -> Mapping[str, str]:
    return {
        "without": form.with_value(NOT, call).address(),
        **{side: form.beside(call, side).address() for side in ("before", "after")},
    }


def _recordings(found: LocatedCall, located: Located, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    for each in found.calls:
        shown = dict(RecordingView.show(each, zone))
        view = FoundView(**shown, limit=located.limits.get(each.recording))
        yield view.model_dump(mode="json")


def _values(facet: Facet, form: ClueForm) -> Iterator[FacetValue]:
    for value, count in facet.values:
        can = facet.kind in _NARROW or (facet.kind == "direction" and value in _DIRECTIONS)
        address = form.with_only(facet.kind, value).address() if can else ""
        yield FacetValue(value=value, count=count, address=address)


def _day(bar: DayBar, form: ClueForm) -> str:
    days = dict.fromkeys((bar.first.isoformat(), bar.last.isoformat()))
    return form.with_only("when", "–".join(days)).address()


def _relaxed(located: Located, form: ClueForm, echo: Echo, reader: Reader) -> Iterator[RelaxedClue]:
    """What excludes what, and what may be dropped: only that leads on."""
    own = located.advice.relaxations
    told = relaxations_told(own, echo.clues, reader.words, reader.language)
    first = len(told) - len(own.drops)
    for place, each in enumerate(told):
        key = echo.keys.get(own.drops[place - first].place, "") if place >= first else ""
        yield RelaxedClue(told=each, address=form.marked(key, "aside").address() if key else "")
