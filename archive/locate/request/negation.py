"""Clues that a text denies, which are never read as told: "not Tanaka", 末尾は7788ではない.

Pure. Knows nothing of how a clue is found.
"""

from dataclasses import replace

from archive.locate.clues import (
    AgentClue,
    CustomerClue,
    Deniable,
    DeniedClue,
    ExtensionClue,
    GistClue,
    HappenedClue,
    NumberClue,
    QueueClue,
    TeamClue,
    Value,
)
from archive.locate.denials import denied_from, denied_until, unmet_from, unmet_until
from archive.locate.request.found import Found
from archive.locate.traced_text import Span

_MET = (AgentClue, CustomerClue, ExtensionClue, QueueClue, TeamClue)


def as_said(found: Found, text: str) -> Found:
    """The clue as it is, or as one that is denied, with the words that deny it."""
    if found.denied or isinstance(found.value, HappenedClue):  # which reads its own "not"
        return found
    first, last = found.spans[0], found.spans[-1]
    whole = denied_span(text, (first[0], last[1]), found.value)
    if whole is None or _is_matter(found, text, whole):
        return found
    spans = list(found.spans)
    spans[0] = (whole[0], spans[0][1])
    spans[-1] = (spans[-1][0], whole[1])
    return replace(found, spans=tuple(spans), denied=True)


def as_denied(value: Value) -> DeniedClue | None:
    """The clue that it is another one; None where calls are not looked for by that."""
    if not isinstance(value, Deniable):
        return None
    if isinstance(value, NumberClue) and (not value.number.digits or value.number.ending):
        return None
    return DeniedClue(value)


def denied_span(text: str, span: Span, value: Value) -> Span | None:
    """The stretch with the words that deny it; None where nothing does."""
    met = isinstance(value, _MET)
    begin = unmet_from(text, span[0]) if met else denied_from(text, span[0])
    end = unmet_until(text, span[1]) if met else denied_until(text, span[1])
    if begin is None and end is None:
        return None
    return span[0] if begin is None else begin, span[1] if end is None else end


def _is_matter(found: Found, text: str, whole: Span) -> bool:
    """What did not work is what it was about: "not delivered" denies no topic, as a name does."""
    begin, end = found.spans[0][0], found.spans[-1][1]
    if not (found.guessed and isinstance(found.value, GistClue)) or whole[1] > end:
        return False
    return not text[begin].isupper()
