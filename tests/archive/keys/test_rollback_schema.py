"""What is noted of a destruction, whoever carries it out."""

from pathlib import Path

from archive.keys.tally import count_some, has_uncounted, tally_of
from tests.archive.keys.turning import Turning


def test_a_recording_is_counted_once_whatever_it_had_of_keys(tmp_path: Path) -> None:
    """The number is that of recordings."""
    turning = Turning(tmp_path)
    header, _ = turning.adopt()
    turning.destroy(header)
    assert has_uncounted(turning.opened.connection)
    count_some(turning.opened.connection)

    assert tally_of(turning.opened.connection).recordings == 1
    assert not has_uncounted(turning.opened.connection)
