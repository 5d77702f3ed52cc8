"""One part's way into the archive; the crash points are in tests/crash."""

from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from archive.adoption import Adoption
from archive.catalog.writer import PartContradicted
from archive.disk import LocalDisk
from archive.errors import MapDamaged
from archive.header import BLOCK_BYTES
from archive.keeper.adopting import Adopter, NoHolds, Outcome
from archive.keeper.problems import Reason, Stuck
from archive.keeper.spool import Lead, SpoolFile, list_spool, read_lead
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

    def commit(self, _adoption: Adoption) -> None:
        raise self.error


def adopter(scene: KeeperScene, register: FailingRegister | None = None) -> Adopter:
    disk = LocalDisk()
    return Adopter(
        keys=scene.keys,
        register=register or scene.register,
        store=scene.store(disk),
        pages=scene.pages,
        disk=disk,
        holds=NoHolds(),
    )


def adopted(scene: KeeperScene) -> tuple[SpoolFile, Lead]:
    (file,) = list_spool([scene.spool])
    lead = read_lead(file)
    adopter(scene).adopt_key(lead)
    return file, lead


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
    assert adopter(scene).archive(*adopted(scene)) is Outcome.ARCHIVED

    assert scene.object_of(part).read_bytes() == content[4096:]
    (page,) = scene.pages.iterdir()
    assert page.read_bytes() == content[:4096]
    assert page.name == f"{part.header.recording}-p00.page"
    assert page.stat().st_mode & 0o777 == 0o600


def test_the_map_opens_with_the_parts_own_key(scene: KeeperScene) -> None:
    """Sealed beside the part under a key that is derived from its data key."""
    part = scene.part().speak().hang_up()
    adopter(scene).archive(*adopted(scene))

    assert opens(scene, part)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OperationalError("", {}, OSError()), Reason.CATALOG_UNAVAILABLE),
        (PartContradicted("other bytes"), Reason.CATALOG_REFUSED),
    ],
)
def test_a_catalog_that_fails_keeps_the_spool_file(
    scene: KeeperScene, error: Exception, reason: Reason
) -> None:
    """The next try finds everything in place and ends the work."""
    part = scene.part().speak().hang_up()
    file, lead = adopted(scene)

    with pytest.raises(Stuck, match=reason):
        adopter(scene, FailingRegister(error)).archive(file, lead)
    assert part.path.exists()
    assert adopter(scene).archive(file, lead) is Outcome.ARCHIVED
    assert scene.is_archived(part)


def test_a_map_that_does_not_open_is_replaced_and_one_that_does_is_kept(
    scene: KeeperScene,
) -> None:
    """The map is derived: a damaged one is made again, a good one keeps its bytes."""
    part = scene.part().speak().hang_up()
    file, lead = adopted(scene)
    failing = adopter(scene, FailingRegister(PartContradicted("not yet")))
    with pytest.raises(Stuck):
        failing.archive(file, lead)
    good = map_of(scene, part).read_bytes()

    with pytest.raises(Stuck):
        failing.archive(file, lead)
    assert map_of(scene, part).read_bytes() == good
    map_of(scene, part).write_bytes(good[:-1])
    adopter(scene).archive(file, lead)
    assert opens(scene, part)


def test_an_object_with_other_bytes_stops_the_part(scene: KeeperScene) -> None:
    """Somebody tampered with the archive: alarm, and the spool file stays."""
    part = scene.part().speak().hang_up()
    file, lead = adopted(scene)
    scene.object_of(part).parent.mkdir(parents=True)
    scene.object_of(part).write_bytes(b"something else")

    with pytest.raises(Stuck, match=Reason.OBJECT_DIFFERS):
        adopter(scene).archive(file, lead)
    assert part.path.exists()
    assert scene.register.rows == {}


def test_the_key_that_was_opened_is_zeroed(scene: KeeperScene) -> None:
    """The keeper holds a data key for as long as it works on the part."""
    scene.part().speak().hang_up()
    given: list[bytearray] = []
    opened = scene.keys.open_unarchived
    file, lead = adopted(scene)

    class Remembering:
        adopt = scene.keys.adopt
        confirm = scene.keys.confirm
        mark_archived = scene.keys.mark_archived

        def open_unarchived(self, key_id: object) -> bytearray:
            given.append(opened(key_id))  # type: ignore[arg-type]  # passed on as it came
            return given[0]

    disk = LocalDisk()
    Adopter(
        keys=Remembering(),
        register=scene.register,
        store=scene.store(disk),
        pages=scene.pages,
        disk=disk,
        holds=NoHolds(),
    ).archive(file, lead)
    assert given == [bytearray(32)]
