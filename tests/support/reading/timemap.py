"""What tests of timemap share."""

from archive.reading.packets.alignment import Span, StreamCounts
from archive.reading.packets.seconds import SecondMap
from archive.reading.sound.peaks import StreamPeaks
from archive.reading.timemap import (
    MAP_VERSION,
    CodecUse,
    NumberedEvent,
    PartLine,
    StreamMap,
    TimeMap,
)
from tests.archive.reading.scenes import START_US, added


def span(**changes: int) -> Span:
    values = {
        "ssrc": 5, "key": 0, "clock_rate_hz": 8000, "first_timestamp": 800, "first_ticks": 0,
        "last_ticks": 7_840, "end_ticks": 8_000, "anchor_us": START_US, "early_us": 0,
        "late_us": 30_000, "longest_bytes": 160,
    } | changes  # fmt: skip
    return Span(source="arrival", **values)


def example(seconds: int = 3, *spans: Span, stream: int = 0) -> TimeMap:
    """A map of one stream."""
    return TimeMap(
        version=MAP_VERSION,
        plain_bytes=5_000,
        line=PartLine(
            first_us=START_US, last_us=START_US + seconds * 1_000_000,
            first_offset_us=0, last_offset_us=0,
        ),
        seconds=SecondMap(
            start_us=START_US, first=tuple(range(seconds)), until=tuple(range(1, seconds + 1))
        ),
        streams=(
            StreamMap(
                stream=stream,
                spans=spans or (span(),),
                codecs=(
                    CodecUse(payload_type=0, encoding="PCMU", clock_rate_hz=8000, packets=50),
                ),
                counts=StreamCounts(packets=50),
                peaks=StreamPeaks(stream=stream, start_us=START_US, low=b"\x80\0", high=b"\x7f\1"),
            ),
        ),
        events=(NumberedEvent(serial=0, event=added(stream)),),
        root=bytes(32),
    )  # fmt: skip
