"""What the catalog says of a recording whose worker was killed and replaced, by its real parts.

The kill suite asks the same of whole processes.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.call.adoption import Adoption
from archive.catalog.database.engine import reading
from archive.catalog.tables.catalog import recording
from archive.disk.store import StoredObject
from archive.format.intake import PAGE_BYTES, open_page
from archive.format.part_reader import PartReader
from archive.format.part_writer import finalise_recovered
from archive.format.segments import FileSource
from archive.keeper.account import read_account
from capture.links.recorder_messages import Close
from tests.archive.catalog.examples import adopt, new_catalog
from tests.capture.media import scene
from tests.capture.media.scene import INTAKE_KEY, Node, record, recording_id, rtp
from tests.support.parts import unsigned

RECORDING = recording_id()


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    made = scene.node(tmp_path)
    yield made
    made.close()


def doomed(node: Node) -> Callable[[], None]:
    """A worker that writes what it has, and dies."""

    def life() -> None:
        ingest = node.ingest()
        ingest.roster.record(record(RECORDING, 0, 1))
        ingest.sweep()
        scene.die()

    return life


def adoption_of(path: Path) -> Adoption:
    """What the keeper tells of a spool file whose writer is gone."""
    lead = path.read_bytes()[: 2 * PAGE_BYTES]
    key = open_page(lead[:PAGE_BYTES], lead[PAGE_BYTES:], INTAKE_KEY)
    finalise_recovered(path, key, base=PAGE_BYTES, sign=unsigned)
    with FileSource(path, PAGE_BYTES) as source, PartReader(source, key) as reader:
        account, _ = read_account(reader, bytes(32))
        stored = StoredObject(name=path.name, size_bytes=source.size(), sha256=bytes(32))
        return account.adoption(account.check(), stored, f"{path.name}.rkm")


@pytest.mark.parametrize(
    ("missing", "flags"), [(0, "recovered"), (1, "packets_lost,recovered")], ids=["whole", "a hole"]
)
def test_only_what_is_missing_between_two_workers_is_lost(
    node: Node, tmp_path: Path, missing: int, flags: str
) -> None:
    """A flag on every recording of a worker that was replaced would be read by nobody."""
    node.listen(0, 1)
    for pair in (0, 1):
        node.send(pair, *[rtp(n, ssrc=7 + pair) for n in range(65_500, 65_530)])
    assert scene.dies(doomed(node))

    successor = node.ingest()
    successor.roster.record(record(RECORDING, 0, 1))
    successor.roster.adopt_landed()
    node.send(0, *[rtp(n, ssrc=7) for n in range(65_530, 65_560)])
    node.send(1, *[rtp(n, ssrc=8) for n in range(65_530 + missing, 65_560)])
    successor.sweep()
    successor.roster.close(Close(recording=RECORDING, reason="bye", at_us=0))
    successor.publish()

    engine = new_catalog(tmp_path)
    parts = [adoption_of(path) for path in node.files()]
    adopt(engine, *parts)
    with reading(engine) as connection:
        assert connection.scalar(select(recording.c.flags)) == flags
    assert [part.part_name.part for part in parts] == [0, 1]
