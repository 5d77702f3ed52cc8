"""Which packets of a recording came a second time, long after the first, and whose they were.

Pure. Knows nothing of frames, maps or rows, nor of who sent them again, or why.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.call.adoption import StreamReplay
from archive.call.events import Event
from archive.call.gaps import speaker_of


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownReplay:
    """From one moment to another (µs since 1970 UTC) so many packets of a stream came again.

    `participant` is who speaks there, "" where nobody is known.
    """

    from_us: int
    until_us: int
    stream: int
    packets: int
    participant: str = ""


def replays_in(told: Iterable[StreamReplay], events: Sequence[Event]) -> tuple[KnownReplay, ...]:
    """All of a recording, in the order in which they begin."""
    return tuple(
        KnownReplay(
            from_us=each.from_us,
            until_us=each.until_us,
            stream=each.stream,
            packets=each.packets,
            participant=speaker_of(each.stream, each.from_us, events),
        )
        for each in sorted(told, key=lambda each: (each.from_us, each.stream))
    )
