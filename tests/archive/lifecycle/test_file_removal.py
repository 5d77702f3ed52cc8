"""Files of what has no keys any more are removed, and seen to be gone."""

from pathlib import Path

import pytest

from archive.disk.archive_place import MARK_NAME, ArchiveAway, ArchivePlace
from archive.disk.files import LocalDisk
from archive.disk.store import LocalStore
from archive.ids import RecordingId
from archive.lifecycle.file_removal import FileRemover, StillThere
from archive.lifecycle.intention import IntendedPart, Intention

OWN = RecordingId(bytes(range(16)))
PART = IntendedPart(part=0, path=f"t/2026/01/01/{OWN}-p00-g00.rkn", map_path="t/2026/01/01/m.rkm")
GOING = Intention(recording=str(OWN), call="00" * 16, hour_us=0, parts=(PART,))


def remover(folder: Path, disk: LocalDisk | None = None) -> FileRemover:
    disk = disk or LocalDisk()
    store = LocalStore(folder / "archive", disk)
    place = ArchivePlace(store.root, lambda: ("t/a.rkn",))
    return FileRemover(store=store, place=place, pages=folder / "pages", disk=disk)


def written(folder: Path) -> list[Path]:
    """Object, map, kept page, a draft of each, and files of others beside them."""
    day, pages = folder / "archive/t/2026/01/01", folder / "pages"
    day.mkdir(parents=True)
    pages.mkdir()
    own = [day / f"{OWN}-p00-g00.rkn", day / "m.rkm", pages / f"{OWN}-p00.page"]
    drafts = [each.with_name(f".{each.name}.draft") for each in own]
    others = [day / "other.rkn", pages / "other.page", folder / "archive" / MARK_NAME]
    for each in (*own, *drafts, *others):
        each.write_bytes(b"x")
    return others


def left(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_every_file_of_it_goes_and_none_of_others(tmp_path: Path) -> None:
    """Twice is as good as once."""
    others = written(tmp_path)
    for _ in range(2):
        remover(tmp_path).remove([GOING])

        assert left(tmp_path) == set(others)


def test_a_file_that_is_still_there_is_not_taken_for_gone(tmp_path: Path) -> None:
    """A disk that says yes and does nothing; a certificate would say that it was seen."""

    class Lying(LocalDisk):
        def unlink(self, path: Path) -> None:
            """Nothing."""

    written(tmp_path)
    with pytest.raises(StillThere):
        remover(tmp_path, Lying()).remove([GOING])


def test_files_on_a_disk_that_is_not_mounted_are_not_seen_to_be_gone(tmp_path: Path) -> None:
    """They come back with it, and nobody would remove them any more."""
    with pytest.raises(ArchiveAway):
        remover(tmp_path).remove([GOING])
