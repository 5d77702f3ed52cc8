"""Whether anything is missing between parts."""

import dataclasses

import pytest

from archive.call.adoption import LostRange, SequenceRange
from archive.call.continuity import PartSeam, count_open_ends, encode_sequences, has_lost
from archive.call.pauses import Masked
from archive.format.frames import WHOLE_RECORDING


def closed(first: int, last: int, *, lost_ranges: int = 0) -> PartSeam:
    return seam([(0, 5, first, last)], lost_ranges=lost_ranges)


def broken_off(first: int, last: int) -> PartSeam:
    return seam([(0, 5, first, last)], lost_ranges=1, open_ends=1)


def seam(
    sources: list[tuple[int, int, int, int]], *, lost_ranges: int = 0, open_ends: int = 0
) -> PartSeam:
    told = [SequenceRange(stream=s, ssrc=c, first=a, last=b) for s, c, a, b in sources]
    return PartSeam(lost_ranges=lost_ranges, open_ends=open_ends, sequences=encode_sequences(told))


def test_a_worker_that_was_replaced_lost_nothing_where_its_successor_goes_on() -> None:
    """What it had received and not written, the successor wrote."""
    assert not has_lost([broken_off(0, 99), broken_off(100, 199), closed(200, 299)])


@pytest.mark.parametrize(("first", "lost"), [(90, False), (100, False), (101, True), (2_000, True)])
def test_a_number_that_neither_part_holds_is_missing(first: int, *, lost: bool) -> None:
    """Repeated or late packets are no loss; one that never came is."""
    assert has_lost([broken_off(0, 99), closed(first, 3_000)]) is lost


@pytest.mark.parametrize(("first", "lost"), [(0, False), (65_000, False), (1, True)])
def test_numbers_begin_again_after_65535(first: int, *, lost: bool) -> None:
    """Every 22 minutes at 50 packets a second."""
    assert has_lost([broken_off(60_000, 65_535), closed(first, 3_000)]) is lost


def test_behind_the_last_part_nobody_knows() -> None:
    """Everything was killed: what was on its way is gone."""
    assert has_lost([closed(0, 99), broken_off(100, 199)])


def test_what_a_part_tells_of_itself_stays() -> None:
    """A gap inside a part is not healed by what follows."""
    assert has_lost([closed(0, 99, lost_ranges=1), closed(100, 199)])
    assert not has_lost([closed(0, 99), closed(150, 199)])


def test_every_source_of_every_stream_is_asked() -> None:
    """One leg may go on where the other does not; a new source tells nothing."""
    before = seam([(0, 5, 0, 99), (1, 6, 0, 99)], lost_ranges=1, open_ends=1)

    assert not has_lost([before, seam([(0, 5, 100, 199), (1, 6, 100, 199)])])
    assert has_lost([before, seam([(0, 5, 100, 199), (1, 6, 120, 199)])])
    assert not has_lost([before, seam([(0, 5, 100, 199), (1, 7, 9_000, 9_100)])])


def test_only_a_range_without_an_end_is_open() -> None:
    """A count that is not known is not yet an end that is not known."""
    ranges = [
        LostRange(stream=WHOLE_RECORDING, from_us=5, until_us=until, packets=packets)
        for until, packets in [(5, None), (6, None), (5, 1)]
    ]

    assert count_open_ends(ranges) == 1


@pytest.mark.parametrize(("from_us", "lost"), [(150, False), (350, True)])
def test_what_a_pause_between_two_parts_left_out_is_not_missing(
    from_us: int, *, lost: bool
) -> None:
    """The worker died in the pause; one at another place explains nothing."""
    before = dataclasses.replace(broken_off(0, 99), last_us=100)
    after = dataclasses.replace(closed(900, 999), first_us=300, last_us=400)
    masked = Masked(from_us=from_us, until_us=from_us + 100, by="", reason="", because="asked")

    assert has_lost([before, after], [masked]) is lost
