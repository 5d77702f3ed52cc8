"""What a product finds, beside what can be known: of each request and way the places of the call.

A call that is said to be confirmed and is another one, or another person's, is counted.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from eval.asking.bodies import WAYS, Way, asked_again, body_of
from eval.asking.product import Answer, Product
from eval.loading.adoptions import recording_of
from eval.memory.answers import Questions
from eval.memory.clue import Clue
from eval.oracle.filters import Filters
from eval.oracle.oracle import Oracle, Posterior
from eval.oracle.table import cause_of, place_of_call, rank_of
from eval.phrases.wording import Wording
from eval.requests.drawn import NEVER, Memory, Request
from eval.world.world import Fate, World

CAUSES: Final = {
    "never": NEVER,
    "recorded": int(Fate.RECORDED),
    "not_recorded": int(Fate.NOT_RECORDED),
    "destroyed": int(Fate.DESTROYED),
}
_US: Final = 1_000_000
# Every other pair of requests, one in each language, is asked the next question.
_PAIRS: Final = 4


@dataclass(frozen=True, slots=True)
class Said:
    """The place of the call that is meant, 0 where it is not found; what became of it."""

    place: int
    cause: int


@dataclass(frozen=True, slots=True)
class Sure:
    """So many calls are said to be confirmed; of them another one, another person's."""

    confirmed: int
    other_calls: int
    other_persons: int


@dataclass(frozen=True, slots=True)
class Afterwards:
    """Places behind one more question, which is "" where none was asked, and its answer."""

    question: str
    answer: Clue | None
    place: int
    best_place: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of a request asked one way: what the product said, the oracle, exact filters."""

    request: Request
    answer: Answer
    fate: int
    own: Said
    best: Said
    exact: Said
    sure: Sure
    after: Afterwards | None = None


class Judge:
    """Asks for requests of one memory, and compares with what it knows."""

    def __init__(self, memory: Memory, product: Product, templates: Wording) -> None:
        self._world, self._oracle, self._filters = memory.world, Oracle(memory), Filters(memory)
        self._questions = Questions(memory.world, memory.prior)
        self._product, self._templates = product, templates
        self._persons = Persons(memory.world)

    def judge(self, requests: Sequence[Request]) -> Iterator[tuple[Way, Outcome]]:
        """Each both ways; the oracle needs no words."""
        for at, request in enumerate(requests):
            posterior = self._oracle.posterior(request)
            known = self._known(request, posterior)
            for way in WAYS:
                body = body_of(request, way, self._templates, seed=at)
                one = known(self._product.ask(body))
                if one.fate == Fate.RECORDED and at % _PAIRS < _PAIRS // 2:
                    dice = np.random.default_rng([at, request.meant])
                    one = replace(one, after=self._after(one, posterior, dice))
                yield way, one

    def _known(self, request: Request, posterior: Posterior) -> Callable[[Answer], Outcome]:
        """What does not depend on the answer is worked out once."""
        meant, world = request.meant, self._world
        fate = NEVER if meant == NEVER else int(world.fate[meant])
        is_kept = fate == Fate.RECORDED
        found = self._filters.find(request)
        best = Said(rank_of(posterior, meant) if is_kept else 0, cause_of(posterior, world))
        exact = Said(place_of_call(found, meant) if is_kept else 0, found.cause)
        own = recordings_of(world, meant)
        return lambda answer: Outcome(
            request=request,
            answer=answer,
            fate=fate,
            own=Said(place_of(answer, own), CAUSES[answer.cause]),
            best=best,
            exact=exact,
            sure=self._persons.sure(answer, meant),
        )

    def _after(self, one: Outcome, posterior: Posterior, dice: np.random.Generator) -> Afterwards:
        """Who asks and who knows all are told the same; nothing where it is not known."""
        question, language, meant = one.answer.question, one.request.language, one.request.meant
        own, best = one.own.place, one.best.place
        if not question:
            return Afterwards(question, None, own, best)
        answers = self._questions.answers(question, language)
        told = answers.tell(meant, dice)
        if told is not None:
            body = asked_again(one.answer.asked, question, told, language)
            own = place_of(self._product.ask(body), recordings_of(self._world, meant))
            calls = posterior.calls * answers.likelihood(told)
            best = rank_of(replace(posterior, calls=calls), meant)
        return Afterwards(question, told, own, best)


class Persons:
    """Whose call each recording of a world is."""

    def __init__(self, world: World) -> None:
        self._world = world

    def sure(self, answer: Answer, meant: int) -> Sure:
        """What is said to be confirmed, where that call was meant."""
        own = recordings_of(self._world, meant)
        found = [each.recordings for each in answer.candidates if each.confirmed]
        others = [each for each in found if own.isdisjoint(each)]
        return Sure(
            confirmed=len(found),
            other_calls=len(others),
            other_persons=sum(self._is_others(each, meant) for each in others),
        )

    def _is_others(self, recordings: frozenset[str], meant: int) -> bool:
        """Whether it is the call of somebody else than who called, or nobody did."""
        if meant == NEVER:
            return True
        customers = {int(self._world.customer[self._call_of[each]]) for each in recordings}
        return customers != {int(self._world.customer[meant])}

    @cached_property
    def _call_of(self) -> Mapping[str, int]:
        recorded = np.flatnonzero(self._world.fate == Fate.RECORDED).tolist()
        return {own: call for call in recorded for own in recordings_of(self._world, call)}


def recordings_of(world: World, meant: int) -> frozenset[str]:
    """The ids of the recordings of a call, none of one that never was."""
    if meant == NEVER:
        return frozenset()
    begin_us, length_us = world.begins_us(meant), int(world.length_s[meant]) * _US
    legs = 1 + int(world.persona2[meant] >= 0)
    begins = (begin_us + leg * length_us // legs for leg in range(legs))
    return frozenset(str(recording_of(meant, leg, at_us)) for leg, at_us in enumerate(begins))


def place_of(answer: Answer, own: frozenset[str]) -> int:
    """At which place the call is, 0: not on the page."""
    places = (
        at for at, each in enumerate(answer.candidates, 1) if not own.isdisjoint(each.recordings)
    )
    return next(places, 0)
