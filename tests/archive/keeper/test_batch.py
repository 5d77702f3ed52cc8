"""The way of parts into the archive, one or many; the crash points are in tests/crash."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from archive.call.adoption import Adoption
from archive.catalog.destruction.tombstones import RecordingDestroyed
from archive.catalog.index.writer import PartContradicted
from archive.errors import MapDamaged
from archive.format.header import BLOCK_BYTES
from archive.keeper.adopter import Adopter
from archive.keeper.batch import MAX_PARTS, AdoptionOutcome, Batch
from archive.keeper.spool import SpoolFile, is_finished, list_spool, read_lead
from archive.keeper.stuck_parts import Stuck, StuckReason
from archive.reading.mapfile import derive_map_key, open_map
from tests.archive.keeper.scene import KeeperScene, LivePart


@pytest.fixture
def scene(tmp_path: Path) -> KeeperScene:
    scene = KeeperScene(tmp_path)
    scene.keeper()
    return scene


class FailingRegister:
    """A catalog that raises."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def commit(self, _adoptions: Sequence[Adoption]) -> None:
        raise self.error


def archive(adopter: Adopter, *files: SpoolFile) -> list[AdoptionOutcome | Stuck]:
    with Batch(adopter) as batch:
        for file in files:
            assert batch.take(file, read_lead(file))
        return list(batch.finish().values())


def adopted(scene: KeeperScene) -> list[SpoolFile]:
    files = list_spool([scene.spool])
    for file in files:
        scene.adopter().adopt_key(read_lead(file))
    return files


def map_of(scene: KeeperScene, part: LivePart) -> Path:
    return scene.object_of(part).with_suffix(".rkm")


def opens(scene: KeeperScene, part: LivePart) -> bool:
    block = scene.object_of(part).read_bytes()[:BLOCK_BYTES]
    key = derive_map_key(part.data_key, block)
    try:
        return open_map(map_of(scene, part).read_bytes(), key, part.header).plain_bytes > 0
    except MapDamaged:
        return False


def test_the_object_is_the_spool_file_behind_its_page(scene: KeeperScene) -> None:
    """No archived file contains its own key."""
    part = scene.part().speak().hang_up()
    content = part.path.read_bytes()
    assert archive(scene.adopter(), *adopted(scene)) == [AdoptionOutcome.ARCHIVED]

    assert scene.object_of(part).read_bytes() == content[4096:]
    (page,) = scene.pages.iterdir()
    assert page.read_bytes() == content[:4096]
    assert page.name == f"{part.header.recording}-p00.page"
    assert page.stat().st_mode & 0o777 == 0o600


def test_the_map_opens_with_the_parts_own_key(scene: KeeperScene) -> None:
    """Sealed beside the part under a key that is derived from its data key."""
    part = scene.part().speak().hang_up()
    archive(scene.adopter(), *adopted(scene))

    assert opens(scene, part)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OperationalError("", {}, sqlite3.OperationalError()), StuckReason.CATALOG_UNAVAILABLE),
        (PartContradicted("other bytes"), StuckReason.CATALOG_REFUSED),
        (RecordingDestroyed("it was destroyed"), StuckReason.CATALOG_REFUSED),
    ],
)
def test_a_catalog_that_fails_keeps_the_spool_file(
    scene: KeeperScene, error: Exception, reason: StuckReason
) -> None:
    """The next try finds everything in place and ends the work."""
    part = scene.part().speak().hang_up()
    (file,) = adopted(scene)

    (stuck,) = archive(scene.adopter(register=FailingRegister(error)), file)
    assert isinstance(stuck, Stuck)
    assert stuck.reason is reason
    assert part.path.exists()
    assert archive(scene.adopter(), file) == [AdoptionOutcome.ARCHIVED]
    assert scene.is_archived(part)


def test_a_map_that_does_not_open_is_replaced_and_one_that_does_is_kept(
    scene: KeeperScene,
) -> None:
    """The map is derived: a damaged one is made again, a good one keeps its bytes."""
    part = scene.part().speak().hang_up()
    (file,) = adopted(scene)
    failing = scene.adopter(register=FailingRegister(PartContradicted("not yet")))
    archive(failing, file)
    good = map_of(scene, part).read_bytes()

    archive(failing, file)
    assert map_of(scene, part).read_bytes() == good
    map_of(scene, part).write_bytes(good[:-1])
    archive(scene.adopter(), file)
    assert opens(scene, part)


def test_an_object_with_other_bytes_stops_the_part(scene: KeeperScene) -> None:
    """Somebody tampered with the archive: alarm, and the spool file stays."""
    part = scene.part().speak().hang_up()
    (file,) = adopted(scene)
    scene.object_of(part).parent.mkdir(parents=True)
    scene.object_of(part).write_bytes(b"something else")

    with pytest.raises(Stuck, match=StuckReason.OBJECT_DIFFERS):
        archive(scene.adopter(), file)
    assert part.path.exists()
    assert scene.register.rows == {}


def test_the_key_that_was_opened_is_zeroed(scene: KeeperScene) -> None:
    """The keeper holds a data key for as long as it works on the part."""
    scene.part().speak().hang_up()
    given: list[bytearray] = []
    opened = scene.keys.open_unarchived
    (file,) = adopted(scene)

    class Remembering:
        adopt = scene.keys.adopt
        sign_end = scene.keys.sign_end
        confirm = scene.keys.confirm
        mark_archived = scene.keys.mark_archived

        def open_unarchived(self, key_id: object) -> bytearray:
            given.append(opened(key_id))  # type: ignore[arg-type]  # passed on as it came
            return given[0]

    archive(scene.adopter(keys=Remembering()), file)
    assert given == [bytearray(32)]


def test_parts_of_a_batch_share_one_transaction(scene: KeeperScene) -> None:
    """Seventeen calls end each second at full load; each sync and commit of its own costs ms."""
    parts = [scene.part().speak().hang_up() for _ in range(3)]
    commits: list[int] = []

    class Counting:
        def commit(self, adoptions: Sequence[Adoption]) -> None:
            commits.append(len(adoptions))
            scene.register.commit(adoptions)

    outcomes = archive(scene.adopter(register=Counting()), *adopted(scene))
    assert outcomes == [AdoptionOutcome.ARCHIVED] * 3
    assert commits == [3]
    assert all(scene.is_archived(part) for part in parts)


@pytest.mark.parametrize(
    "error",
    [
        PartContradicted("other bytes"),
        DataError("", {}, ValueError("a NUL")),
        IntegrityError("", {}, sqlite3.IntegrityError()),
        UnicodeEncodeError("utf-8", "\ud800", 0, 1, "half of a pair"),
        KeyError("a mistake of ours"),
    ],
)
def test_a_part_that_the_catalog_refuses_does_not_stop_its_batch(
    scene: KeeperScene, error: Exception
) -> None:
    """The alarm is for one part, whoever refuses it; calls that ended beside it are archived."""
    bad, good = scene.part().speak().hang_up(), scene.part().speak().hang_up()

    class Refusing:
        def commit(self, adoptions: Sequence[Adoption]) -> None:
            if any(a.part_name == bad.header.part_name for a in adoptions):
                raise error
            scene.register.commit(adoptions)

    outcomes = archive(scene.adopter(register=Refusing()), *adopted(scene))
    assert [o.reason for o in outcomes if isinstance(o, Stuck)] == [StuckReason.CATALOG_REFUSED]
    assert scene.is_archived(good)
    assert bad.path.exists()
    assert list(scene.register.rows) == [good.header.part_name]


def test_a_key_that_was_destroyed_meanwhile_stops_its_part_alone(scene: KeeperScene) -> None:
    """No row without a key, whatever happens between writing and confirming."""
    bad, good = scene.part().speak().hang_up(), scene.part().speak().hang_up()
    files = adopted(scene)
    with Batch(scene.adopter()) as batch:
        for file in files:
            batch.take(file, read_lead(file))
        scene.destroy(bad.header.key)
        outcomes = batch.finish()

    assert isinstance(outcomes[bad.header.part_name], Stuck)
    assert outcomes[good.header.part_name] is AdoptionOutcome.ARCHIVED
    assert bad.path.exists()
    assert list(scene.register.rows) == [good.header.part_name]


def test_a_batch_holds_the_locks_of_its_parts_until_it_ends(scene: KeeperScene) -> None:
    """Another keeper must not remove a spool file under our hands."""
    scene.part().speak().hang_up()
    (file,) = adopted(scene)
    with Batch(scene.adopter()) as batch:
        assert batch.take(file, read_lead(file))
        assert not is_finished(file)
    assert is_finished(file)


def test_two_files_of_one_part_do_not_share_a_batch(scene: KeeperScene) -> None:
    """The second must prove that it is the same as what the first has left in the archive."""
    part = scene.part().speak().hang_up()
    twin = part.path.with_name(part.path.name.removesuffix(".sealed"))
    twin.write_bytes(part.path.read_bytes())
    files = adopted(scene)
    with Batch(scene.adopter()) as batch:
        assert [batch.take(file, read_lead(file)) for file in files] == [True, False]


def test_a_batch_says_when_it_is_full(scene: KeeperScene) -> None:
    """Each part waits for the last one of its batch."""
    for _ in range(MAX_PARTS):
        scene.part().hang_up()
    with Batch(scene.adopter()) as batch:
        full = []
        for file in adopted(scene):
            batch.take(file, read_lead(file))
            full.append(batch.is_full)
    assert full == [False] * (MAX_PARTS - 1) + [True]
