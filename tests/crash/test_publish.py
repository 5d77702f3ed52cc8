"""Files and objects that appear whole or not at all, cut off before every call."""

from collections.abc import Callable
from pathlib import Path

import pytest

from archive.disk.files import Disk, make_folders, publish
from archive.disk.store import LocalStore
from tests.crash.crashing import CrashingDisk, Fuse, PowerCut

NEVER = 10_000


def put_an_object(disk: Disk, root: Path) -> Path:
    store = LocalStore(root, disk)
    store.put("tenant/2026/11/25/part.rkn", lambda: (b"sealed", b"!"))
    return store.path("tenant/2026/11/25/part.rkn")


def publish_a_file(disk: Disk, root: Path) -> Path:
    make_folders(disk, root, root / "pages")
    publish(disk, root / "pages" / "page", (b"sealed", b"!"))
    return root / "pages" / "page"


@pytest.mark.parametrize("is_power_cut", [False, True], ids=["killed", "power cut"])
@pytest.mark.parametrize("act", [put_an_object, publish_a_file], ids=lambda act: act.__name__)
def test_cut_before_any_call_there_is_nothing_or_all(
    tmp_path: Path, act: Callable[[Disk, Path], Path], *, is_power_cut: bool
) -> None:
    """And the next attempt ends with the whole of it."""
    (tmp_path / "whole").mkdir()
    fuse = Fuse(NEVER)
    name = act(CrashingDisk(fuse), tmp_path / "whole").relative_to(tmp_path / "whole")

    for cut in range(len(fuse.calls)):
        root = tmp_path / str(cut)
        root.mkdir()
        disk = CrashingDisk(Fuse(cut))
        with pytest.raises(PowerCut):
            act(disk, root)
        if is_power_cut:
            disk.cut_power()
        assert not (root / name).exists() or (root / name).read_bytes() == b"sealed!"
        assert act(CrashingDisk(Fuse(NEVER)), root).read_bytes() == b"sealed!"


@pytest.mark.parametrize("act", [put_an_object, publish_a_file], ids=lambda act: act.__name__)
def test_what_was_reported_survives_a_power_cut(
    tmp_path: Path, act: Callable[[Disk, Path], Path]
) -> None:
    """Once the call has returned, neither content nor name nor folder can be lost."""
    disk = CrashingDisk(Fuse(NEVER))
    path = act(disk, tmp_path)
    disk.cut_power()

    assert path.read_bytes() == b"sealed!"


def test_an_object_put_again_after_a_lost_sync_is_safe_the_second_time(tmp_path: Path) -> None:
    """Cut between rename and sync: the second put finds it there and syncs the folder again."""
    fuse = Fuse(NEVER)
    put_an_object(CrashingDisk(fuse), tmp_path)
    (tmp_path / "second").mkdir()
    first = CrashingDisk(Fuse(len(fuse.calls) - 1))
    with pytest.raises(PowerCut):
        put_an_object(first, tmp_path / "second")

    put_an_object(first.continued(), tmp_path / "second")
    first.cut_power()
    assert (tmp_path / "second/tenant/2026/11/25/part.rkn").read_bytes() == b"sealed!"
