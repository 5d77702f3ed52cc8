"""The map as JSON."""

import pytest

from archive.errors import MapDamaged
from archive.reading.alignment import Span, StreamCounts
from archive.reading.blocks import ClockStep
from archive.reading.peaks import StreamPeaks
from archive.reading.seconds import SecondMap
from archive.reading.timemap import (
    MAP_VERSION,
    CodecUse,
    LineReading,
    NumberedEvent,
    PartLine,
    StreamMap,
    TimeMap,
    decode_map,
    encode_map,
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


def test_a_map_comes_back_from_its_json() -> None:
    """All of it, bytes and events included."""
    assert decode_map(encode_map(example())) == example()


def test_a_line_knows_every_step_of_its_clock() -> None:
    """Arrivals before a step, in its frame and behind it mean three different things."""
    line = PartLine(
        first_us=0, last_us=0, first_offset_us=0, last_offset_us=0,
        steps=(ClockStep(100, 5_000_000), ClockStep(300, 2_000_000)),
    )  # fmt: skip

    assert [line.read(at) for at in (0, 100, 200, 300, 400)] == [
        LineReading(0, trusted=True),
        LineReading(-5_000_000, trusted=False),
        LineReading(-5_000_000, trusted=True),
        LineReading(-2_000_000, trusted=False),
        LineReading(-2_000_000, trusted=True),
    ]
    assert line.stepped_us == 2_000_000


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"{}",
        b"[1]",
        b"\xff",
        encode_map(example())[:-1],
        encode_map(example()).replace(b'"version":1', b'"version":2'),
        encode_map(example()).replace(b'"first":[0,', b'"first":['),
        encode_map(example()).replace(b'"ssrc":5', b'"ssrc":"x"'),
    ],
)
def test_what_is_no_map_is_named(plain: bytes) -> None:
    """Verified bytes of another version, or of a fault of our own, are not guessed at."""
    with pytest.raises(MapDamaged):
        decode_map(plain)
