"""The keeper cut off before every single call that it makes: K1 to K6."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.disk.archive_place import ArchivePlace
from archive.disk.store import LocalStore
from archive.keeper.adopter import Adopter
from archive.keeper.keeper_rounds import Keeper
from tests.archive.keeper.scene import LATER_US, KeeperScene, LivePart
from tests.crash.crashing import CrashingDisk, CrashingKeys, CrashingRegister, Fuse, PowerCut

NEVER = 10_000


def a_closed_part(scene: KeeperScene) -> LivePart:
    return scene.part().speak().hang_up()


def a_part_not_renamed(scene: KeeperScene) -> LivePart:
    return scene.part().speak().hang_up(renames=False)


def a_header_without_segments(scene: KeeperScene) -> LivePart:
    return scene.part().die()


def a_part_without_end(scene: KeeperScene) -> LivePart:
    return scene.part().speak().die()


def a_torn_segment(scene: KeeperScene) -> LivePart:
    part = scene.part().speak().die()
    os.truncate(part.path, part.path.stat().st_size - 1000)
    return part


def a_torn_final_segment(scene: KeeperScene) -> LivePart:
    part = scene.part().speak().hang_up(renames=False)
    os.truncate(part.path, part.path.stat().st_size - 1)
    return part


LEFT_BY_THE_WRITER: list[Callable[[KeeperScene], LivePart]] = [
    a_closed_part,
    a_part_not_renamed,
    a_header_without_segments,
    a_part_without_end,
    a_torn_segment,
    a_torn_final_segment,
]


_HOW = {False: "killed", True: "power cut"}
# Of each way one in every run; all of them by `make crash` and `make thorough`.
TYPICAL = ((a_closed_part, True), (a_torn_segment, False))
THREE = (a_closed_part, a_part_without_end, a_part_not_renamed)


def _three_parts(scene: KeeperScene) -> LivePart:
    first, *_ = [left(scene) for left in THREE]
    return first


class Attempt:
    """A keeper's process with a fuse in it."""

    def __init__(self, scene: KeeperScene, calls_until_cut: int) -> None:
        self.fuse = Fuse(calls_until_cut)
        self.disk = CrashingDisk(self.fuse)
        self._scene = scene

    def run(self) -> bool:
        """One process from its start to its end; false where it was cut off."""
        adopter = Adopter(
            keys=CrashingKeys(self.fuse, self._scene.keys),
            register=CrashingRegister(self.fuse, self._scene.register),
            store=LocalStore(self._scene.folder / "archive", self.disk),
            place=ArchivePlace(self._scene.folder / "archive", tuple),
            pages=self._scene.pages,
            disk=self.disk,
        )
        keeper = Keeper(adopter, [self._scene.spool], patience_us=0)
        try:
            keeper.prepare()
            keeper.round(LATER_US)
        except PowerCut:
            return False
        assert keeper.problems == ()
        return True


def what_always_holds(scene: KeeperScene, part: LivePart) -> None:
    """True at every moment, whatever was cut."""
    name = part.header.part_name
    is_in_spool = part.path.exists() or part.sealed_path.exists()
    has_row = name in scene.register.rows
    assert is_in_spool or has_row, "a spool file is gone only after the catalog's commit"
    if has_row:
        assert scene.verify(part) in ("bye", "recovered")
        adoption = scene.register.rows[name]
        assert scene.store().describe(adoption.path).sha256 == adoption.sha256
    kept = scene.pages / f"{name.recording}-p{name.part:02d}.page"
    assert is_in_spool or kept.stat().st_size == 4096
    assert scene.register.entries.count(name) <= 1


def calls_of_a_whole_run(tmp_path: Path, left: Callable[[KeeperScene], LivePart]) -> list[str]:
    scene = KeeperScene(tmp_path / "whole")
    left(scene)
    attempt = Attempt(scene, NEVER)
    assert attempt.run()
    return attempt.fuse.calls


@pytest.mark.parametrize(
    ("left", "is_power_cut"),
    [
        pytest.param(left, cut, marks=() if (left, cut) in TYPICAL else pytest.mark.slow)
        for left in LEFT_BY_THE_WRITER
        for cut in (False, True)
    ],
    ids=lambda each: each.__name__ if callable(each) else _HOW[each],
)
def test_a_keeper_cut_before_any_call_is_finished_by_the_next(
    tmp_path: Path, left: Callable[[KeeperScene], LivePart], *, is_power_cut: bool
) -> None:
    """Whatever a writer left, wherever the keeper stopped: no loss, no second row."""
    calls = calls_of_a_whole_run(tmp_path, left)
    assert len(calls) > 20

    for cut in range(len(calls)):
        scene = KeeperScene(tmp_path / str(cut))
        part = left(scene)
        attempt = Attempt(scene, cut)
        assert not attempt.run()
        if is_power_cut:
            attempt.disk.cut_power()
        what_always_holds(scene, part)

        assert Attempt(scene, NEVER).run()
        what_always_holds(scene, part)
        assert scene.is_archived(part), f"cut before call {cut}, {calls[cut]}"


@pytest.mark.parametrize(
    "is_power_cut", [pytest.param(False, marks=pytest.mark.slow), True], ids=_HOW.get
)
def test_a_batch_cut_before_any_call_is_finished_by_the_next(
    tmp_path: Path, *, is_power_cut: bool
) -> None:
    """Syncs and commits that parts share: none of them is further than what was synced for it."""
    calls = calls_of_a_whole_run(tmp_path, _three_parts)
    assert calls.count("commit") == 1

    for cut in range(len(calls)):
        scene = KeeperScene(tmp_path / str(cut))
        parts = [left(scene) for left in THREE]
        attempt = Attempt(scene, cut)
        assert not attempt.run()
        if is_power_cut:
            attempt.disk.cut_power()
        for part in parts:
            what_always_holds(scene, part)

        assert Attempt(scene, NEVER).run()
        for part in parts:
            what_always_holds(scene, part)
            assert scene.is_archived(part), f"cut before call {cut}, {calls[cut]}"


@pytest.mark.slow
def test_a_keeper_cut_twice_is_finished_by_the_third(tmp_path: Path) -> None:
    """Recovery is itself cut off, before every call, behind every first cut of another kind."""
    calls = calls_of_a_whole_run(tmp_path, a_part_without_end)
    for first in range(2, len(calls), 5):
        for second in range(0, len(calls), 3):
            scene = KeeperScene(tmp_path / f"{first}-{second}")
            part = a_part_without_end(scene)
            for cut in (first, second):
                attempt = Attempt(scene, cut)
                attempt.run()
                attempt.disk.cut_power()
                what_always_holds(scene, part)

            assert Attempt(scene, NEVER).run()
            assert scene.is_archived(part), f"cut before calls {first} and {second}"


def test_adopting_again_leaves_the_same_bytes_rows_and_one_entry(tmp_path: Path) -> None:
    """The spool file keeps coming back: object, map, page and journal stay as they are."""
    scene = KeeperScene(tmp_path)
    part = scene.part().speak().die()
    assert Attempt(scene, NEVER).run()
    finalised = scene.pages.iterdir().__next__().read_bytes() + scene.object_of(part).read_bytes()
    before = everything_archived(scene)

    for _ in range(3):
        part.path.write_bytes(finalised)
        assert Attempt(scene, NEVER).run()
        assert everything_archived(scene) == before


def test_a_part_seen_again_before_its_commit_gets_the_same_object_and_map(tmp_path: Path) -> None:
    """Cut before K5, the second run neither rewrites the object nor seals a second map."""
    calls = calls_of_a_whole_run(tmp_path, a_closed_part)
    scene = KeeperScene(tmp_path / "cut")
    part = a_closed_part(scene)
    assert not Attempt(scene, calls.index("commit")).run()
    before = everything_archived(scene)

    assert Attempt(scene, NEVER).run()
    after = everything_archived(scene)
    assert {path: after[path] for path in before} == before
    assert scene.is_archived(part)


def test_the_steps_come_in_the_order_of_the_design(tmp_path: Path) -> None:
    """Mark, key, object, map, confirmation, catalog with holds, kept page, and then the unlink."""
    calls = calls_of_a_whole_run(tmp_path, a_closed_part)
    steps = [call for call in calls if call not in ("make_folder", "write", "sync_file")]
    mark, _, made, page = [at for at, call in enumerate(calls) if call == "rename"]

    assert [step for step in steps if step not in ("rename", "sync_folder")] == [
        "adopt",
        "open_unarchived",
        "confirm",
        "commit",
        "mark_archived",
        "unlink",
    ]
    assert mark < calls.index("adopt")
    assert made < calls.index("confirm") < calls.index("commit") < page
    assert calls[-1] == "unlink"


def everything_archived(scene: KeeperScene) -> dict[Path, bytes]:
    return {
        path: path.read_bytes()
        for root in (scene.folder / "archive", scene.pages)
        for path in root.rglob("*")
        if path.is_file()
    }
