"""Silences in a header."""

from api.web.calls.recordings import MAX_TOLD, silences_told
from archive.reading.silences import Silence

PAUSE = Silence(from_us=0, until_us=1_500_000, because="pause", channels=(0, 1))


def test_each_silence_is_an_item_of_a_list() -> None:
    """RFC 8941: who reads it needs no parser of ours."""
    hold = Silence(
        from_us=2_000_000, until_us=3_000_000, because="hold", channels=(1,), participant="p"
    )

    assert silences_told((PAUSE, hold)) == (
        '0.000;until=1.500;because=pause;channels="1 2", '
        '2.000;until=3.000;because=hold;channels="2"'
    )
    assert silences_told(()) == ""


def test_what_has_no_room_is_counted() -> None:
    """Nothing is cut short in silence."""
    told = silences_told([PAUSE] * (MAX_TOLD + 3))

    assert told.count("until=") == MAX_TOLD
    assert told.endswith(", more=3")
