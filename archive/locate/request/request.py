"""A sentence of what somebody remembers as clues, with the time that it says.

Pure: the time it is said at is an argument. Knows nothing of calls.
"""

from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Final

from archive.locate.clues import GistClue, WhenClue
from archive.locate.request.known_names import KnownNames
from archive.locate.request.sentence import Request, TimeReading, read_sentence
from archive.locate.when.reader import read_when
from archive.locate.when.values import Calendar, WhenReading

# The code of its note.
NO_SUCH_DAY: Final = "no_such_day"


def read_request(
    text: str, *, now: datetime, zone: tzinfo, calendar: Calendar, country: str, known: KnownNames
) -> Request:
    """The clues of a text, for who says it at that time in that zone; refuses nothing."""

    def read_time(rest: str) -> TimeReading:
        return _time(read_when(rest, now=now, zone=zone, calendar=calendar))

    request = read_sentence(text, read_time=read_time, country=country, known=known)
    return _without_no_days(request)


def _without_no_days(request: Request) -> Request:
    """A day that is none is nothing that a call was about."""
    days = {value for each in request.notes if each.code == NO_SUCH_DAY for value in each.values}
    none = [
        each
        for each in request.clues
        if isinstance(each.value, GistClue) and each.value.text in days
    ]
    return replace(
        request,
        clues=tuple(each for each in request.clues if each not in none),
        unused=tuple(sorted((*request.unused, *(each.span for each in none)))),
    )


def when_clue(reading: WhenReading) -> WhenClue | None:
    """The clue of a reading, None where it says nothing of when."""
    if not reading.stretches:
        return None
    return WhenClue(
        reading.stretches,
        days=reading.says_days,
        clock=reading.says_clock,
        alternatives=reading.alternatives,
    )


def _time(reading: WhenReading) -> TimeReading:
    spans = ((each.begin, each.end) for each in reading.understood)
    places = tuple((begin, end) for begin, end in spans if begin < end)
    clue = when_clue(reading) if places else None
    return TimeReading(clue, places, reading.notes, reading.counts)
