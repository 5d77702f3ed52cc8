"""The steps that concern one part alone."""

import os
from pathlib import Path

import pytest

from archive.keeper.spool import list_spool, read_lead
from archive.keeper.stuck_parts import Stuck, StuckReason
from tests.archive.keeper.scene import KeeperScene


@pytest.fixture
def scene(tmp_path: Path) -> KeeperScene:
    return KeeperScene(tmp_path)


def test_a_key_that_is_refused_stops_its_part_with_the_daemons_word(scene: KeeperScene) -> None:
    """The alarm says what to do about it."""
    part = scene.part().speak()
    scene.adopter().adopt_key(read_lead(list_spool([scene.spool])[0]))
    scene.destroy(part.header.key)

    with pytest.raises(Stuck) as stuck:
        scene.adopter().adopt_key(read_lead(list_spool([scene.spool])[0]))
    assert (stuck.value.reason, stuck.value.detail) == (StuckReason.KEY_REFUSED, "key_destroyed")


@pytest.mark.parametrize(("size", "goes"), [(0, True), (4096, True), (8191, True), (8192, False)])
def test_only_a_file_without_first_blocks_is_removed(
    scene: KeeperScene, size: int, *, goes: bool
) -> None:
    """Without page and header no key can be opened, and there is no segment; else there may be."""
    part = scene.part().speak().die()
    os.truncate(part.path, size)
    (file,) = list_spool([scene.spool])

    assert scene.adopter().remove_hollow(file) is goes
    assert part.path.exists() is not goes


def test_a_hollow_file_under_its_writers_lock_is_not_removed(scene: KeeperScene) -> None:
    """What a slow disk holds up would be written into a file that has no name any more."""
    part = scene.part()
    os.truncate(part.path, 0)
    (file,) = list_spool([scene.spool])

    assert not scene.adopter().remove_hollow(file)
    assert part.path.exists()
