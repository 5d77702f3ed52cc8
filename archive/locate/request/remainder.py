"""The rest of a text that has not been read, and what has been found in it so far.

Pure. Knows which clues stand once and which are told together; nothing of words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from archive.locate.clues import (
    MAX_CLUES,
    CustomerClue,
    DialledClue,
    DirectionClue,
    ExtensionClue,
    HappenedClue,
    LengthClue,
    NumberClue,
    QueueClue,
    TeamClue,
    Value,
)
from archive.locate.request.found import TAKEN, Found, without
from archive.locate.request.negation import as_denied, as_said
from archive.locate.traced_text import Span

_ONCE: Final = (DirectionClue, LengthClue, NumberClue, ExtensionClue)
_CALLED: Final = re.compile(
    r"\s+(?:called|rang|phoned|telephoned)\b(?! (?:me|her|him|them|back)\b)", re.IGNORECASE
)


class Rest:
    """The rest of a text, and what has been found in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._found: list[Found] = []
        self._denied: list[Found] = []
        self._passed_over: list[Found] = []

    def take(self, found: Iterable[Found]) -> None:
        """Each that is beside those before it, and says what none of them says."""
        for each in found:
            self.take_either((each,))

    def take_either(self, readings: Sequence[Found]) -> None:
        """All that one stretch may say, where it has not been read."""
        if any(TAKEN in self.text[begin:end] for each in readings for begin, end in each.spans):
            return
        meant = [as_said(each, self.text) for each in readings]
        if len(meant) > 1 and meant[0].denied:
            # What is none of them is none for sure; that it is not a topic says nothing.
            every = [replace(each, guessed=False) for each in meant if each.denied]
            meant = [each for each in every if as_denied(each.value)] or every
        for each in meant:
            self.text = without(self.text, each.spans)
            self.add(each)

    def add(self, found: Found) -> None:
        """Add a clue: said twice it counts once; names of one kind are told together."""
        if found.denied:
            value = as_denied(found.value)
            if value is None:
                self._denied.append(found)
                return
            found = replace(found, value=value)
        for at, other in enumerate(self._found):
            if (both := _together(other, found)) is not None:
                self._found[at] = both
                if both is other:
                    self._passed_over.append(found)
                return
        self._found.append(found)

    def denied(self) -> list[Span]:
        """The stretches that say what was not, of no use; those that touch are one."""
        spans: list[Span] = []
        for begin, end in sorted(span for each in self._denied for span in each.spans):
            if spans and spans[-1][1] >= begin:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((begin, end))
        return spans

    def passed_over(self) -> list[Span]:
        """The stretches that were read and are not used: a second number, guesses too many."""
        chosen = self.chosen()
        dropped = [each for each in self._found if each not in chosen]
        taken = [span for each in chosen for span in each.spans]
        spans = {span for each in (*self._passed_over, *dropped) for span in each.spans}
        return sorted(
            (begin, end)
            for begin, end in spans
            if not any(begin < other_end and other < end for other, other_end in taken)
        )

    def callers(self) -> Iterator[Found]:
        """Customers of whom it is said that they called: "Mrs Webb called about …"."""
        for each in self._found:
            end = each.spans[-1][1]
            called = _CALLED.match(self.text, end) if isinstance(each.value, CustomerClue) else None
            if called is not None:
                yield Found(value=DirectionClue("inbound"), spans=(called.span(),))

    def chosen(self) -> list[Found]:
        """All that was found; guesses only as far as there is room for them."""
        guesses = [each for each in self._found if each.guessed]
        room = max(MAX_CLUES - len(self._found) + len(guesses), 0)
        dropped = guesses[room:]
        return [each for each in self._found if each not in dropped]


def _together(one: Found, other: Found) -> Found | None:
    """Two findings as one, None where they say different things."""
    kept: Found | None = None
    match one.value, other.value:
        case QueueClue(names), QueueClue(more):
            kept = _both(one, other, QueueClue(tuple(dict.fromkeys((*names, *more)))))
        case TeamClue(names), TeamClue(more):
            kept = _both(one, other, TeamClue(tuple(dict.fromkeys((*names, *more)))))
        case DialledClue(number), DialledClue(again):
            is_longer = len(number.digits) >= len(again.digits)
            kept = _both(one, other, one.value if is_longer else other.value)
        case value, said if value == said:
            kept = _both(one, other, value)
        case HappenedClue(what), HappenedClue(again_what):
            kept = one if what == again_what else None
        case value, said if _is_once(value, said):
            kept = one
    return kept


def _both(one: Found, other: Found, value: Value) -> Found:
    spans = (*one.spans, *other.spans)
    return Found(value=value, spans=spans, guessed=one.guessed and other.guessed)


def _is_once(value: Value, said: Value) -> bool:
    """A request has one clue of that kind, which is the first that is told."""
    return isinstance(value, _ONCE) and type(value) is type(said)
