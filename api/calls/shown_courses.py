"""A recording as it is shown: its course, and what of it nobody here can decode.

Knows nothing of the web, nor of how either is read.
"""

from dataclasses import dataclass
from typing import Self

from archive.catalog.search.call_course import RecordingCourse
from archive.locate.inferred_links import InferredLinks
from archive.reading.undecoded import Undecoded, is_unheard_in, undecoded_in


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCourse:
    """One recording; `is_unheard`: sound came, and none of it can be decoded here."""

    course: RecordingCourse
    undecoded: tuple[Undecoded, ...]
    is_unheard: bool

    @classmethod
    def of(cls, course: RecordingCourse) -> Self:
        """With what its parts say of where its streams sound."""
        spoken = course.oddities.spoken
        return cls(
            course=course,
            undecoded=undecoded_in(spoken.sounds, spoken.told),
            is_unheard=is_unheard_in(spoken.sounds, spoken.told),
        )


@dataclass(frozen=True, slots=True)
class ShownCall:
    """The recordings of a call, oldest first, and the calls that seem to go with it."""

    courses: tuple[ShownCourse, ...]
    links: InferredLinks
