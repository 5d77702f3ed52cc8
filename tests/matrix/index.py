"""A session that was played on a stage, in a catalog of its own, and what is found of it there.

Knows nothing of what must be found.
"""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from archive.access.query import AgentClue, Clue, CustomerClue, PhoneClue, SearchQuery, Window
from archive.call.events import Event, decode_event
from archive.catalog.access.grants import EVERYTHING, Ask, ReadGrant, SearchGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search.call_course import RecordingCourse, read_course
from archive.catalog.search.calls import FoundRecording
from archive.catalog.search.search import search
from archive.ids import RecordingId
from archive.moments import EPOCH
from capture.links.recorder_messages import NumberedEvent
from tests.archive.catalog.examples import TOKYO, access, adopt, adoption, new_catalog


class Index:
    """A catalog with recordings as the keeper would have adopted them."""

    def __init__(self, folder: Path) -> None:
        self.engine: Engine = new_catalog(folder)
        self.count = 0

    def add(self, numbered: Iterable[NumberedEvent]) -> RecordingId:
        """Adopt a recording of these events."""
        self.count += 1
        events: tuple[Event, ...] = tuple(decode_event(each.payload) for each in numbered)
        part = adoption(self.count, events)
        adopt(self.engine, part)
        self.from_us, self.until_us = events[0].at_us, events[-1].at_us
        return part.part_name.recording

    def found(self, clue: Clue) -> tuple[FoundRecording, ...]:
        """What a search for this alone finds."""
        moments = (self.from_us - 1, self.until_us + 1)
        start, end = (EPOCH + timedelta(microseconds=each) for each in moments)
        window = Window(start_at=start, end_at=end, zone=TOKYO)
        granted = grant(self.engine, SearchGrant, Ask(access=access(), target=EVERYTHING))
        with reading(self.engine) as connection:
            page = search(connection, SearchQuery(window=window, clues=(clue,)), granted)
        return page.found

    def finds_number(self, number: str) -> bool:
        """Is a recording found by this number?"""
        return bool(self.found(PhoneClue.parse(number, "JP")))

    def finds_name(self, name: str) -> bool:
        """Is a recording found by this name, of an agent or of a customer?"""
        return any(self.found(clue) for clue in (AgentClue(name), CustomerClue(name)))

    def course(self, recording: RecordingId) -> RecordingCourse:
        """Everything that is shown of a recording."""
        granted = grant(self.engine, ReadGrant, Ask(access=access(), target=recording))
        with reading(self.engine) as connection:
            (course,) = read_course(connection, recording, granted)
        return course
