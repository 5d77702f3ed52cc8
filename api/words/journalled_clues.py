"""What the journal keeps of a clue of a ranked search: no more than it keeps of an exact one.

Pure. The first word says what it is (`api.words.clue_words.LEADING`); a text leaves nothing of it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from api.words.clue_words import shortened_id
from api.words.locate_words import happening
from archive.call.numbers import LAST_DIGITS
from archive.locate.clues import (
    AgentClue,
    BesideClue,
    Clue,
    CustomerClue,
    DeniedClue,
    DialledClue,
    DirectionClue,
    ExtensionClue,
    GistClue,
    HappenedClue,
    IdClue,
    LengthClue,
    NotClue,
    NumberClue,
    QueueClue,
    TeamClue,
    WhenClue,
)
from archive.locate.numbers import Form, RememberedNumber
from archive.moments import moment

_Named = AgentClue | TeamClue | QueueClue | CustomerClue
_Call = IdClue | NotClue | BesideClue


def journalled_clue(clue: Clue) -> str:
    """Of a number four digits; one letter of a customer, and of a name that is only a guess."""
    if isinstance(clue.value, DeniedClue):
        kind, _, told = journalled_clue(replace(clue, value=clue.value.value)).partition(" ")
        return f"{kind} ≠ {told}"
    match clue.value:
        case AgentClue() | TeamClue() | QueueClue() | CustomerClue():
            return _name(clue.kind, clue.value, is_guessed=clue.guessed)
        case NumberClue() | ExtensionClue() | DialledClue():
            return f"{clue.kind} {_digits(clue.value.number)}".strip()
        case IdClue() | NotClue() | BesideClue():
            return _id(clue.value)
        case GistClue():
            return "gist"
        case _:
            return _course(clue.value)


def _name(kind: str, value: _Named, *, is_guessed: bool) -> str:
    """What no word of a text said to be a name may be one of the customer."""
    names: Sequence[str] = value.names
    if is_guessed or isinstance(value, CustomerClue):
        names = [f"{each[:1]}…" for each in names]
    return f"{kind} {' or '.join(names)}"


def _digits(number: RememberedNumber) -> str:
    if number.form is Form.WITHHELD:
        return "withheld"
    if number.ending:
        return f"…{number.ending[-LAST_DIGITS:]}"
    kept = number.digits[-LAST_DIGITS:]
    match number.form:
        case Form.FIRST | Form.WITHIN:
            before = "…" if number.form is Form.WITHIN or kept != number.digits else ""
            return f"{before}{kept}…"
        case _:
            return f"…{kept}"


def _id(value: _Call) -> str:
    match value:
        case IdClue(text):
            return f"id {shortened_id(text)}"
        case NotClue(call):
            return f"not {shortened_id(str(call))}"
        case BesideClue(call, side):
            return f"{side} {shortened_id(str(call))}"
        case _:
            assert_never(value)


def _course(value: WhenClue | DirectionClue | LengthClue | HappenedClue) -> str:
    match value:
        case WhenClue():
            return _when(value)
        case DirectionClue(direction):
            return f"direction {direction}"
        case LengthClue(min_ms=least, max_ms=most):
            return f"length {least}–{most} ms"
        case HappenedClue(what, was):
            return f"happened {happening(what, was=was)}"
        case _:
            assert_never(value)


def _when(clue: WhenClue) -> str:
    """From the first to the last moment of all that it may mean; nothing of a day that is none."""
    if not clue.stretches:
        return "when"
    begin_us = min(each.begin_us for each in clue.stretches)
    end_us = max(each.end_us for each in clue.stretches)
    return f"when {moment(begin_us).isoformat()}–{moment(end_us).isoformat()}"
