"""What is looked up for the clues of a question before calls are ranked by them.

Knows the index. Knows nothing of scores.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from api.locate.question import LocateQuery, Understood
from api.locate.sight import Sight
from archive.catalog.search.located_calls import StoredCalls
from archive.flaws import Flaw, PartRefused
from archive.ids import ConversationId
from archive.locate.answer.facts import ConversationFacts
from archive.locate.clues import BesideClue, Clue, CustomerClue, GistClue, IdClue, NotClue
from archive.locate.ranking.asked import Anchor, Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookups:
    """By the place of the clue; `others` are the calls that clues name, as they are stored."""

    found: Mapping[int, Found]
    anchors: Mapping[int, Anchor]
    others: Mapping[ConversationId, ConversationFacts]


def look_up(clues: Sequence[Clue], sight: Sight) -> Lookups:
    """All that the clues need."""
    found = dict(_found(clues, sight))
    beside = [
        (at, each.value) for at, each in enumerate(clues) if isinstance(each.value, BesideClue)
    ]
    others = {value.call: facts for _, value in beside if (facts := sight.facts(value.call))}
    anchors = {
        at: Anchor(start_us=others[value.call].begin_us, number=_number(others[value.call]))
        for at, value in beside
        if value.call in others and others[value.call].numbers
    }
    return Lookups(found=found, anchors=anchors, others=others)


def check_others(query: LocateQuery, understood: Understood, lookups: Lookups) -> None:
    """Raise `PartRefused` where a call that others are told by for certain tells nothing."""
    first = len(understood.clues) - len(understood.fields) - (query.window is not None)
    for at, clue in enumerate(understood.clues):
        if isinstance(clue.value, BesideClue) and clue.certain and at not in lookups.anchors:
            field = f"clues.{understood.fields[at - first]}.value"
            if clue.value.call in lookups.others:
                raise PartRefused(field, Flaw.NO_PARTY)
            raise PartRefused(field, Flaw.NO_CALL)


def _found(clues: Sequence[Clue], sight: Sight) -> Iterator[tuple[int, Found]]:
    texts = sight.texts
    for at, clue in enumerate(clues):
        match clue.value:
            case IdClue(text):
                yield at, texts.ids(text)
            case CustomerClue(names):
                yield at, texts.customers(names, certain=clue.certain)
            case GistClue(text):
                yield at, texts.gist(text)
            case NotClue(call) | BesideClue(call):
                yield at, _excluded(sight.stored(call))
            case _:
                continue


def _excluded(stored: StoredCalls | None) -> Found:
    """What has been looked at, or another call is told by, is not meant."""
    rows = sorted(stored.found) if stored else []
    starts = [stored.found[row].started_us for row in rows] if stored else []
    return Found(
        start_us=np.array(starts, np.int64),
        recordings=np.array(rows, np.int64),
        log_rates=np.full(len(rows), -np.inf),
        told=len(rows),
    )


def _number(facts: ConversationFacts) -> str:
    """Of the outside party, as it is dialled; "" where it is not known."""
    return min(facts.numbers, default="")[::-1]
