"""The spool as the keeper sees it."""

import os
from pathlib import Path

import pytest

from archive.keeper.spool import SpoolFile, held, is_finished, list_spool, read_lead
from archive.keeper.stuck_parts import Stuck, StuckReason
from tests.archive.keeper.scene import KeeperScene, another_holds

DAY = "0" * 32 + "/2026/11/25"


def put(root: Path, name: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_parts_are_listed_by_recording_whatever_their_day_or_spool(tmp_path: Path) -> None:
    """Names begin with the time of the recording: the oldest comes first."""
    put(tmp_path / "second", f"{DAY}/b-p00-g00.rkn")
    put(tmp_path / "first", f"{DAY}/c-p00-g00.rkn.sealed")
    put(tmp_path / "first", "0/2027/01/01/a-p00-g00.rkn")

    files = list_spool([tmp_path / "first", tmp_path / "second", tmp_path / "none"])
    assert [(file.stem, file.is_hinted) for file in files] == [
        ("a-p00-g00", False),
        ("b-p00-g00", False),
        ("c-p00-g00", True),
    ]


@pytest.mark.parametrize(
    "name", [f"{DAY}/x.txt", f"{DAY}/.x.rkn", "x.rkn", f"{DAY}/deeper/x.rkn", "ledger/x.rkn"]
)
def test_what_is_no_part_in_its_place_is_not_listed(tmp_path: Path, name: str) -> None:
    """The spool holds the ledger and drafts as well."""
    put(tmp_path, name)

    assert list_spool([tmp_path]) == []


def test_links_are_not_followed(tmp_path: Path) -> None:
    """Who can write to the spool must not make the keeper read or remove something else."""
    target = put(tmp_path / "elsewhere", "secret")
    link = tmp_path / "spool" / DAY / "a-p00-g00.rkn"
    link.parent.mkdir(parents=True)
    link.symlink_to(target)
    (tmp_path / "spool" / "linked").symlink_to(tmp_path / "elsewhere")

    assert list_spool([tmp_path / "spool"]) == []
    with pytest.raises(OSError, match="symbolic links"):
        read_lead(SpoolFile("a-p00-g00", 0, str(link), is_hinted=False))


def test_the_lead_is_the_first_two_blocks(tmp_path: Path) -> None:
    """And the header says which part it is."""
    scene = KeeperScene(tmp_path)
    part = scene.part().speak()
    (file,) = list_spool([scene.spool])
    lead = read_lead(file)

    assert lead.page + lead.block == part.path.read_bytes()[:8192]
    assert lead.header == part.header


def test_a_map_in_the_spool_is_no_part(tmp_path: Path) -> None:
    """Its header block is one letter away."""
    scene = KeeperScene(tmp_path)
    part = scene.part().die()
    content = bytearray(part.path.read_bytes())
    content[4096:4104] = b"ROKUONRM"
    part.path.write_bytes(content)
    (file,) = list_spool([scene.spool])

    with pytest.raises(Stuck, match=StuckReason.HEADER_DAMAGED):
        read_lead(file)


def test_a_part_is_finished_when_nobody_holds_its_lock(tmp_path: Path) -> None:
    """And holding it keeps other keepers out."""
    put(tmp_path, f"{DAY}/a-p00-g00.rkn")
    (file,) = list_spool([tmp_path])
    assert is_finished(file)

    with held(file) as free:
        assert free
        assert not is_finished(file)
    other = another_holds(Path(file.path))
    assert not is_finished(file)
    os.close(other)
    assert is_finished(file)


def test_a_file_that_was_removed_or_replaced_is_not_held(tmp_path: Path) -> None:
    """Another keeper archived it between our listing and our lock."""
    path = put(tmp_path, f"{DAY}/a-p00-g00.rkn")
    (file,) = list_spool([tmp_path])
    path.rename(tmp_path / "kept")
    assert not is_finished(file)

    path.touch()
    assert not is_finished(file)
