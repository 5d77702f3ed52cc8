"""Where a recording is silent for a reason: pauses, holds, codecs that nobody here decodes.

Pure, from the time line alone. Knows nothing of files or of who is told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from archive.call.pauses import masked_in
from archive.call.signalled_holds import holds_in
from archive.reading.packets.skew_steps import MICRO
from archive.reading.timeline import Timeline
from archive.reading.undecoded import undecoded_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nothing is heard on these `channels` (from 0, left) from one moment to another, and why.

    `from_us` and `until_us` count from the begin of the time line. `participant` is who was on
    hold, or came in that `codec`, "" for nobody who is known; `extra` would decode it, "" where
    nothing does.
    """

    from_us: int
    until_us: int
    because: Literal["pause", "hold", "codec"]
    channels: tuple[int, ...]
    participant: str = ""
    codec: str = ""
    extra: str = ""


def silences_in(line: Timeline) -> tuple[Silence, ...]:
    """All of them, in the order in which they begin."""
    ended_us = line.start_us + line.samples * MICRO // line.sample_rate_hz
    every = tuple(range(len(line.channels)))
    pauses = [
        Silence(
            from_us=each.from_us - line.start_us,
            until_us=each.until_us - line.start_us,
            because="pause",
            channels=every,
        )
        for each in masked_in(line.events, ended_us)
    ]
    holds = [
        Silence(
            from_us=each.from_us - line.start_us,
            until_us=each.until_us - line.start_us,
            because="hold",
            channels=channels_with(line, each.streams) or every,
            participant=each.participant,
        )
        for each in holds_in(line.events, ended_us)
    ]
    found = (*pauses, *holds, *_undecoded(line))
    return tuple(sorted(found, key=lambda each: (each.from_us, each.channels)))


def _undecoded(line: Timeline) -> Iterator[Silence]:
    for each in undecoded_on(line):
        yield Silence(
            from_us=each.from_us - line.start_us,
            until_us=each.until_us - line.start_us,
            because="codec",
            channels=channels_with(line, (each.stream,)),
            participant=each.participant,
            codec=each.codec,
            extra=each.extra,
        )


def channels_with(line: Timeline, streams: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(
        channel
        for channel, lane in enumerate(line.channels)
        if set(line.lanes[lane].streams) & set(streams)
    )
