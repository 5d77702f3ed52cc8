"""The map as JSON."""

import pytest

from archive.errors import MapDamaged
from archive.reading.packets.blocks import ClockStep
from archive.reading.timemap import LineReading, PartLine, decode_map, encode_map
from tests.support.reading.timemap import example


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
