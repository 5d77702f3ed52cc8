"""A question as it was typed, read into clues, by the names that lie within the asker's reach.

Pure. Knows nothing of what is found.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from api.locate.question import LocateQuery, TypedClue, Understood
from archive.access.query import Window
from archive.flaws import Flaw, PartRefused
from archive.ids import ConversationId
from archive.locate.clues import BesideClue, Clue, HappenedClue, NotClue, Value, WhenClue
from archive.locate.request.fields import read_field
from archive.locate.request.known_names import KnownNames
from archive.locate.request.request import read_request, when_clue
from archive.locate.request.sentence import Request, check_request, check_text
from archive.locate.stretches import Stretch
from archive.locate.when.reader import read_when
from archive.locate.when.values import Calendar, Note, WhenReading

# Notes of a time at which no call can have been.
_NO_TIMES: Final = frozenset({"no_such_day", "in_future", "denied"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where texts are read: the country of numbers and of the calendar."""

    country: str

    @property
    def calendar(self) -> Calendar:
        """As days are said there."""
        return Calendar.of(self.country)


def check_query(query: LocateQuery) -> None:
    """Raise `PartRefused` for what no text may be, before anything is looked up."""
    check_text(query.text)
    for place, each in enumerate(query.clues):
        if isinstance(each, TypedClue):
            try:
                check_text(each.value)
            except PartRefused as refused:
                field = f"clues.{place}.value"
                raise PartRefused(field, refused.flaw, **refused.values) from None


def read_query(query: LocateQuery, now: datetime, site: Site, known: KnownNames) -> Understood:
    """All clues of a question, those of its text first, then the fields, then the window.

    Raises `PartRefused` where nothing is understood, or a field that is certain says nothing of
    its kind: without it more would be found than was asked for.
    """
    said_at = query.as_of or now
    request = _of_text(query, said_at, site, known)
    notes = list(request.notes)
    clues, fields = _sure(query, request.clues), list[int]()
    unread: dict[int, PartRefused] = {}
    for place, each in enumerate(query.clues):
        try:
            clue, odd = _of_place(each, place, (query, said_at), (site, known))
        except PartRefused as refused:
            if isinstance(each, Clue) or not (each.likely or query.forgives):
                raise
            unread[place] = refused
            continue
        clues.append(clue)
        fields.append(place)
        notes += odd
    _check(query, replace(request, clues=tuple(clues)), notes, unread)
    if query.window is not None:
        clues.append(Clue(value=_window_clue(query.window), certain=True))
    return Understood(
        clues=tuple(clues),
        fields=tuple(fields),
        unread=unread,
        unused=request.unused,
        notes=tuple(dict.fromkeys(notes)),
    )


def _of_place(
    typed: TypedClue | Clue,
    place: int,
    asked: tuple[LocateQuery, datetime],
    where: tuple[Site, KnownNames],
) -> tuple[Clue, tuple[Note, ...]]:
    """The clue of a field, and what is odd of it; raises `PartRefused`."""
    if isinstance(typed, Clue):
        return typed, ()
    own, odd = f"clues.{place}.value", tuple[Note, ...]()
    value = _of_call(typed, own)
    if value is None:
        value, odd = _of_field(typed, *asked, where)
    if value is None:
        raise PartRefused(own, Flaw.NOTHING_UNDERSTOOD)
    return Clue(value=value, certain=not typed.likely), odd


def _sure(query: LocateQuery, of_text: tuple[Clue, ...]) -> list[Clue]:
    """Those of the text, of which some are said to be certain; raises `PartRefused`."""
    for kind in sorted(query.certain - {each.kind for each in of_text}):
        raise PartRefused("certain", Flaw.NOT_IN_TEXT, kind=kind)
    return [replace(each, certain=each.kind in query.certain) for each in of_text]


def _check(
    query: LocateQuery, request: Request, notes: list[Note], unread: Mapping[int, PartRefused]
) -> None:
    """Raise `PartRefused` where nothing is understood, or only a time that none is."""
    if not request.clues and not query.text.strip() and unread:
        raise next(iter(unread.values()))
    odd = {each.code for each in notes} & _NO_TIMES
    if odd and all(_is_no_time(each.value) for each in request.clues):
        field = "text" if query.text.strip() else "clues.0.value"
        if "no_such_day" in odd:
            raise PartRefused(field, Flaw.NO_SUCH_DAY)
        if "in_future" in odd:
            raise PartRefused(field, Flaw.TO_COME)
        raise PartRefused(field, Flaw.NOTHING_UNDERSTOOD)
    check_request(request)


def _is_no_time(value: Value) -> bool:
    return isinstance(value, WhenClue) and not value.stretches


def _of_text(query: LocateQuery, said_at: datetime, site: Site, known: KnownNames) -> Request:
    if not query.text.strip():
        return Request(())
    return read_request(
        query.text,
        now=said_at,
        zone=query.zone,
        calendar=site.calendar,
        country=site.country,
        known=known,
    )


def _of_field(
    typed: TypedClue, query: LocateQuery, said_at: datetime, where: tuple[Site, KnownNames]
) -> tuple[Value | None, tuple[Note, ...]]:
    site, known = where
    if typed.kind == "when":
        reading = read_when(typed.value, now=said_at, zone=query.zone, calendar=site.calendar)
        return _when(reading), reading.notes
    value = read_field(typed.kind, typed.value, country=site.country, known=known)
    if isinstance(value, HappenedClue) and not typed.was:
        return HappenedClue(value.what, was=not value.was), ()
    return value, ()


def _when(reading: WhenReading) -> WhenClue | None:
    """None where no word says when; an echo that comes back has no words."""
    if reading.understood:
        is_said = any(each.begin < each.end for each in reading.understood)
        return when_clue(reading) if is_said else None
    if not reading.stretches:
        # It is named, and the rest is used.
        is_no_time = any(each.code in _NO_TIMES for each in reading.notes)
        return WhenClue(()) if is_no_time else None
    clock = any(each.clocks for each in reading.alternatives)
    return WhenClue(reading.stretches, clock=clock, alternatives=reading.alternatives)


def _of_call(typed: TypedClue, own: str) -> Value | None:
    """A clue by the id of a call, None of another kind; raises `PartRefused`."""
    if typed.kind not in {"not", "beside"}:
        return None
    try:
        call = ConversationId.parse(typed.value.strip())
    except ValueError:
        raise PartRefused(own, Flaw.NO_CALL) from None
    if typed.kind == "not":
        return NotClue(call)
    return BesideClue(call, "after" if typed.side == "after" else "before")


def _window_clue(window: Window) -> WhenClue:
    return WhenClue((Stretch(begin_us=window.start_us, end_us=window.end_us),))
