"""The keeper's rounds: what is taken, what is left, and what is said about it."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archive.call.adoption import Adoption
from archive.errors import KeyUnavailable, PartOutOfPlace
from archive.ids import KeyId
from archive.keeper.keeper_rounds import HOLLOW_US, LOOK_US, PROBE_SHARE, RETRY_US, Keeper
from archive.keeper.spool import SpoolFile, list_spool
from archive.keeper.stuck_parts import StuckReason
from archive.keeper.watch import Changes
from archive.keys.wire.protocol import AskerRole, Status, StatusAnswer
from tests.archive.keeper.scene import (
    LATER_US,
    DirectKeys,
    KeeperScene,
    ListRegister,
    another_holds,
)


@pytest.fixture
def scene(tmp_path: Path) -> KeeperScene:
    return KeeperScene(tmp_path)


def damage_header(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4100] ^= 1
    path.write_bytes(content)


def test_a_finished_part_is_archived_in_one_round(scene: KeeperScene) -> None:
    """From call end to catalog row in less than a period and a round."""
    part = scene.part().speak().hang_up()
    done = scene.keeper().round(LATER_US)

    assert done.archived == (part.header.part_name,)
    assert done.recovered == ()
    assert scene.is_archived(part)
    assert scene.verify(part) == "bye"


def test_a_finished_part_without_its_hint_is_archived_as_well(scene: KeeperScene) -> None:
    """The name `.sealed` is a hint; the lock is what counts."""
    part = scene.part().speak().hang_up(renames=False)

    assert scene.keeper().round(LATER_US).archived == (part.header.part_name,)


def test_of_a_part_that_lives_only_the_key_is_adopted(scene: KeeperScene) -> None:
    """Long calls are adopted while they run; their file stays the writer's."""
    part = scene.part().speak()
    keeper = scene.keeper()
    first, second = keeper.round(LATER_US), keeper.round(LATER_US)

    assert (first.keys_adopted, second.keys_adopted) == (1, 0)
    assert first.live == 1
    assert part.path.exists()
    assert scene.keys.asked == ["Adopt"]
    status = scene.scene.daemon.answer(AskerRole.KEEPER, Status())
    assert isinstance(status, StatusAnswer)
    assert status.live == 1


def test_a_key_is_not_adopted_again_when_the_writer_renames_its_file(scene: KeeperScene) -> None:
    """4,000 calls that end must not be 4,000 openings more."""
    keeper = scene.keeper()
    part = scene.part().speak()
    keeper.round(LATER_US)
    part.hang_up()
    keeper.round(LATER_US)

    assert scene.keys.asked.count("Adopt") == 1
    assert scene.is_archived(part)


def test_a_part_of_a_killed_writer_is_closed_and_archived(scene: KeeperScene) -> None:
    """Every segment that was whole stays."""
    part = scene.part().speak().die()
    done = scene.keeper().round(LATER_US)

    assert done.recovered == (part.header.part_name,)
    assert scene.verify(part) == "recovered"


def test_a_hint_on_a_part_that_still_lives_is_not_believed(scene: KeeperScene) -> None:
    """Whoever can rename could otherwise make the keeper cut a live call."""
    part = scene.part().speak()
    part.path.rename(part.sealed_path)
    done = scene.keeper().round(LATER_US)

    assert (done.archived, done.live) == ((), 1)
    assert part.sealed_path.exists()


def test_a_part_that_another_keeper_holds_is_left_alone(scene: KeeperScene) -> None:
    """`rokuon recover` beside a running keeper."""
    part = scene.part().speak().hang_up()
    other = another_holds(part.path)
    keeper = scene.keeper()

    assert keeper.round(LATER_US).archived == ()
    os.close(other)
    assert keeper.round(LATER_US).archived == (part.header.part_name,)


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 8191])
def test_a_file_without_its_first_blocks_is_removed_once_it_is_old(
    scene: KeeperScene, size: int
) -> None:
    """Killed before or within the first write: no key, no audio, and no alarm for ever."""
    part = scene.part().die()
    os.truncate(part.path, size)
    keeper = scene.keeper()
    done = keeper.round(LATER_US)

    assert done.removed == (part.path.name,)
    assert keeper.problems == ()
    assert not part.path.exists()
    assert keeper.round(LATER_US).removed == ()


def test_a_short_file_that_is_young_is_just_not_ready(scene: KeeperScene) -> None:
    """Its writer may be between creating and locking it: nobody holds it, and it must stay."""
    part = scene.part().die()
    os.truncate(part.path, 0)
    written_us = part.path.stat().st_mtime_ns // 1000
    keeper = scene.keeper(patience_us=HOLLOW_US)

    keeper.round(written_us + HOLLOW_US - 1_000_000)
    assert not keeper.problems
    assert part.path.exists()
    keeper.round(written_us + HOLLOW_US + 1_000_000)
    assert not part.path.exists()


def test_a_keeper_without_patience_names_what_is_short_and_young(scene: KeeperScene) -> None:
    """`rokuon recover` comes by once: what it leaves there it says."""
    part = scene.part().die()
    os.truncate(part.path, 100)
    keeper = scene.keeper()
    keeper.round(part.path.stat().st_mtime_ns // 1000 + 1)

    assert [(p.path, p.reason) for p in keeper.problems] == [(part.path, StuckReason.LEAD_SHORT)]
    assert part.path.exists()


def test_a_writer_that_has_written_nothing_for_a_minute_is_an_alarm(scene: KeeperScene) -> None:
    """It holds the file, so it lives; its disk does not."""
    part = scene.part()
    os.truncate(part.path, 0)
    keeper = scene.keeper()
    keeper.round(LATER_US)

    assert [problem.reason for problem in keeper.problems] == [StuckReason.LEAD_SHORT]
    assert part.path.exists()


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (100, StuckReason.KEY_REFUSED),
        (4100, StuckReason.HEADER_DAMAGED),
        (8130, StuckReason.KEY_REFUSED),
    ],
)
def test_damaged_first_blocks_are_an_alarm_and_the_file_stays(
    scene: KeeperScene, at: int, reason: StuckReason
) -> None:
    """Page, header and FLOE header: none of them is guessed."""
    part = scene.part().speak().hang_up()
    content = bytearray(part.path.read_bytes())
    content[at] ^= 1
    part.path.write_bytes(content)
    keeper = scene.keeper()
    keeper.round(LATER_US)

    assert [problem.reason for problem in keeper.problems] == [reason]
    assert part.path.read_bytes() == content


def test_a_part_in_another_parts_place_is_an_alarm(scene: KeeperScene) -> None:
    """The path is part of what is claimed: a copied file must not become a second recording."""
    part = scene.part().speak().hang_up()
    other = part.path.with_name("0" * 32 + "-p00-g00.rkn")
    part.path.rename(other)
    keeper = scene.keeper()
    keeper.round(LATER_US)

    assert [problem.reason for problem in keeper.problems] == [StuckReason.NAME_WRONG]
    assert other.exists()


def test_damage_inside_a_closed_part_is_an_alarm_and_nothing_is_archived(
    scene: KeeperScene,
) -> None:
    """An archived row has its whole object; a spool file with a flipped bit keeps its evidence."""
    part = scene.part().speak(9).hang_up()
    content = bytearray(part.path.read_bytes())
    content[4096 * 3 + 50] ^= 1
    part.path.write_bytes(content)
    keeper = scene.keeper()
    done = keeper.round(LATER_US)

    assert [problem.reason for problem in keeper.problems] == [StuckReason.PART_DAMAGED]
    assert done.archived == ()
    assert scene.register.entries == []
    assert not scene.object_of(part).exists()
    assert part.path.read_bytes() == content


def test_holes_that_a_power_cut_left_are_archived_and_said(scene: KeeperScene) -> None:
    """The call has to be found all the same; its damage is on record."""
    part = scene.part().speak(9).die()
    content = bytearray(part.path.read_bytes())
    content[4096 * 4 : 4096 * 5] = bytes(4096)
    part.path.write_bytes(content)
    done = scene.keeper().round(LATER_US)

    assert done.with_holes == done.recovered == done.archived == (part.header.part_name,)
    assert scene.is_archived(part)


def test_one_bad_part_does_not_stop_the_others(scene: KeeperScene) -> None:
    """The alarm is for one file; the calls around it are archived."""
    bad, good = scene.part().die(), scene.part().speak().hang_up()
    damage_header(bad.path)
    keeper = scene.keeper()

    assert keeper.round(LATER_US).archived == (good.header.part_name,)
    assert len(keeper.problems) == 1


def test_what_is_stuck_is_tried_again_later_and_not_in_every_round(scene: KeeperScene) -> None:
    """A node that gets its key on file later is adopted then."""
    part = scene.part().speak().hang_up()
    known = next(scene.scene.config.nodes.iterdir())
    hidden = known.rename(known.with_suffix(".hidden"))
    keeper = scene.keeper()
    keeper.round(LATER_US)
    hidden.rename(known)

    assert keeper.round(LATER_US + RETRY_US - 1).archived == ()
    assert keeper.round(LATER_US + RETRY_US).archived == (part.header.part_name,)
    assert keeper.problems == ()


def test_a_problem_goes_when_its_file_goes(scene: KeeperScene) -> None:
    """An administrator moved it away."""
    part = scene.part().die()
    damage_header(part.path)
    keeper = scene.keeper()
    keeper.round(LATER_US)
    part.path.unlink()
    keeper.round(LATER_US)

    assert keeper.problems == ()


def test_without_the_key_daemon_nothing_is_touched(scene: KeeperScene) -> None:
    """Capture goes on; the spool waits."""
    part = scene.part().speak().die()
    size = part.path.stat().st_size
    scene.keys.is_away = True

    with pytest.raises(KeyUnavailable):
        scene.keeper().round(LATER_US)
    assert part.path.stat().st_size == size


def test_a_destroyed_part_never_returns(scene: KeeperScene) -> None:
    """A spool file that comes back from a backup is an alarm and opens nothing."""
    part = scene.part().speak().hang_up()
    content = part.path.read_bytes()
    scene.keeper().round(LATER_US)
    scene.destroy(part.header.key)
    part.path.write_bytes(content)
    keeper = scene.keeper()
    keeper.round(LATER_US)

    assert [(p.reason, p.detail) for p in keeper.problems] == [
        (StuckReason.KEY_REFUSED, "key_destroyed")
    ]


def test_a_spool_file_that_comes_back_is_cleared_away_only_if_it_is_the_same(
    scene: KeeperScene,
) -> None:
    """A power cut can undo the unlink; the object must prove that it holds these bytes."""
    part = scene.part().speak().hang_up()
    content = part.path.read_bytes()
    scene.keeper().round(LATER_US)
    part.path.write_bytes(content)
    scene.keeper().round(LATER_US)
    assert scene.is_archived(part)

    part.path.write_bytes(content[:-1])
    keeper = scene.keeper()
    keeper.round(LATER_US)
    assert [problem.reason for problem in keeper.problems] == [StuckReason.OBJECT_DIFFERS]
    assert part.path.exists()


def test_when_the_time_is_up_the_rest_waits_for_the_next_round(scene: KeeperScene) -> None:
    """New keys come first in each round, so they must not wait for a heap of finished parts."""
    parts = [scene.part().speak().hang_up() for _ in range(3)]
    keeper = scene.keeper()
    ticks = iter([False] * 4 + [True] * 20)

    first = keeper.round(LATER_US, is_time_up=lambda: next(ticks))
    assert (first.keys_adopted, len(first.archived)) == (3, 1)
    assert len(keeper.round(LATER_US).archived) == 2
    assert all(scene.is_archived(part) for part in parts)


def test_every_silent_part_is_probed_within_eight_rounds(scene: KeeperScene) -> None:
    """A killed writer gives no hint; still its part must be in the catalog within 5 s."""
    parts = [scene.part().die() for _ in range(80)]
    keeper = scene.keeper()
    archived = [len(keeper.round(LATER_US).archived) for _ in range(8)]

    assert sum(archived) == len(parts)
    assert max(archived) < len(parts)


def test_the_parts_of_a_recording_are_parts_of_it(scene: KeeperScene) -> None:
    """Part numbers and keys are the header's."""
    first = scene.part().speak().hang_up()
    header = replace(first.header, part=1, key=type(first.header.key)(os.urandom(16)))
    second = scene.part(header).speak().hang_up()

    done = scene.keeper().round(LATER_US)
    assert done.archived == (first.header.part_name, second.header.part_name)


class Told:
    """A watch that says what the test wants said."""

    def __init__(self) -> None:
        self.next = Changes((), (), is_in_doubt=False)
        self.descriptor = 7

    def changes(self) -> Changes:
        told, self.next = self.next, Changes((), (), is_in_doubt=False)
        return told


def only_file(scene: KeeperScene) -> SpoolFile:
    (file,) = list_spool([scene.spool])
    return file


def test_where_changes_are_told_nothing_else_is_looked_at(scene: KeeperScene) -> None:
    """Thousands of live parts, twice a second: neither their folder nor their locks are asked."""
    told = Told()
    keeper = scene.keeper(watch=told)
    keeper.round(LATER_US)
    part = scene.part().speak().die()

    assert keeper.round(LATER_US + 1).keys_adopted == 0
    told.next = Changes((only_file(scene),), (), is_in_doubt=False)
    assert keeper.round(LATER_US + 2).keys_adopted == 1
    assert keeper.round(LATER_US + 3).archived == ()
    told.next = Changes((), (only_file(scene),), is_in_doubt=False)
    assert keeper.round(LATER_US + 4).archived == (part.header.part_name,)


def test_a_part_that_is_told_closed_too_early_is_asked_again(scene: KeeperScene) -> None:
    """The kernel tells that a file is closed a moment before it lets go of the lock."""
    part = scene.part().speak()
    told = Told()
    keeper = scene.keeper(watch=told)
    keeper.round(LATER_US)
    told.next = Changes((), (only_file(scene),), is_in_doubt=False)

    assert keeper.round(LATER_US + 1).archived == ()
    part.die()
    assert keeper.round(LATER_US + 2).archived == (part.header.part_name,)


def test_it_has_nothing_to_do_once_all_that_was_told_is_done(scene: KeeperScene) -> None:
    """Not while a lock is let go of late, nor while somebody writes the first blocks."""
    told, part = Told(), scene.part().speak()
    keeper = scene.keeper(watch=told, patience_us=HOLLOW_US)
    idle = [keeper.round(LATER_US).is_idle]
    told.next = Changes((), (only_file(scene),), is_in_doubt=False)
    idle += [keeper.round(LATER_US + 1).is_idle]
    part.die()
    idle += [keeper.round(LATER_US + 2).is_idle]
    part.path.with_name("0-p00-g00.rkn").touch()
    told.next = Changes((only_file(scene),), (), is_in_doubt=False)
    idle += [keeper.round(part.header.created_us).is_idle]

    assert idle == [True, False, True, False]


def test_while_recordings_are_worked_out_anew_there_is_something_to_do(scene: KeeperScene) -> None:
    """A hundred thousand of an older form are not done fifty at a time in two seconds each."""
    counts = iter([50, 0])
    keeper = Keeper(
        scene.adopter(), [scene.spool], watch=Told(), derive=lambda _limit: next(counts)
    )
    keeper.prepare()

    assert [keeper.round(LATER_US).is_idle for _ in range(2)] == [False, True]


def test_what_nobody_told_is_found_by_the_next_look_at_everything(scene: KeeperScene) -> None:
    """The net: a notice that never came costs half a minute, not a call."""
    keeper = scene.keeper(watch=Told())
    keeper.round(LATER_US)
    part = scene.part().speak().die()

    assert keeper.round(LATER_US + LOOK_US - 1).keys_adopted == 0
    assert keeper.round(LATER_US + LOOK_US).archived == (part.header.part_name,)


def test_a_clock_that_is_set_back_does_not_put_the_net_off(scene: KeeperScene) -> None:
    """An hour back must not be an hour without a look."""
    keeper = scene.keeper(watch=Told())
    keeper.round(LATER_US)
    scene.part().speak()

    assert keeper.round(LATER_US - 3_600_000_000).keys_adopted == 1


def test_in_doubt_every_part_is_asked_within_eight_rounds(scene: KeeperScene) -> None:
    """A queue that ran over may have dropped that any of them was closed."""
    told = Told()
    keeper = scene.keeper(watch=told)
    parts = [scene.part().speak() for _ in range(80)]
    keeper.round(LATER_US)
    for part in parts:
        part.die()
    assert keeper.round(LATER_US + 1).archived == ()

    told.next = Changes((), (), is_in_doubt=True)
    archived = [len(keeper.round(LATER_US + 2 + n).archived) for n in range(PROBE_SHARE)]
    assert sum(archived) == len(parts)


def test_a_part_behind_the_last_one_is_kept_in_quarantine(scene: KeeperScene) -> None:
    """Somebody has to look at it: it is named in each round, and of the archive it is no part."""

    class Refusing(ListRegister):
        def commit(self, adoptions: Sequence[Adoption]) -> None:
            raise PartOutOfPlace(str(adoptions[0].part_name))

    part = scene.part().speak().hang_up()
    content = part.path.read_bytes()
    keeper = scene.keeper(register=Refusing())

    rounds = [keeper.round(LATER_US), keeper.round(2 * LATER_US)]
    again = scene.keeper()
    again.round(LATER_US)

    assert [done.archived for done in rounds] == [(), ()]
    assert [each.reason for each in keeper.problems] == [StuckReason.OUT_OF_PLACE]
    assert [each.reason for each in again.problems] == [StuckReason.OUT_OF_PLACE]
    assert again.problems[0].path.read_bytes() == content
    assert not [path for path in (scene.folder / "archive").rglob("*.rkn")]


def unmount(scene: KeeperScene) -> Path:
    """Leave the archive's bare mount point; where its disk is now."""
    disk = scene.store().root.rename(scene.folder / "disk")
    scene.store().root.mkdir()
    return disk


def test_nothing_is_written_to_the_mount_point_of_an_archive_that_is_not_mounted(
    scene: KeeperScene,
) -> None:
    """It says so, adopts keys all the same, and goes on by itself once the disk is there."""
    keeper = scene.keeper()
    part = scene.part().speak().hang_up()
    scene.expected = ("t/2026/01/01/one.rkn",)
    disk = unmount(scene)
    keeper.prepare()
    done = keeper.round(LATER_US)

    assert (done.keys_adopted, done.archived) == (1, ())
    assert [problem.reason for problem in keeper.problems] == [StuckReason.ARCHIVE_AWAY]
    assert list(scene.store().root.iterdir()) == []
    scene.store().root.rmdir()
    disk.rename(scene.store().root)
    assert keeper.round(LATER_US + RETRY_US).archived == (part.header.part_name,)
    assert keeper.problems == ()


def test_what_went_to_a_bare_mount_point_at_the_last_moment_is_not_committed(
    scene: KeeperScene,
) -> None:
    """Unmounted between two steps: the part stays in the spool."""
    part = scene.part().speak().hang_up()
    keeper = scene.keeper(keys=Unmounting(scene))
    done = keeper.round(LATER_US)

    assert done.archived == ()
    assert [problem.reason for problem in keeper.problems] == [StuckReason.ARCHIVE_AWAY]
    assert part.path.exists()
    assert scene.register.rows == {}


class Unmounting(DirectKeys):
    """The archive's disk goes when the part's key is asked for."""

    def __init__(self, scene: KeeperScene) -> None:
        super().__init__(scene.scene)
        self.whole = scene

    def open_unarchived(self, key_id: KeyId) -> bytearray:
        unmount(self.whole)
        return super().open_unarchived(key_id)
