"""What a circumstance of a simulation is about, in words: a hold, a case, a queue, what is unknown.

Knows the result of a simulation as it is kept; nothing of how it was found.
"""

from collections.abc import Mapping
from typing import Any, Final

from api.words.reason_words import EVENTS, KINDS, OTHER_EVENT
from api.words.texts import Words, said
from retention.rules.conditions import EVENT, AttributeKind

_SAID: Final[Mapping[str, str]] = {
    "held": said("legal hold {what}"),
    "frozen": said("case {what}"),
    "uncovered": said("queue {what}"),
}
_WHEN: Final = said("when {event}")


def about_told(own: Mapping[str, Any], words: Words, language: str) -> str:
    """One of the result's circumstances; "" where its rules say it all."""
    told = _what(own["kind"], own["what"], words, language) if own["what"] else ""
    return ", ".join([*own["against"], *([told] if told else [])])


def _what(kind: str, what: str, words: Words, language: str) -> str:
    if kind == "unknown":
        return _unknown(what, words, language)
    return words(language, _SAID.get(kind, "{what}")).format(what=what)


def _unknown(what: str, words: Words, language: str) -> str:
    """What a rule asks: something of the recording, or the day of an event."""
    if what in set(AttributeKind):
        return words(language, KINDS[AttributeKind(what)])
    own = EVENTS.get(what)
    event = (
        words(language, OTHER_EVENT).format(event=what.removeprefix(EVENT))
        if own is None
        else words(language, own)
    )
    return words(language, _WHEN).format(event=event)
