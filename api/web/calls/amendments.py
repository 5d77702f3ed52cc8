"""What was corrected, tagged and noted, as it is answered.

Knows nothing of how it is found, nor of who may write it.
"""

from datetime import UTC, datetime, tzinfo
from typing import Self

from pydantic import BaseModel

from api.web.http.times import shown
from archive.attributes import MarkKind
from archive.call.corrections import (
    ByParticipant,
    ByStream,
    Correction,
    NoteWritten,
    kind_of,
    values_of,
    whom_of,
)
from archive.call.marks import CallMarks
from archive.catalog.search.call_course import Amended


class CorrectionView(BaseModel):
    """One correction: what is so (`value`) and what was there when it was written (`was`).

    [] is "nothing". Whose leg it is of says `participant`, or `stream` where the client named
    nobody; both are null where it is of the recording. `side_guessed`: on which side he was, by
    which he may have been named, was a guess then.
    """

    kind: str
    participant: str | None
    stream: int | None
    side_guessed: bool
    value: list[str]
    was: list[str]
    author: str
    at: datetime
    reason: str

    @classmethod
    def show(cls, correction: Correction, zone: tzinfo = UTC) -> Self:
        """A correction with its time in `zone`."""
        change = correction.change
        whom = whom_of(change)
        return cls(
            kind=kind_of(change),
            participant=whom.participant if isinstance(whom, ByParticipant) else None,
            stream=whom.stream if isinstance(whom, ByStream) else None,
            side_guessed=isinstance(whom, ByParticipant | ByStream) and whom.side_guessed,
            value=list(values_of(change)),
            was=list(correction.was),
            author=correction.author,
            at=shown(correction.at_us, zone),
            reason=correction.reason,
        )


class NoteView(BaseModel):
    """A note, by whom and since when."""

    text: str
    author: str
    at: datetime
    reason: str

    @classmethod
    def show(cls, correction: Correction, note: NoteWritten, zone: tzinfo) -> Self:
        """A note with its time in `zone`."""
        return cls(
            text=note.text,
            author=correction.author,
            at=shown(correction.at_us, zone),
            reason=correction.reason,
        )


class MarksView(BaseModel):
    """What a recording is marked with now: by its route or source, and as corrected."""

    queues: list[str]
    controllers: list[str]
    purposes: list[str]
    tags: list[str]

    @classmethod
    def show(cls, amended: Amended) -> Self:
        """Those in force."""

        def values(kind: MarkKind) -> list[str]:
            return [value for of, value in amended.marks if of == kind]

        return cls(
            queues=values("queue"),
            controllers=values("controller"),
            purposes=values("purpose"),
            tags=values("tag"),
        )

    @classmethod
    def of(cls, marks: CallMarks) -> Self:
        """Those of a call that is up."""
        return cls(
            queues=[marks.queue] if marks.queue else [],
            controllers=[marks.controller] if marks.controller else [],
            purposes=list(marks.purposes),
            tags=list(marks.tags),
        )


def corrections_shown(amended: Amended, zone: tzinfo) -> list[CorrectionView]:
    """All but notes, oldest first."""
    return [
        CorrectionView.show(each, zone)
        for each in amended.corrections
        if not isinstance(each.change, NoteWritten)
    ]


def notes_shown(amended: Amended, zone: tzinfo) -> list[NoteView]:
    """The notes, oldest first."""
    return [
        NoteView.show(each, each.change, zone)
        for each in amended.corrections
        if isinstance(each.change, NoteWritten)
    ]
