"""The course of a call as it is answered: its recordings, who took part, who came and went.

Knows nothing of how it is found.
"""

from datetime import datetime, tzinfo
from typing import Self

from pydantic import BaseModel

from api.web.models import RecordingView, shown
from archive.catalog.course import RecordingCourse
from archive.events import ParticipantChange, ParticipantChanged
from archive.pauses import Masked


class ParticipantView(BaseModel):
    """A change of who is in the call; `told_at` is the source's own time of it, where it says."""

    at: datetime
    what: ParticipantChange
    participant: str
    address: str
    instead_of: str
    told_at: datetime | None

    @classmethod
    def show(cls, change: ParticipantChanged, zone: tzinfo) -> Self:
        """A change with its times in `zone`."""
        return cls(
            at=shown(change.at_us, zone),
            what=change.what,
            participant=change.participant,
            address=change.aor,
            instead_of=change.instead_of,
            told_at=shown(change.told_us, zone) if change.told_us else None,
        )


class MaskedView(BaseModel):
    """An interval that was not kept, at its place in the audio: who wanted it, and why.

    `until_because` is why it ended; empty where nothing tells of an end before the call's.
    """

    start_at: datetime
    end_at: datetime
    by: str
    reason: str
    until_because: str

    @classmethod
    def show(cls, masked: Masked, zone: tzinfo) -> Self:
        """An interval with its times in `zone`."""
        return cls(
            start_at=shown(masked.from_us, zone),
            end_at=shown(masked.until_us, zone),
            by=masked.by,
            reason=masked.reason,
            until_because=masked.because,
        )


class CourseView(RecordingView):
    """One recording, who took part, who came and went, and what was not kept."""

    participants: list[ParticipantView]
    masked: list[MaskedView]

    @classmethod
    def tell(cls, course: RecordingCourse, zone: tzinfo) -> Self:
        """A recording with its times in `zone`."""
        known = RecordingView.show(course.found, zone)
        changes = [ParticipantView.show(change, zone) for change in course.changes]
        masked = [MaskedView.show(each, zone) for each in course.masked]
        return cls(**dict(known), participants=changes, masked=masked)


class CallView(BaseModel):
    """A conversation: the recordings that belong together, oldest first; times in UTC."""

    conversation: str
    recordings: list[CourseView]
