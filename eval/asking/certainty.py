"""Calls said to be confirmed, many of them: how many are another's.

Only of requests that tell enough of a person to be confirmed at all: nothing else is left out, so
that among the answers are all that are confirmed and should not be.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final

from eval.asking.bodies import WAYS, body_of
from eval.asking.judged import Persons
from eval.asking.product import Product
from eval.memory.clue import Clue
from eval.phrases.wording import Wording
from eval.requests.drawn import Memory, Request

NAME: Final = "to be confirmed"
_SET: Final = {
    "date": 1.0, "clock": 0.8, "agent": 0.8, "number": 0.9, "gist": 0.8, "customer": 0.5,
    "queue": 0.3,
}  # fmt: skip
# Only the first of a page can be confirmed.
_PAGE: Final = 3
_BATCH: Final = 1_000
_FOUR_DIGITS: Final = 4
_TWO: Final = 2
# A clerk asks in one way; languages go by turns.
_TURN: Final = 2


@dataclass(slots=True)
class Certainty:
    """So far; `wrong` are the requests for which another person's call was confirmed."""

    answers: int = 0
    confirmed: int = 0
    other_calls: int = 0
    other_persons: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.answers} answers, {self.confirmed} confirmed: {self.other_calls} of them "
            f"another call, {self.other_persons} another person's"
        )


def ask_until_confirmed(
    memory: Memory, product: Product, templates: Wording, wanted: int, seed: int
) -> Iterator[Certainty]:
    """Ask until so many are confirmed; the same sum behind each answer."""
    own = Memory(memory.world, replace(memory.model, sets={NAME: _SET}))
    persons, found = Persons(memory.world), Certainty()
    for at, request in enumerate(_requests(own, seed)):
        body = body_of(request, WAYS[at // _TURN % len(WAYS)], templates, seed=at)
        answer = product.ask({**body, "limit": _PAGE})
        sure = persons.sure(answer, request.meant)
        found.answers += 1
        found.confirmed += sure.confirmed
        found.other_calls += sure.other_calls
        found.other_persons += sure.other_persons
        if sure.other_persons:
            found.wrong.append(_told(request, answer.understood))
        yield found
        if found.confirmed >= wanted:
            return


def _requests(memory: Memory, seed: int) -> Iterator[Request]:
    for batch in count(seed):
        able = (each for each in memory.requests(NAME, _BATCH, batch) if can_be_confirmed(each))
        yield from able


def can_be_confirmed(request: Request) -> bool:
    """Two of number, customer, what it was about, agent with queue (`docs/locate.md`)."""
    return len({told for _, each in request.clues if (told := _of_person(each))}) >= _TWO


def _of_person(told: Clue) -> str:
    slots = dict(told.slots)
    match told.kind.partition("."):
        case ("number", _, "whole"):
            return "number"
        case ("number", _, "last"):
            return "number" if len(str(slots["last"])) >= _FOUR_DIGITS else ""
        case ("agent", _, kind):
            return "agent" if kind != "team" else ""
        case ("gist" | "customer" as sort, _, _):
            return sort
        case ("queue", _, _):
            return "agent"
    return ""


def _told(request: Request, understood: tuple[str, ...]) -> str:
    clues = [each.as_json() for _, each in request.clues]
    line = {"meant": request.meant, "clues": clues, "understood": understood}
    return json.dumps(line, ensure_ascii=False)
