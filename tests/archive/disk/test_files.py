"""The disk's few operations and the order that they go in."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from archive.disk.files import Disk, LocalDisk, draft_of, make_folders, publish, settle


class ListedDisk:
    """A disk that does nothing and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def make_folder(self, folder: Path) -> None:
        self.asked.append(("make_folder", folder.name))

    def write(self, path: Path, chunks: Iterable[bytes], mode: int) -> None:
        self.asked.append((f"write {mode:o} {len(list(chunks))}", path.name))

    def sync_file(self, path: Path) -> None:
        self.asked.append(("sync_file", path.name))

    def sync_files(self, paths: Sequence[Path]) -> None:
        self.asked.append(("sync_files", " ".join(path.name for path in paths)))

    def rename(self, old: Path, new: Path) -> None:
        self.asked.append(("rename", f"{old.name} {new.name}"))

    def sync_folder(self, folder: Path) -> None:
        self.asked.append(("sync_folder", folder.name))

    def unlink(self, path: Path) -> None:
        self.asked.append(("unlink", path.name))


def test_a_file_is_published_in_four_steps() -> None:
    """Content before name, name before return."""
    disk = ListedDisk()
    publish(disk, Path("/pages/page"), [b"a", b"b"], 0o600)

    assert disk.asked == [
        ("write 600 2", ".page.draft"),
        ("sync_files", ".page.draft"),
        ("rename", ".page.draft page"),
        ("sync_folder", "pages"),
    ]


def test_many_drafts_get_their_names_only_when_all_are_synced() -> None:
    """One wait for the medium, and one for each folder, however many there are."""
    disk = ListedDisk()
    settle(disk, [Path("/a/x"), Path("/a/y"), Path("/b/z")])

    assert disk.asked == [
        ("sync_files", ".x.draft .y.draft .z.draft"),
        ("rename", ".x.draft x"),
        ("rename", ".y.draft y"),
        ("rename", ".z.draft z"),
        ("sync_folder", "a"),
        ("sync_folder", "b"),
    ]


@pytest.mark.parametrize("count", [0, 1, 40])
def test_every_file_is_synced_or_the_failure_is_raised(tmp_path: Path, count: int) -> None:
    """A sync that failed beside others is none."""
    disk, paths = LocalDisk(), [tmp_path / str(n) for n in range(count)]
    for path in paths:
        path.touch()
    disk.sync_files(paths)

    with pytest.raises(FileNotFoundError):
        disk.sync_files([*paths, tmp_path / "none"])


def test_each_folder_is_synced_into_the_one_above_it() -> None:
    """A durable file in a folder that a power cut takes away is not durable."""
    disk = ListedDisk()
    make_folders(disk, Path("/root"), Path("/root/a/b"))

    assert disk.asked == [
        ("make_folder", "a"),
        ("sync_folder", "root"),
        ("make_folder", "b"),
        ("sync_folder", "a"),
    ]


def test_a_draft_of_an_earlier_crash_is_written_over_with_the_mode_asked_for(
    tmp_path: Path,
) -> None:
    """A left-over draft must give neither its bytes nor its mode to the next file."""
    path = tmp_path / "key"
    draft_of(path).write_bytes(b"left over and longer")
    draft_of(path).chmod(0o666)
    publish(LocalDisk(), path, [b"new"], 0o600)

    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert not draft_of(path).exists()


def test_publishing_replaces_what_had_the_name(tmp_path: Path) -> None:
    """The list of intake keys is published again and again."""
    path = tmp_path / "list"
    for content in (b"first", b"second"):
        publish(LocalDisk(), path, [content])

    assert path.read_bytes() == b"second"


def test_a_write_that_fails_leaves_the_name_alone(tmp_path: Path) -> None:
    """The chunks come from another file, which may be unreadable in the middle."""

    def chunks() -> Iterable[bytes]:
        yield b"half"
        raise IsADirectoryError

    with pytest.raises(IsADirectoryError):
        publish(LocalDisk(), tmp_path / "object", chunks())
    assert not (tmp_path / "object").exists()


def test_unlinking_and_making_twice_is_no_error(tmp_path: Path) -> None:
    """Every step may be repeated after a crash."""
    disk: Disk = LocalDisk()
    for _ in range(2):
        disk.make_folder(tmp_path / "folder")
        disk.unlink(tmp_path / "file")

    assert (tmp_path / "folder").is_dir()
