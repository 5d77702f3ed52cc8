"""A sentence of what somebody remembers, read into clues: each reader takes away what it has read.

Pure: the time it is said at is an argument. Knows nothing of calls.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from archive.flaws import Flaw, PartRefused
from archive.locate.clues import (
    MAX_CLUES,
    MAX_TEXT,
    Clue,
    DirectionClue,
    ExtensionClue,
    HappenedClue,
    NumberClue,
    WhenClue,
)
from archive.locate.numbers import Form, FoundNumber, find_numbers
from archive.locate.request.agent_codes import also_codes, find_agent_codes, find_known_codes
from archive.locate.request.asides import find_asides, find_call_before
from archive.locate.request.directions import find_directions
from archive.locate.request.found import TAKEN, Found, without
from archive.locate.request.happenings import find_happenings
from archive.locate.request.known_names import KnownNames
from archive.locate.request.labels import find_labelled
from archive.locate.request.lengths import find_lengths
from archive.locate.request.letters import find_letters
from archive.locate.request.lines import find_lines, find_main_lines
from archive.locate.request.name_words import without_shouting
from archive.locate.request.negation import as_said
from archive.locate.request.people import find_people
from archive.locate.request.places import find_lone_places, find_named_places, find_places
from archive.locate.request.references import find_references, find_tags
from archive.locate.request.remainder import Rest
from archive.locate.request.topics import find_compounds, find_left, find_topics
from archive.locate.stretches import Stretch
from archive.locate.traced_text import Span, TracedText
from archive.locate.when.values import Note

# Digits and hyphens, as a telephone number.
_DATE: Final = re.compile(
    r"(?<!\d)(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)"
    r"|(?<!\d)\d{1,2}[:/]\d{2}(?:[:/]\d{2,4})?(?![\d-])"
)
# So many times, so many pieces: no day and no number.
_COUNTED: Final = re.compile(
    r"[¥￥$€£]\s?\d[\d,.]*|\d[\d,]*(?:\.\d+)?\s?(?:[千万億]*円|(?:yen|dollars|pounds|euros|usd"
    r"|jpy)\b)"
    r"|\d+\s?(?:回|件|度|歳|才|名|人|個|台|枚|円|％|%|点)(?:くらい|ぐらい|ほど|目)?"
    r"|\b\d+\s?(?:times"
    r"|pieces|items)\b|(?i:\b(?:two|three|four|five|six|several|many|a few|a couple of)\s+times\b)"
)
_MIN_BARE_DIGITS: Final = 3
# Of money or a version: 12.50; of a day: 10-23.
_NO_NUMBER: Final = re.compile(r"\d{1,4}\.\d{1,2}|(?:1[0-2]|0?[1-9])-(?:3[01]|[12]\d|0?[1-9])")
# Who asks for the call before one of a day asks for one of some days until then.
_BEFORE_DAYS: Final = 6
_DAY_US: Final = 86_400_000_000


@dataclass(frozen=True, slots=True)
class TimeReading:
    """The time that a text says, where it says so, and what is odd about it."""

    clue: WhenClue | None = None
    spans: tuple[Span, ...] = ()
    notes: tuple[Note, ...] = ()
    # What is of time and says nothing of when.
    void: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """The clues of a sentence, all of them likely, and the stretches that nothing was made of."""

    clues: tuple[Clue, ...]
    unused: tuple[Span, ...] = ()
    notes: tuple[Note, ...] = ()


def read_sentence(
    text: str, *, read_time: Callable[[str], TimeReading], country: str, known: KnownNames
) -> Request:
    """The clues of a text; refuses nothing."""
    traced = TracedText.of(text[:MAX_TEXT])
    rest = Rest(without_shouting(traced.text))
    unused = tuple(find_asides(rest.text))
    rest.text = without(rest.text, unused)
    letters = tuple(find_letters(rest.text))
    rest.text = without(rest.text, letters)
    _take_as_written(rest, known)
    _take_told_numbers(rest, country)
    main_lines = tuple(find_main_lines(rest.text))
    rest.text = without(rest.text, main_lines)
    rest.take(find_lengths(rest.text))
    rest.take(find_compounds(rest.text))
    _take_places(rest, known)
    counted = tuple(each.span() for each in _COUNTED.finditer(rest.text))
    rest.text = without(rest.text, counted)
    beside = find_call_before(rest.text)
    time = read_time(rest.text)
    notes = _take_time(rest, time, beside)
    either = _take_bare_numbers(rest, country, known)
    rest.take(find_people(rest.text, known))
    _take_course(rest, beside)
    rest.take(find_topics(rest.text))
    clues = [_clue(each, traced) for each in rest.chosen()]
    denied = [traced.origin(*each) for each in rest.denied()]
    left = (
        *unused, *letters, *main_lines, *counted, *time.void, *rest.passed_over(),
        *find_left(rest.text),
    )  # fmt: skip
    return Request(
        clues=tuple(sorted(clues, key=lambda each: each.span)),
        unused=tuple(sorted((*denied, *(traced.origin(*each) for each in left)))),
        notes=(*notes, *either, *(Note(code="said_not", values=(text[a:b],)) for a, b in denied)),
    )


def check_text(text: str) -> None:
    """Raise `PartRefused` for a text that is too long, or holds what cannot be shown."""
    if len(text) > MAX_TEXT:
        raise PartRefused("text", Flaw.LENGTH, most=MAX_TEXT)
    if any(unicodedata.category(each) in {"Cc", "Cs"} for each in text):
        raise PartRefused("text", Flaw.CONTROLS)


def check_request(request: Request) -> None:
    """Raise `PartRefused` where nothing was understood, or more than may be asked at once."""
    if not request.clues:
        raise PartRefused("text", Flaw.NOTHING_UNDERSTOOD)
    if len(request.clues) > MAX_CLUES:
        raise PartRefused("text", Flaw.CLUES, most=MAX_CLUES)


def _take_as_written(rest: Rest, known: KnownNames) -> None:
    """Take what stands behind a label, ids, numbers of orders, tags, and names with a number."""
    rest.take(find_agent_codes(rest.text, known))
    rest.take(find_labelled(rest.text, known))
    rest.take(find_references(rest.text))
    rest.take(find_tags(rest.text, known))
    rest.take(find_known_codes(rest.text, known))
    rest.take(find_named_places(rest.text, known))


def _take_places(rest: Rest, known: KnownNames) -> None:
    rest.take(find_places(rest.text, known))
    for readings in find_lone_places(rest.text, known):
        rest.take_either(readings)


def _take_told_numbers(rest: Rest, country: str) -> None:
    """Those of which words say what they are, and whole ones: before a time is looked for."""
    numbers = find_numbers(_DATE.sub(lambda each: TAKEN * len(each[0]), rest.text), country)
    asked = next((each.value for each in find_directions(rest.text)), None)
    outbound = asked == DirectionClue("outbound")
    rest.take(find_lines(rest.text, numbers, country, outbound=outbound))
    sure = [each for each in numbers if each.told or each.number.form is Form.WHOLE]
    # A number that is told counts more than that none was shown.
    rest.take(map(_of_number, sorted(sure, key=lambda each: each.number.form is Form.WITHHELD)))


def _take_bare_numbers(rest: Rest, country: str, known: KnownNames) -> list[Note]:
    """Digits without a word; those that may be of a seat or of an agent's id too are all that."""
    notes = []
    for each in find_numbers(rest.text, country):
        other = _NO_NUMBER.fullmatch(rest.text, each.spans[0][0], each.spans[-1][1])
        if len(each.number.digits) >= _MIN_BARE_DIGITS and other is None:
            readings = also_codes(_of_number(each), known)
            rest.take_either(readings)
            if len(readings) > 1:
                notes.append(Note(code="either_number", values=(each.number.digits,)))
    return notes


def _of_number(found: FoundNumber) -> Found:
    if found.number.form is Form.EXTENSION:
        return Found(value=ExtensionClue(found.number), spans=found.spans)
    return Found(value=NumberClue(found.number), spans=found.spans)


def _take_time(rest: Rest, time: TimeReading, beside: Span | None) -> tuple[Note, ...]:
    rest.text = without(rest.text, time.void)
    if time.clue is None:
        return time.notes
    rest.text = without(rest.text, time.spans)
    if beside is None or any(end > beside[0] for _, end in time.spans):
        rest.add(Found(value=time.clue, spans=time.spans))
        return time.notes
    earlier = tuple(map(_until, time.clue.stretches))
    rest.add(Found(value=WhenClue(earlier, clock=False), spans=time.spans))
    return (*time.notes, Note(code="call_before"))


def _until(stretch: Stretch) -> Stretch:
    """The day until then, and with less and less weight those before."""
    begin = stretch.begin_us - _DAY_US
    return replace(stretch, begin_us=begin, before_us=_BEFORE_DAYS * _DAY_US, after_us=0)


def _take_course(rest: Rest, beside: Span | None) -> None:
    """Take direction and happenings: of the call that is sought, not of the one behind it."""
    sought = rest.text
    if beside is not None:
        rest.text = sought = without(rest.text, (beside,))
        sought = without(sought, ((0, beside[0]),))
    courses = [*find_directions(sought), *find_happenings(rest.text), *rest.callers()]
    if beside is not None and HappenedClue("called_back") in [each.value for each in courses]:
        # What is called back came in.
        courses.append(Found(value=DirectionClue("inbound"), spans=(beside,), guessed=True))
    # One stretch may say both: "we called back".
    meant = [as_said(each, rest.text) for each in courses]
    denied = [span for each in meant if each.denied for span in each.spans]
    meant = [each for each in meant if each.denied or not _touches(each, denied)]
    for each in meant:
        rest.add(each)
    rest.text = without(rest.text, tuple(span for each in meant for span in each.spans))


def _touches(found: Found, spans: Sequence[Span]) -> bool:
    """It stands in one of these stretches: かかってきていない denies what it has in it."""
    return any(begin < end and first < last for begin, last in found.spans for first, end in spans)


def _clue(found: Found, traced: TracedText) -> Clue:
    begin = min(span[0] for span in found.spans)
    end = max(span[1] for span in found.spans)
    return Clue(value=found.value, span=traced.origin(begin, end), guessed=found.guessed)
