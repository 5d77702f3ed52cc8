"""Where a request was read otherwise than it was told: kinds of clue that are missing or too many.

By the echo of an answer alone. What is read of the right kind may have another value.
"""

from collections.abc import Iterator
from typing import Final

from eval.asking.judged import Outcome
from eval.memory.clue import Clue

AS_TOLD: Final = "as told"
_SORTS: Final = {
    "date": "when",
    "clock": "when",
    "event": "happened",
    "agent.heard": "agent",
    "agent.either": "agent",
    "agent.team": "team",
    "agent.extension": "extension",
    "number.dialled": "dialled",
    "gist": "gist",
}
# What is not used and what was refused are no clues.
_NONE: Final = ("not used", "refused")
# An order number is either.
_SAME: Final = {"id": "gist"}


def misreadings(one: Outcome) -> Iterator[str]:
    """Each kind that is missing or too many, else `AS_TOLD`."""
    told = {_sort(each) for _, each in one.request.clues}
    kinds = (each.partition(": ")[0] for each in one.answer.understood)
    read = {_SAME.get(kind, kind) for kind in kinds if kind not in _NONE}
    if told == read:
        yield AS_TOLD
    yield from (f"without {kind}" for kind in sorted(told - read))
    yield from (f"beside it {kind}" for kind in sorted(read - told))


def _sort(told: Clue) -> str:
    sort = told.kind.partition(".")[0]
    return _SORTS.get(told.kind, _SORTS.get(sort, sort))
