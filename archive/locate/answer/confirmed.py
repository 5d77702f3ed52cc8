"""The test by which a candidate is the call that is meant, and not another person's.

Pure. Two things that only who was in the call knows, none against it, and no other that fits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from archive.locate.answer.verdict import Outcome, Verdict
from archive.locate.clues import Clue, DeniedClue, GistClue, NumberClue
from archive.locate.gist import is_reference
from archive.locate.numbers import Form

_TWO: Final = 2
_MIN_DIGITS: Final = 4
# "No such call" and what is not kept count among the others: one in a thousand may be another's.
MIN_CHANCE: Final = 0.999
# Another conversation is twenty times less likely at least, whatever the rest.
MIN_GAP: Final = 3.0
# What each kind of clue counts as; who was spoken with is one thing, time is none.
_COUNTS: Final = {
    "number": "number",
    "customer": "customer",
    "id": "reference",
    "agent": "agent",
    "extension": "agent",
    "queue": "agent",
    "gist": "gist",
}
# One of these that does not fit is somebody else's.
_OF_THE_PERSON: Final = ("number", "customer", "reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A candidate beside the others: its chance, and its score above the next one's."""

    chance: float
    gap: float


def is_confirmed(clues: Sequence[Clue], found: Sequence[Verdict], standing: Standing) -> bool:
    """Two things or more are right, nothing of the person is wrong, and no other fits."""
    if standing.chance < MIN_CHANCE or standing.gap < MIN_GAP:
        return False
    if of_another(clues, found):
        return False
    told = [(_counted(clue), clue, each) for clue, each in zip(clues, found, strict=True)]
    right = {
        what for what, clue, each in told if what and each.outcome is Outcome.MATCH and _tells(clue)
    }
    return len(right) >= _TWO


def of_another(clues: Sequence[Clue], found: Sequence[Verdict]) -> tuple[int, ...]:
    """The places of the clues by which it is another person's call."""
    return tuple(
        place
        for place, (clue, each) in enumerate(zip(clues, found, strict=True))
        if each.outcome is Outcome.CONFLICT and _counted(clue) in _OF_THE_PERSON
    )


def _counted(clue: Clue) -> str:
    if isinstance(clue.value, GistClue) and is_reference(clue.value.text):
        return "reference"
    return _COUNTS.get(clue.kind, "")


def _tells(clue: Clue) -> bool:
    """Of a number four digits; the first ones are those of a network or a town.

    That it is another than one that is named says of nobody who it is.
    """
    if isinstance(clue.value, DeniedClue):
        return False
    if not isinstance(clue.value, NumberClue):
        return True
    number = clue.value.number
    match number.form:
        case Form.WHOLE | Form.LAST:
            return len(number.digits) >= _MIN_DIGITS
        case _:
            return number.form is Form.FIRST and len(number.ending) >= _MIN_DIGITS
