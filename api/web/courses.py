"""The course of a call as it is answered: its recordings, who took part, who came and went.

Knows nothing of how it is found.
"""

from datetime import datetime, tzinfo
from typing import Self

from pydantic import BaseModel

from api.web.models import RecordingView, shown
from archive.catalog.course import RecordingCourse
from archive.events import ParticipantChange, ParticipantChanged


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


class CourseView(RecordingView):
    """One recording, who took part, and who came and went."""

    participants: list[ParticipantView]

    @classmethod
    def tell(cls, course: RecordingCourse, zone: tzinfo) -> Self:
        """A recording with its times in `zone`."""
        known = RecordingView.show(course.found, zone)
        changes = [ParticipantView.show(change, zone) for change in course.changes]
        return cls(**dict(known), participants=changes)


class CallView(BaseModel):
    """A conversation: the recordings that belong together, oldest first; times in UTC."""

    conversation: str
    recordings: list[CourseView]
