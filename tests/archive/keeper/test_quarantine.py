"""Parts that the archive refuses for good."""

from pathlib import Path

from archive.disk.files import LocalDisk
from archive.keeper.quarantine import refused_parts, set_aside
from archive.keeper.spool import list_spool
from archive.keeper.stuck_parts import StuckReason
from tests.archive.keeper.scene import KeeperScene


def test_what_is_set_aside_is_no_part_and_is_named(tmp_path: Path) -> None:
    """By every keeper, also after a restart, until a person has seen to it."""
    scene = KeeperScene(tmp_path)
    part = scene.part().speak().hang_up()
    content = part.path.read_bytes()
    (file,) = list_spool([scene.spool])

    aside = set_aside(LocalDisk(), file)

    assert list_spool([scene.spool]) == []
    assert [(each.path, each.reason) for each in refused_parts([scene.spool])] == [
        (aside, StuckReason.OUT_OF_PLACE)
    ]
    assert aside.read_bytes() == content
