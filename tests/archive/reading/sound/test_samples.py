"""Payloads laid out sample by sample."""

import numpy as np

from archive.reading.sound.samples import Stretches, flatten


def test_each_sample_keeps_its_place_and_its_code() -> None:
    """Off by one here is a click in every packet."""
    data = np.arange(100, dtype=np.uint8)
    stretches = Stretches(np.array([500, 90, 7]), np.array([10, 0, 40]), np.array([3, 0, 2]))
    flat = flatten(stretches, data)

    assert flat.places.tolist() == [500, 501, 502, 7, 8]
    assert flat.codes.tolist() == [10, 11, 12, 40, 41]
    assert flatten(stretches.pick(np.array([2])), data).places.tolist() == [7, 8]
