"""A sentence of what somebody remembers as clues, with the time that it says.

Pure: the time it is said at is an argument. Knows nothing of calls.
"""

from datetime import datetime, tzinfo

from archive.locate.clues import WhenClue
from archive.locate.request.known_names import KnownNames
from archive.locate.request.sentence import Request, TimeReading, read_sentence
from archive.locate.when.reader import read_when
from archive.locate.when.values import Calendar, WhenReading


def read_request(
    text: str, *, now: datetime, zone: tzinfo, calendar: Calendar, country: str, known: KnownNames
) -> Request:
    """The clues of a text, for who says it at that time in that zone; refuses nothing."""

    def read_time(rest: str) -> TimeReading:
        return _time(read_when(rest, now=now, zone=zone, calendar=calendar))

    return read_sentence(text, read_time=read_time, country=country, known=known)


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
    return TimeReading(clue, places, reading.notes, reading.void)
