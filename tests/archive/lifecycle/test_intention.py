"""What is remembered of a recording while it goes."""

from archive.lifecycle.intention import IntendedPart, Intention, decode_intention, hour_of


def test_an_intention_comes_back_as_it_was_written() -> None:
    """A killed runner finds in it all that it needs."""
    going = Intention(
        recording="01" * 16,
        call="02" * 16,
        hour_us=3_600_000_000,
        queues=("営業",),
        teams=("t",),
        controllers=("c",),
        parts=(IntendedPart(part=1, path="a", map_path="b"),),
    )

    assert decode_intention(going.encode()) == going
    assert going.id.raw == b"\x01" * 16


def test_the_hour_says_no_minute() -> None:
    """A tombstone does not tell when exactly somebody called."""
    assert hour_of(2 * 3_600_000_000 + 59 * 60_000_000) == 2 * 3_600_000_000
