"""Kept intake pages go with a verified set, and not before."""

import secrets
from collections.abc import Sequence
from pathlib import Path

import pytest

from archive.disk import kept_pages
from archive.disk.files import LocalDisk
from archive.disk.kept_pages import LOOK_US, KeptPages, page_name, part_of
from archive.ids import PartName, RecordingId


def put(folder: Path, count: int) -> list[PartName]:
    names = [PartName(RecordingId(secrets.token_bytes(16)), 0) for _ in range(count)]
    for name in names:
        (folder / page_name(name)).touch()
    return names


def test_a_page_is_found_again_by_its_name() -> None:
    """Other files in the folder are left alone."""
    name = PartName(RecordingId(bytes(16)), 12)

    assert part_of(page_name(name)) == name
    assert part_of(f".{page_name(name)}.draft") is None
    assert part_of("x-p1.page") is None


def test_those_whose_keys_are_in_a_set_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are the only way to their keys should the keystore be lost."""
    monkeypatch.setattr(kept_pages, "PAGES_A_STEP", 2)
    names = put(tmp_path, 5)
    (tmp_path / "other").touch()

    def backed_up(asked: Sequence[PartName]) -> tuple[bool, ...]:
        return tuple(each in names[:3] for each in asked)

    assert KeptPages(tmp_path, LocalDisk(), backed_up).clear(0) == 3
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"other", *map(page_name, names[3:])}


def test_the_folder_is_gone_through_once_an_hour(tmp_path: Path) -> None:
    """A million pages are not asked for every half second."""
    asked = list[int]()

    def none(parts: Sequence[PartName]) -> tuple[bool, ...]:
        asked.append(len(parts))
        return (False,) * len(parts)

    put(tmp_path, 3)
    pages = KeptPages(tmp_path, LocalDisk(), none)
    for now_us in (0, 1, 2, LOOK_US - 1, LOOK_US):
        pages.step(now_us)

    assert asked == [3, 3]


def test_without_a_folder_there_is_nothing_to_do(tmp_path: Path) -> None:
    """Before the first call."""
    assert KeptPages(tmp_path / "none", LocalDisk(), lambda _: ()).clear(0) == 0
