"""Where we receive."""

from capture.inline.descriptions.seat import MediaSeat


def test_a_seat_that_is_written_into_a_log_says_nothing_of_its_secret() -> None:
    """Only where it is."""
    seat = MediaSeat(address="192.0.2.9", port=10_000, session_id=9, secret=bytes(range(65, 111)))

    assert repr(seat) == "MediaSeat(192.0.2.9, 10000)"
