"""Clues of a search in words, as the reading of a sentence is echoed: read again they are the same.

Pure. Knows nothing of who asks, but of time
the core is told, not how it fades.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final, assert_never

from api.words.texts import Words, said
from api.words.time_words import length_said
from archive.locate.clues import (
    AgentClue,
    BesideClue,
    CustomerClue,
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
    Value,
    WhenClue,
)
from archive.locate.numbers import Form, RememberedNumber, Withheld
from archive.locate.request.lengths import MAX_MS

# Of more a list is no answer.
MAX_TOLD: Final = 3
Named = AgentClue | TeamClue | QueueClue | CustomerClue | IdClue | GistClue
_NAMED: Final[Mapping[type[Value], str]] = {
    AgentClue: said("agent: {value}"),
    TeamClue: said("team: {value}"),
    QueueClue: said("queue: {value}"),
    CustomerClue: said("customer: {value}"),
    IdClue: said("id: {value}"),
    GistClue: said("about: {value}"),
}
_NUMBERS: Final[Mapping[Form, str]] = {
    Form.WHOLE: said("number {digits}"),
    Form.LAST: said("number ends in {digits}"),
    Form.FIRST: said("number begins with {digits}"),
    Form.WITHIN: said("number contains {digits}"),
    Form.EXTENSION: said("extension {digits}"),
}
_BOTH_ENDS: Final = said("number begins with {digits} and ends in {ending}")
_DIALLED: Final[Mapping[Form, str]] = {
    Form.WHOLE: said("called number {digits}"),
    Form.LAST: said("called number ends in {digits}"),
    Form.FIRST: said("called number begins with {digits}"),
}
_WITHHELD: Final[Mapping[Withheld, str]] = {
    Withheld.CALLER: said("number withheld"),
    Withheld.PAY_PHONE: said("from a payphone"),
    Withheld.OUT_OF_AREA: said("number out of area"),
    Withheld.UNKNOWN: said("unknown number"),
}
_DIRECTIONS: Final = {"inbound": said("they called"), "outbound": said("we called")}
_HAPPENED: Final = {
    ("transferred", True): said("was transferred"),
    ("transferred", False): said("was not transferred"),
    ("held", True): said("was on hold"),
    ("held", False): said("was not on hold"),
    ("called_back", True): said("was called back"),
    ("called_back", False): said("was not called back"),
}


_BESIDE: Final = {
    "before": said("before the call {call}"),
    "after": said("after the call {call}"),
}


@dataclass(frozen=True, slots=True)
class _Speech:
    """Words in a language."""

    words: Words
    language: str

    def told(self, text: str, **values: str) -> str:
        return self.words(self.language, text).format(**values)

    def either(self, values: Sequence[str]) -> str:
        return self.told(said(" or ")).join(values)

    def length(self, ms: int) -> str:
        return length_said(ms, self.language)


def clue_told(value: Value, zone: tzinfo, words: Words, language: str) -> str:
    """What was understood, in a language: "number ends in 7788", `番号の末尾 7788`."""
    speech = _Speech(words, language)
    match value:
        case WhenClue():
            return _when(value, zone, speech)
        case NumberClue(number) | ExtensionClue(number):
            return _number(number, _NUMBERS, speech)
        case DialledClue(number):
            return _number(number, _DIALLED, speech)
        case LengthClue():
            return _length(value, speech)
        case DirectionClue() | HappenedClue() | NotClue() | BesideClue():
            return _course(value, speech)
    return _name(value, speech)


def _name(value: Named, speech: _Speech) -> str:
    match value:
        case IdClue(text) | GistClue(text):
            told = text
        case AgentClue(names) | TeamClue(names) | QueueClue(names) | CustomerClue(names):
            told = speech.either(names)
        case _:
            assert_never(value)
    return speech.told(_NAMED[type(value)], value=told)


def _course(value: DirectionClue | HappenedClue | NotClue | BesideClue, speech: _Speech) -> str:
    match value:
        case DirectionClue(direction):
            return speech.told(_DIRECTIONS[direction])
        case HappenedClue(what, was):
            return speech.told(_HAPPENED[what, was])
        case NotClue(call):
            return speech.told(said("not the call {call}"), call=str(call))
        case BesideClue(call, side):
            return speech.told(_BESIDE[side], call=str(call))
        case _:
            assert_never(value)


def _number(number: RememberedNumber, forms: Mapping[Form, str], speech: _Speech) -> str:
    if number.form is Form.WITHHELD:
        return speech.told(_WITHHELD[number.reason or Withheld.UNKNOWN])
    # In E.164 no number begins with 0.
    whole = number.form in {Form.WHOLE, Form.FIRST} and not number.digits.startswith("0")
    digits = f"+{number.digits}" if whole else number.digits
    if number.ending:
        return speech.told(_BOTH_ENDS, digits=digits, ending=number.ending)
    form = forms.get(number.form, _NUMBERS[Form.WITHIN])
    return speech.told(form, digits=digits)


def _length(clue: LengthClue, speech: _Speech) -> str:
    if clue.about_ms is not None:
        return speech.told(said("about {length}"), length=speech.length(clue.about_ms))
    least, most = speech.length(clue.min_ms), speech.length(clue.max_ms)
    if not clue.min_ms:
        return speech.told(said("under {length}"), length=most)
    if clue.max_ms >= MAX_MS:
        return speech.told(said("at least {length}"), length=least)
    return speech.told(said("between {least} and {most}"), least=least, most=most)


def _when(clue: WhenClue, zone: tzinfo, speech: _Speech) -> str:
    stretches = clue.stretches[:MAX_TOLD]
    told = speech.either([_stretch(each.begin_us, each.end_us, zone) for each in stretches])
    return told + (" …" if len(clue.stretches) > MAX_TOLD else "")


def _stretch(begin_us: int, end_us: int, zone: tzinfo) -> str:
    ends = (datetime.fromtimestamp(each / 1_000_000, UTC) for each in (begin_us, end_us))
    return "–".join(each.astimezone(zone).strftime("%Y-%m-%d %H:%M") for each in ends)
