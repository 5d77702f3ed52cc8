"""Clues of a search in words, as the reading of a sentence is echoed: read again they are the same.

Pure. Knows nothing of who asks, but of time
the core is told, not how it fades.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, assert_never

from api.words.texts import Words, said
from api.words.time_words import length_said
from archive.locate.clues import (
    AgentClue,
    BesideClue,
    CustomerClue,
    DeniedClue,
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
from archive.locate.numbers import Form, RememberedNumber
from archive.locate.request.lengths import MAX_MS
from archive.locate.when.combination import is_window
from archive.locate.when.periods import Spans
from archive.locate.when.values import EVERY_DAY, Alternative, ClockSpan, DaySpan, Note
from archive.locate.withheld_numbers import Withheld

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
_DENIED: Final[Mapping[type[Value], str]] = {
    AgentClue: said("agent: not {value}"),
    TeamClue: said("team: not {value}"),
    QueueClue: said("queue: not {value}"),
}
_DENIED_NUMBERS: Final[Mapping[Form, str]] = {
    Form.WHOLE: said("number is not {digits}"),
    Form.LAST: said("number does not end in {digits}"),
    Form.FIRST: said("number does not begin with {digits}"),
    Form.WITHIN: said("number does not contain {digits}"),
    Form.EXTENSION: said("not extension {digits}"),
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
WITHHELD: Final[Mapping[str, str]] = {
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
    "said_not": (said("“{text}” is said not to be; not used"), ("text",)),
    "either_number": (
        said("“{digits}” may be an extension or an id, or the end of a number; each is taken"),
        ("digits",),
    ),
    "two_readings": (said("the time that is told can be read in two ways; both are taken"), ()),
    "hour_past_24": (said("an hour past 24 is of the next morning"), ()),
    "time_twice": (said("this time was twice that night; both are taken"), ()),
    "time_never_was": (said("this time never was, as the clocks went forward"), ()),
    "too_many_stretches": (said("these are too many times; the latest are taken"), ()),
    "old_texts": (
        said("so many calls have “{text}” that old ones were perhaps not looked at"),
        ("text",),
    ),
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
        case DirectionClue() | HappenedClue() | NotClue() | BesideClue() | DeniedClue():
            return _course(value, speech)
    return _name(value, speech)


def _denied(clue: DeniedClue, speech: _Speech) -> str:
    match clue.value:
        case NumberClue(number) | ExtensionClue(number):
            return _number(number, _DENIED_NUMBERS, speech)
        case AgentClue(names) | TeamClue(names) | QueueClue(names):
            return speech.told(_DENIED[type(clue.value)], value=speech.either(names))


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


def _course(
    value: DirectionClue | HappenedClue | NotClue | BesideClue | DeniedClue, speech: _Speech
) -> str:
    match value:
        case DeniedClue():
            return _denied(value, speech)
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
        return speech.told(WITHHELD[number.reason or Withheld.UNKNOWN])
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
    spans, weekdays = _dates(alternative)
    parts = [speech.either(_days(spans))] if days and not is_window(spans) else []
    if weekdays != EVERY_DAY:
        parts.append(_weekdays(sorted(weekdays), speech))
    if alternative.clocks:
        clocks = sorted(_widest(alternative.clocks), key=lambda each: (-each.weight, each.begin_s))
        parts.append(speech.either([_clock(each) for each in clocks[:MAX_TOLD]]))
    return " ".join(parts)


def _dates(alternative: Alternative) -> tuple[Spans, frozenset[int]]:
    """The days themselves where they are few: of last week's Thursday its date."""
    spans, weekdays = alternative.days, alternative.weekdays
    length = sum((each.last - each.first).days + 1 for each in spans)
    if weekdays == EVERY_DAY or length > MAX_TOLD * len(EVERY_DAY):
        return spans, weekdays
    dates = [
        replace(span, first=at, last=at)
        for span in spans
        for at in (span.first + timedelta(days=n) for n in range((span.last - span.first).days + 1))
        if at.weekday() in weekdays
    ]
    if not 0 < len(dates) <= MAX_TOLD:
        return spans, weekdays
    return tuple(dates), weekdays if len(weekdays) == 1 else EVERY_DAY


def _widest(spans: Sequence[ClockSpan]) -> Iterator[ClockSpan]:
    """Without those within another, which are its likeliest hours."""
    for each in spans:
        others = (other for other in spans if other != each)
        if not any(o.begin_s <= each.begin_s and each.end_s <= o.end_s for o in others):
            yield each


def _weekdays(days: list[int], speech: _Speech) -> str:
    """From the first to the last where they follow one another: `Mon–Fri`."""
    names = [speech.told(_WEEKDAYS[each]) for each in days]
    if len(days) >= MAX_TOLD and days[-1] - days[0] == len(days) - 1:
        return f"{names[0]}–{names[-1]}"
    return speech.either(names)


def _days(spans: Sequence[DaySpan]) -> list[str]:
    """Each of them, without the gaps that are none; of many the likeliest, the latest first."""
    if len(spans) <= MAX_TOLD:
        return list(map(_day, spans))
    runs: list[DaySpan] = []
    for each in sorted(spans, key=lambda each: each.first):
        if runs and (each.first - runs[-1].last).days <= 1:
            runs[-1] = replace(
                runs[-1],
                last=max(runs[-1].last, each.last),
                weight=max(runs[-1].weight, each.weight),
            )
        else:
            runs.append(each)
    likely = sorted(reversed(runs), key=lambda each: -each.weight)
    return [*map(_day, likely[:MAX_TOLD])] + ["…"] * (len(likely) > MAX_TOLD)


def _day(span: DaySpan) -> str:
    last = f"–{span.last.isoformat()}" if span.last != span.first else ""
    return span.first.isoformat() + last


def _clock(span: ClockSpan) -> str:
    return f"{_time(span.begin_s)}–{_time(span.end_s)}"


def _time(seconds: int) -> str:
    hours, minutes = divmod(seconds // _MINUTE_S, _MINUTE_S)
    return f"{hours:02}:{minutes:02}"


def _stretch(begin_us: int, end_us: int, zone: tzinfo) -> str:
    ends = (datetime.fromtimestamp(each / 1_000_000, UTC) for each in (begin_us, end_us))
    return "–".join(each.astimezone(zone).strftime("%Y-%m-%d %H:%M") for each in ends)
