"""Clues of a text put into fields of their own, where each can be certain or left aside.

Pure. Words stay as they were typed as far as a field reads them; what surrounds them stays, too.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from api.web.pages.calls.clue_form import ClueForm, Mark, TypedValue
from api.words.locate_words import happening
from archive.locate.clues import (
    AgentClue,
    Clue,
    CustomerClue,
    DeniedClue,
    DirectionClue,
    GistClue,
    HappenedClue,
    IdClue,
    QueueClue,
    TeamClue,
)

# Told by a word of ours, whatever the words of the text: several may be of one stretch.
_CODED: Final = ("direction", "happened")
_GAPS: Final = re.compile(r"(?:\s*[、,，;；]\s*){2,}")
_ENDS: Final = " \t　、,，;；。"


def in_field(form: ClueForm, clues: Sequence[Clue], place: int, mark: Mark) -> ClueForm:
    """The form with a clue of its text in a field; what is of the same words goes along."""
    chosen = clues[place]
    taken = _places(chosen, clues)
    along = [
        each
        for each in clues
        if each is not chosen and each.kind in _CODED and taken & set(range(*each.span))
    ]
    for each in along:
        taken |= _places(each, clues)
    moved = [
        TypedValue(kind=chosen.kind, text=_words(chosen, form.text, clues), mark=mark),
        *(TypedValue(kind=each.kind, text=_words(each, form.text, clues)) for each in along),
    ]
    return form.changed(*form.values, *moved, text=_left(form.text, taken))


def _places(clue: Clue, clues: Iterable[Clue]) -> set[int]:
    """Where it stands, less what is of another one within."""
    begin, end = clue.span
    inner = (
        each.span
        for each in clues
        if each.kind not in _CODED
        and each.span != clue.span
        and begin <= each.span[0]
        and each.span[1] <= end
    )
    return set(range(begin, end)) - {at for span in inner for at in range(*span)}


def _words(clue: Clue, text: str, clues: Iterable[Clue]) -> str:
    match clue.value:
        case DeniedClue(AgentClue(names) | TeamClue(names) | QueueClue(names)):
            return f"not {', '.join(names)}"
        case AgentClue(names) | TeamClue(names) | QueueClue(names) | CustomerClue(names):
            return ", ".join(names)
        case GistClue(own) | IdClue(own):
            return own
        case DirectionClue(direction):
            return direction
        case HappenedClue(what, was):
            return happening(what, was=was)
        case _:
            places = sorted(_places(clue, clues))
            gaps = [at for at, next_at in pairwise(places) if next_at != at + 1]
            return _tidy("".join(text[at] + " " * (at in gaps) for at in places))


def _left(text: str, taken: set[int]) -> str:
    return _tidy("".join(each for at, each in enumerate(text) if at not in taken))


def _tidy(text: str) -> str:
    """Without the commas around what is gone."""
    return _GAPS.sub(lambda found: found[0].strip()[0], text).strip(_ENDS)
