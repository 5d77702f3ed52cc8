"""What waits in the spool."""

import os
from pathlib import Path

import pytest

from archive.errors import KeyUnavailable
from tests.archive.keeper.scene import LATER_US, KeeperScene


def test_what_is_over_and_not_archived_waits_and_what_is_spoken_does_not(tmp_path: Path) -> None:
    """A night without the key daemon is a backlog; a hundred calls that are up are none."""
    scene = KeeperScene(tmp_path)
    keeper = scene.keeper()
    spoken = scene.part().speak()
    keeper.round(LATER_US)
    scene.keys.is_away = True
    older, newer = scene.part().speak().hang_up(), scene.part().speak().hang_up()
    for at_s, part in ((1_000, older), (2_000, newer)):
        os.utime(part.path, (at_s, at_s))
    with pytest.raises(KeyUnavailable):
        keeper.round(LATER_US + 60_000_000)

    found = keeper.backlog(LATER_US + 60_000_000)

    assert (found.parts, found.live, found.oldest_us) == (2, 1, 1_000_000_000)
    assert found.size_bytes == older.path.stat().st_size + newer.path.stat().st_size
    assert spoken.path.exists()


def test_nothing_waits_once_it_is_archived(tmp_path: Path) -> None:
    """And so the alarm ends by itself."""
    scene = KeeperScene(tmp_path)
    keeper = scene.keeper()
    scene.part().speak().hang_up()
    keeper.round(LATER_US)

    assert keeper.backlog(LATER_US).parts == 0
