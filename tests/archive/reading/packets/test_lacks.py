"""Where packets are missing on the line of a part."""

import numpy as np

from archive.reading.packets.alignment import Rows, StreamAligner
from archive.reading.packets.lacks import Lacks, lacks_of
from tests.support.reading.lines import anchored

SECOND = 1_000_000


def lacks(*numbers: int) -> Lacks:
    """Of a source of 20 ms packets, each at its place by its number."""
    own = np.array(numbers, np.int64)
    rows = Rows(
        keys=own,
        arrivals_us=own * 20_000,
        trusted=np.ones(len(own), np.bool_),
        sequence=own % 65_536,
        timestamp=own * 160,
        clock_rates=np.full(len(own), 8_000),
        payload_lengths=np.full(len(own), 160),
        silent=np.zeros(len(own), np.bool_),
    )
    aligner = StreamAligner()
    aligner.feed(np.full(len(own), 7), rows)
    return lacks_of(aligner.tracks, anchored(aligner))


def test_a_lack_lasts_as_long_as_its_packets() -> None:
    """Its place is theirs."""
    (lack,) = lacks(*range(10), *range(15, 30)).missing

    assert (lack.from_us, lack.until_us, lack.packets) == (200_000, 300_000, 5)
    assert (lack.arrivals_us, lack.keys) == ((180_000, 300_000), (9, 15))


def test_numbers_that_run_over_their_16_bits_lack_nothing() -> None:
    """They begin anew at 0."""
    assert lacks(*range(65_500, 65_600)) == Lacks((), ())


def test_a_loss_is_no_silence() -> None:
    """However long: numbers are missing."""
    found = lacks(*range(10), *range(200, 210))

    assert [(each.from_us, each.until_us) for each in found.missing] == [(200_000, 4 * SECOND)]
    assert found.quiet == ()
