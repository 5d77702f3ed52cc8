"""Codecs with a memory: the right sound at the right place, whatever range is asked for."""

from pathlib import Path

import numpy as np
import pytest

from tests.archive.reading.scenes import START_US, Shelf, added
from tests.archive.reading.vectors import (
    NAMES,
    Call,
    alike,
    at_rate,
    form_of,
    heard,
    heard_from,
    pyav,
    reference,
)

__all__ = ["pyav"]
LEAST = 0.95
QUIET_FIRST = 400_000


def shelved(folder: Path, name: str) -> Shelf:
    """A call of one vector that begins 400 ms into the recording."""
    call = Call(name=name, begin_us=START_US + QUIET_FIRST)
    return Shelf(folder=folder).write(call.sent(), [added(0, form_of(name))])


@pytest.mark.usefixtures("pyav")
@pytest.mark.parametrize("name", NAMES)
def test_each_codec_sounds_as_its_encoders_own_decoder_has_it(tmp_path: Path, name: str) -> None:
    """In the right place to 1 ms, from the begin and from the middle."""
    samples, rate = heard(shelved(tmp_path, name).parts)
    expected, own_rate = reference(name)
    expected = at_rate(expected, own_rate, rate)
    begin = rate * QUIET_FIRST // 1_000_000

    assert not samples[:begin].any()
    for at in (rate // 20, rate * 16 // 10, rate * 32 // 10, rate * 46 // 10):
        found, late = alike(expected, samples[begin:], at=at, size=rate, reach=rate // 100)
        assert found >= LEAST, (name, at)
        assert abs(late) <= rate // 1000, (name, at)


@pytest.mark.usefixtures("pyav")
@pytest.mark.parametrize("name", NAMES)
def test_every_range_is_what_the_whole_has_there(tmp_path: Path, name: str) -> None:
    """A player that seeks and one that does not must not hear two recordings."""
    parts = shelved(tmp_path, name).parts
    whole, rate = heard(parts)
    for first, size in (
        (0, 10),
        (rate * 5 // 2, rate),
        (rate * 22 // 10, 3),
        (rate * 23 // 10, rate * 3),
    ):
        assert np.array_equal(heard_from(parts, first, first + size), whole[first : first + size])
