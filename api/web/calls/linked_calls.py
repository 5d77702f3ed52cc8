"""One call as it is answered: its recordings, and other calls that seem to go with it.

Knows nothing of how they are found.
"""

from datetime import datetime, tzinfo
from typing import Self

from pydantic import BaseModel

from api.web.calls.courses import CourseView
from api.web.http.times import shown
from archive.call.direction import Direction
from archive.locate.inferred_links import InferredLink, LinkBecause, Place, Shared


class InferredLinkView(BaseModel):
    """Another call of the same outside party: inferred, by no id that both have.

    `called_back`: one of the two is inbound, the other one is its answer. `called_again`: the same
    way within minutes, as who was cut off does. `shared` is what both have beside the party.
    """

    conversation: str
    started_at: datetime
    ended_at: datetime
    direction: Direction
    because: LinkBecause
    place: Place
    shared: list[Shared]

    @classmethod
    def show(cls, link: InferredLink, zone: tzinfo) -> Self:
        """A link with its times in `zone`."""
        return cls(
            conversation=str(link.call.conversation),
            started_at=shown(link.call.started_us, zone),
            ended_at=shown(link.call.ended_us, zone),
            direction=link.call.direction,
            because=link.because,
            place=link.place,
            shared=list(link.shared),
        )


class CallView(BaseModel):
    """A conversation: the recordings that belong together, oldest first; times in UTC.

    `inferred_links` are other calls, which only seem to go with it; `more_inferred_links`: there
    are more, these are the nearest.
    """

    conversation: str
    recordings: list[CourseView]
    inferred_links: list[InferredLinkView]
    more_inferred_links: bool
