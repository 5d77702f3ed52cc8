"""How long a call of several recordings was, to whoever tells of it."""

import pytest

from archive.locate.whole_length import whole_length_ms

MINUTE_US, MINUTE_MS = 60_000_000, 60_000
TABLE = [
    ("one", [(0, 3)], 3),
    ("put through", [(0, 3), (3, 7)], 10),
    ("put through, told the other way round", [(3, 7), (0, 3)], 10),
    ("recorded by two devices", [(0, 9), (0, 9)], 9),
    ("recorded once more within", [(0, 9), (2, 4)], 9),
    ("overlapping", [(0, 6), (5, 5)], 10),
    ("parked for an hour, then taken", [(0, 2), (62, 5)], 7),
]


@pytest.mark.parametrize(("_", "parts", "minutes"), TABLE)
def test_a_call_is_as_long_as_it_was_heard(
    _: str, parts: list[tuple[int, int]], minutes: int
) -> None:
    """Begin and length of each recording, in minutes."""
    own = [(begin * MINUTE_US, length * MINUTE_MS) for begin, length in parts]

    assert whole_length_ms(own) == minutes * MINUTE_MS
