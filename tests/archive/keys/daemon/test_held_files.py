"""Whether what the key daemon holds open is what lies there."""

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from archive.keys.daemon import held_files
from archive.keys.daemon.held_files import HeldFiles


@pytest.fixture
def held(tmp_path: Path) -> HeldFiles:
    for name in ("keystore.db", "api.sock"):
        (tmp_path / name).touch()
    return HeldFiles.at(tmp_path / "keystore.db", [tmp_path / "api.sock"])


@pytest.mark.parametrize("name", ["keystore.db", "api.sock"])
def test_another_file_in_its_place_is_an_exchange(
    held: HeldFiles, tmp_path: Path, name: str
) -> None:
    """As a disk that was mounted anew has it."""
    assert not held.are_exchanged()
    (tmp_path / "other").touch()
    (tmp_path / "other").replace(tmp_path / name)

    assert held.are_exchanged()


def test_a_keystore_that_is_missing_is_told_once_and_kept_open(
    held: HeldFiles, tmp_path: Path
) -> None:
    """A new start on an empty mount point would make a new keystore, and seal calls to it."""
    (tmp_path / "keystore.db").rename(tmp_path / "away")
    (tmp_path / "api.sock").unlink()
    with capture_logs() as said:
        assert not held.are_exchanged()
        assert not held.are_exchanged()
    assert [each["event"] for each in said] == ["keys.keystore_missing"]

    (tmp_path / "away").rename(tmp_path / "keystore.db")
    assert held.are_exchanged(), "nobody finds its socket"


async def test_waiting_ends_with_the_exchange_or_the_stop(
    held: HeldFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever comes first."""
    monkeypatch.setattr(held_files, "LOOK_S", 0.01)
    stop = asyncio.Event()
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        waiting = group.create_task(held.until_exchanged(stop))
        (tmp_path / "api.sock").unlink()
    assert waiting.result()

    stop.set()
    assert not await held.until_exchanged(stop)
