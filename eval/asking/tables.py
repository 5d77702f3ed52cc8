"""The tables of a measurement: places of the call, what became of it, one more question.

Of outcomes alone. Places are of requests for a recorded call; causes of all.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from eval.asking.bodies import WAYS, Way
from eval.asking.judged import CAUSES, Afterwards, Outcome
from eval.oracle.table import beside, inverse
from eval.world.world import Fate

PLACES: Final = (
    "set", "as", "requests", "P@1", "R@5", "R@10", "MRR", "oracle: P@1", "R@5", "R@10", "MRR",
    "exact: P@1", "R@10", "MRR", "of the oracle's: R@10 (95 %)", "MRR (95 %)", "p50 / p99 ms",
)  # fmt: skip
OF_CAUSES: Final = (
    "the call was", "as", "requests", "said so", "oracle", "exact", "of the oracle's (95 %)",
)  # fmt: skip
QUESTION: Final = (
    "set", "as", "requests", "asked", "answered", "MRR before", "MRR after", "oracle",
    "of the oracle's (95 %)", "asked most",
)  # fmt: skip
_MOST_ASKED: Final = 3

Row = list[str]
Outcomes = Sequence[Outcome]


def places_row(name: str, way: Way, outcomes: Outcomes) -> Row:
    """How well the calls of a set are found, asked one way."""
    kept = [each for each in outcomes if each.fate == Fate.RECORDED]
    own, best, exact = (
        [getattr(each, who).place for each in kept] for who in ("own", "best", "exact")
    )
    return [
        name,
        way,
        f"{len(outcomes)}",
        *_figures(own, (1, 5, 10)),
        *_figures(best, (1, 5, 10)),
        *_figures(exact, (1, 10)),
        beside(_within(own, 10), _within(best, 10)),
        beside(inverse(own), inverse(best)),
        _waited(outcomes),
    ]


def _figures(ranks: Sequence[int], within: Sequence[int]) -> Iterator[str]:
    for each in within:
        yield f"{np.mean(_within(ranks, each)):.3f}"
    yield f"{np.mean(inverse(ranks)):.3f}"


def _within(ranks: Sequence[int], most: int) -> list[bool]:
    return [0 < rank <= most for rank in ranks]


def _waited(outcomes: Outcomes) -> str:
    p50, p99 = np.quantile([each.answer.took_ms for each in outcomes], (0.5, 0.99))
    return f"{p50:.0f} / {p99:.0f}"


def cause_rows(told: Sequence[tuple[Way, Outcome]]) -> Iterator[Row]:
    """Of each fate, and of all: how often it is said; always "recorded" is right of one in four."""
    for cause, fate in CAUSES.items():
        for way in WAYS:
            yield _cause_row(cause, way, [e for own, e in told if own == way and e.fate == fate])
    for way in WAYS:
        yield _cause_row("any", way, [each for own, each in told if own == way])


def _cause_row(cause: str, way: Way, outcomes: Outcomes) -> Row:
    if not outcomes:
        return [cause, way, "0", *["–"] * (len(OF_CAUSES) - 3)]
    right = {
        who: [getattr(each, who).cause == each.fate for each in outcomes]
        for who in ("own", "best", "exact")
    }
    shares = (f"{np.mean(each):.3f}" for each in right.values())
    return [cause, way, f"{len(outcomes)}", *shares, beside(right["own"], right["best"])]


def question_row(name: str, way: Way, outcomes: Outcomes) -> Row:
    """How much one more question helps, those included in which there is none."""
    followed = [(each, each.after) for each in outcomes if each.after is not None]
    if not followed:
        return [name, way, "0", *["–"] * (len(QUESTION) - 3)]
    after = [each for _, each in followed]
    own, best = (inverse([getattr(each, who) for each in after]) for who in ("place", "best_place"))
    before = inverse([each.own.place for each, _ in followed])
    return [
        name,
        way,
        f"{len(after)}",
        f"{sum(bool(each.question) for each in after)}",
        f"{sum(each.answer is not None for each in after)}",
        *(f"{np.mean(each):.3f}" for each in (before, own, best)),
        beside(own, best),
        _most_asked(after),
    ]


def _most_asked(after: Sequence[Afterwards]) -> str:
    asked = Counter(each.question for each in after if each.question)
    return ", ".join(f"{question} {count}" for question, count in asked.most_common(_MOST_ASKED))


def sure_line(outcomes: Outcomes) -> str:
    """How many calls were said to be confirmed, and how many of these are others."""
    confirmed, calls, persons = (
        sum(getattr(each.sure, name) for each in outcomes)
        for name in ("confirmed", "other_calls", "other_persons")
    )
    return (
        f"{len(outcomes)} answers, {confirmed} confirmed: {calls} of them another call, "
        f"{persons} another person's"
    )
