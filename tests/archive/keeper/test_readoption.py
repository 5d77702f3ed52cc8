"""What a restored keystore does not know comes back by kept page and archived object."""

from pathlib import Path

import pytest

from archive.disk.files import LocalDisk
from archive.keeper import readoption
from archive.keeper.readoption import Readoption
from archive.keys.store.schema import open_database
from tests.archive.keeper.scene import LATER_US, KeeperScene, LivePart
from tests.archive.keys.scene import some_header


def now_us() -> int:
    return LATER_US


def archived(scene: KeeperScene, count: int) -> list[LivePart]:
    node = scene.scene.node.id
    parts = [scene.part(some_header(node)).speak().hang_up() for _ in range(count)]
    scene.keeper().round(LATER_US, probes_all=True)
    return parts


def forget(scene: KeeperScene, part: LivePart) -> None:
    """As a keystore set has it that is older than the part."""
    with open_database(scene.scene.config.keystore) as keystore:
        keystore.execute("DELETE FROM data_key WHERE key_id = ?", (part.header.key.raw,))


def of(scene: KeeperScene) -> Readoption:
    return Readoption(
        keys=scene.keys,
        store=scene.store(),
        pages=scene.pages,
        spool=scene.spool,
        disk=LocalDisk(),
    )


def test_parts_that_the_keystore_forgot_are_adopted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the first time: row, page and object stay; some at a time, and after a kill."""
    monkeypatch.setattr(readoption, "PARTS_AT_ONCE", 2)
    scene = KeeperScene(tmp_path)
    known, *forgotten = archived(scene, 4)
    before = scene.object_of(forgotten[0]).stat().st_ino
    for part in forgotten:
        forget(scene, part)
    cut_off = [len(step.parts) for step in of(scene).steps()]
    done = of(scene).readopt(scene.keeper(), now_us)

    # The third lay in the spool from the first try, and went with the round after two.
    assert (cut_off, len(done.parts)) == ([2, 1], 2)
    assert all(scene.is_archived(part) and scene.verify(part) == "bye" for part in forgotten)
    assert scene.object_of(forgotten[0]).stat().st_ino == before
    scene.keys.asked.clear()
    again = of(scene).readopt(scene.keeper(), now_us)
    assert (again.parts, again.problems) == ((), ())
    assert scene.keys.asked == ["Adopt"] * 4
    assert scene.is_archived(known)


def test_what_was_destroyed_stays_so_and_what_has_no_object_waits(tmp_path: Path) -> None:
    """A page that outlived its recording brings nothing back."""
    scene = KeeperScene(tmp_path)
    destroyed, without = archived(scene, 2)
    scene.destroy(destroyed.header.key)
    forget(scene, without)
    scene.object_of(without).unlink()
    done = of(scene).readopt(scene.keeper(), now_us)

    assert done.parts == ()
    assert [each.detail for each in done.problems] == ["key_destroyed"]
    assert not [path for path in scene.spool.rglob("*") if path.is_file()]
