"""Disks that take no file."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from archive.disk.trial import HANGS, DiskTrials
from rokuon.config.load import parse
from rokuon.doctor.facts import RefusingFolder
from rokuon.doctor.storage import refusing_folders, written_folders


class Refusing(DiskTrials):
    """Disks of which each refuses with its name."""

    def refusals(self, folders: Iterable[Path]) -> Mapping[Path, str]:
        return {each: each.name for each in folders if each.name != "whole"}


def test_each_disk_that_takes_nothing_is_named_with_its_reason(tmp_path: Path) -> None:
    """In words, and none that is not there yet."""
    for name in ("whole", "ENOSPC", HANGS):
        (tmp_path / name).mkdir()
    folders = [tmp_path / name for name in ("whole", "ENOSPC", HANGS, "none")]

    assert list(refusing_folders(folders, Refusing())) == [
        RefusingFolder(tmp_path / "ENOSPC", "the disk is full"),
        RefusingFolder(tmp_path / HANGS, "the disk hangs"),
    ]


def test_every_folder_that_may_have_a_disk_of_its_own_is_looked_at(tmp_path: Path) -> None:
    """The second spool too."""
    config = parse('[spool]\nsecond = "/b"\n[node]\ndata = "/a"', name="-", base=tmp_path)

    assert written_folders(config) == (
        config.spool.path,
        Path("/b"),
        *(Path("/a") / name for name in ("capture", "archive", "catalog", "keys", "pages")),
    )
