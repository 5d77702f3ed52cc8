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
    Happened,
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
from archive.locate.when.values import EVERY_DAY, Alternative, ClockSpan, DaySpan, Note

# Of more a list is no answer.
MAX_TOLD: Final = 3
_MINUTE_S: Final = 60
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
# A "not" before what did not happen.
HAPPENED: Final[Mapping[str, str]] = {
    "transferred": said("was transferred"),
    "not transferred": said("was not transferred"),
    "held": said("was on hold"),
    "not held": said("was not on hold"),
    "called_back": said("was called back"),
    "not called_back": said("was not called back"),
}


_WEEKDAYS: Final = (
    said("Mon"),
    said("Tue"),
    said("Wed"),
    said("Thu"),
    said("Fri"),
    said("Sat"),
    said("Sun"),
)
_BESIDE: Final = {
    "before": said("before the call {call}"),
    "after": said("after the call {call}"),
}


# By code: what is odd about a sentence, and what its values are called.
_NOTES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "no_such_day": (said("there is no such day or time: {text}"), ("text",)),
    "weekday_differs": (said("{day} is another weekday; the date is taken"), ("day",)),
    "no_common_day": (said("no day fits all that is said of it; any of them is taken"), ()),
    "from_unsaid_day": (said("of which day it is “{text}” is not said; not used"), ("text",)),
    "in_future": (said("“{text}” is still to come; not used"), ("text",)),
    "denied": (said("“{text}” says when it was not; not used"), ("text",)),
    "two_readings": (said("the time that is told can be read in two ways; both are taken"), ()),
    "hour_past_24": (said("an hour past 24 is of the next morning"), ()),
    "time_twice": (said("this time was twice that night; both are taken"), ()),
    "time_never_was": (said("this time never was, as the clocks went forward"), ()),
    "too_many_stretches": (said("these are too many times; the latest are taken"), ()),
    "call_before": (said("the call before the one that is told of is looked for"), ()),
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


def happening(what: Happened, *, was: bool) -> str:
    """What is said to have happened, or not to have, as one word or two: `not held`."""
    return what if was else f"not {what}"


def note_told(note: Note, words: Words, language: str) -> str:
    """What is odd about a sentence, in a language; a code that has no words stands for itself."""
    text, names = _NOTES.get(note.code, (note.code, ()))
    values = dict(zip(names, note.values, strict=False))
    return words(language, text).format(**values)


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
            return speech.told(HAPPENED[happening(what, was=was)])
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
    every = (number.digits, *number.others)
    digits = speech.either([f"+{each}" if whole else each for each in every])
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
    parts = [_alternative(each, speech, days=clue.days) for each in clue.alternatives]
    if not parts:
        parts = [_stretch(each.begin_us, each.end_us, zone) for each in clue.stretches]
    if not parts:
        return speech.told(said("no time was understood"))
    return speech.either(parts[:MAX_TOLD]) + (" …" if len(parts) > MAX_TOLD else "")


def _alternative(alternative: Alternative, speech: _Speech, *, days: bool) -> str:
    parts = [speech.either(_days(alternative.days))] if days else []
    if alternative.weekdays != EVERY_DAY:
        parts.append(_weekdays(sorted(alternative.weekdays), speech))
    if alternative.clocks:
        parts.append(speech.either([_clock(each) for each in alternative.clocks[:MAX_TOLD]]))
    return " ".join(parts)


def _weekdays(days: list[int], speech: _Speech) -> str:
    """From the first to the last where they follow one another: `Mon–Fri`."""
    names = [speech.told(_WEEKDAYS[each]) for each in days]
    if len(days) >= MAX_TOLD and days[-1] - days[0] == len(days) - 1:
        return f"{names[0]}–{names[-1]}"
    return speech.either(names)


def _days(spans: Sequence[DaySpan]) -> list[str]:
    """Each of them, or from the first to the last where they are many."""
    if len(spans) > MAX_TOLD:
        first, last = min(each.first for each in spans), max(each.last for each in spans)
        return [f"{first.isoformat()}–{last.isoformat()}"]
    return [
        each.first.isoformat() + (f"–{each.last.isoformat()}" if each.last != each.first else "")
        for each in spans
    ]


def _clock(span: ClockSpan) -> str:
    return f"{_time(span.begin_s)}–{_time(span.end_s)}"


def _time(seconds: int) -> str:
    hours, minutes = divmod(seconds // _MINUTE_S, _MINUTE_S)
    return f"{hours:02}:{minutes:02}"


def _stretch(begin_us: int, end_us: int, zone: tzinfo) -> str:
    ends = (datetime.fromtimestamp(each / 1_000_000, UTC) for each in (begin_us, end_us))
    return "–".join(each.astimezone(zone).strftime("%Y-%m-%d %H:%M") for each in ends)
