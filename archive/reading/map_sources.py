"""What the map of a part says of its sources: the numbers they begin and end with, their gaps.

Pure. Knows nothing of frames, nor of other parts.
"""

from collections.abc import Iterator
from typing import Final

from archive.call.adoption import SequenceRange, StreamGap, StreamReplay
from archive.reading.packets.alignment import Span
from archive.reading.timemap import StreamMap, TimeMap

# A stream changes its source a few times in its life; a flood of sources is no evidence.
MAX_SOURCES: Final = 32


def sequences_of(time_map: TimeMap) -> tuple[SequenceRange, ...]:
    """With which numbers each source begins and ends; of a flood of sources only some."""
    return tuple(told for stream in time_map.streams for told in _sources_of(stream))


def _sources_of(stream: StreamMap) -> Iterator[SequenceRange]:
    spans: dict[int, list[Span]] = {}
    for span in stream.spans:
        spans.setdefault(span.ssrc, []).append(span)
    for ssrc, own in list(spans.items())[-MAX_SOURCES:]:
        yield SequenceRange(
            stream=stream.stream,
            ssrc=ssrc,
            first=own[0].first_sequence,
            last=own[-1].last_sequence,
        )


def gaps_of(time_map: TimeMap) -> tuple[StreamGap, ...]:
    """Of all its streams."""
    return tuple(gap for stream in time_map.streams for gap in stream.gaps)


def replays_of(time_map: TimeMap) -> tuple[StreamReplay, ...]:
    """Of those of its streams that have any."""
    found = (stream.replay for stream in time_map.streams)
    return tuple(each for each in found if isinstance(each, StreamReplay))
