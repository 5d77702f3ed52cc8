"""The sealed map file."""

from dataclasses import replace

import pytest

from archive.errors import MapDamaged
from archive.reading.mapfile import derive_map_key, leaf_salt_of, open_map, seal_map
from archive.reading.timemap import TimeMap
from tests.archive.reading.scenes import header_of
from tests.support.reading.timemap import example

MAP_KEY = bytes(range(32))
HEADER = header_of(0)


def sealed(time_map: TimeMap | None = None) -> bytes:
    return seal_map(time_map or example(), MAP_KEY, HEADER)


@pytest.mark.parametrize("seconds", [1, 400, 2_000])
def test_a_map_comes_back_as_it_was(seconds: int) -> None:
    """Of less than a segment and of many."""
    assert open_map(sealed(example(seconds)), MAP_KEY, HEADER) == example(seconds)


def test_a_flip_anywhere_is_map_damaged() -> None:
    """A wrong map would play the wrong second."""
    whole = sealed()
    for at in range(0, len(whole), 37):
        broken = bytearray(whole)
        broken[at] ^= 1
        with pytest.raises(MapDamaged):
            open_map(bytes(broken), MAP_KEY, HEADER)


@pytest.mark.parametrize("keep", [0, 100, 4096, 8192, -1])
def test_a_cut_is_map_damaged(keep: int) -> None:
    """Also where it falls between two segments."""
    with pytest.raises(MapDamaged):
        open_map(sealed(example(2_000))[:keep], MAP_KEY, HEADER)


def test_a_map_without_its_last_segment_is_called_cut() -> None:
    """Each segment that is left verifies: only the final one says that nothing is missing."""
    with pytest.raises(MapDamaged, match="cut"):
        open_map(sealed(example(2_000))[:8192], MAP_KEY, HEADER)


def test_the_map_of_another_part_or_key_is_refused() -> None:
    """Maps of two calls that were swapped must not open."""
    with pytest.raises(MapDamaged):
        open_map(sealed(), MAP_KEY, replace(HEADER, part=1))
    with pytest.raises(MapDamaged):
        open_map(sealed(), bytes(32), HEADER)


def test_key_and_salt_are_the_parts_own() -> None:
    """Two parts under one data key by mistake would still not share a map key."""
    blocks = [bytes([n]) * 4096 for n in (1, 2)]
    keys = {bytes(derive_map_key(bytes(32), block)) for block in blocks}

    assert len(keys) == 2
    assert len({leaf_salt_of(key) for key in keys}) == 2
