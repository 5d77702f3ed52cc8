"""What the configuration says of a call: its queue, its purposes, on whose behalf it is, its tags.

Pure. Knows nothing of sources, routes or settings.
"""

from collections.abc import Iterator

import msgspec

from archive.attributes import MarkKind


class CallMarks(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a source or a route says of its calls; "" and () say nothing."""

    queue: str = ""
    purposes: tuple[str, ...] = ()
    controller: str = ""
    tags: tuple[str, ...] = ()

    def over(self, other: "CallMarks") -> "CallMarks":
        """What is said here counts before what the other says; tags add up."""
        return CallMarks(
            queue=self.queue or other.queue,
            purposes=self.purposes or other.purposes,
            controller=self.controller or other.controller,
            tags=tuple(dict.fromkeys((*other.tags, *self.tags))),
        )

    def told(self) -> Iterator[tuple[MarkKind, str]]:
        """Kinds and values, as a recording has them."""
        if self.queue:
            yield "queue", self.queue
        yield from (("purpose", each) for each in self.purposes)
        if self.controller:
            yield "controller", self.controller
        yield from (("tag", each) for each in self.tags)


UNMARKED = CallMarks()
