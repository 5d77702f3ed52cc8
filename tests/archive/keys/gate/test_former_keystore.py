"""A keystore that was here, and is not."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.keys.daemon.assembly import TurnSettings, open_daemon
from archive.keys.gate.former_keystore import FormerKeystore, KeystoreMissing
from tests.archive.keys.scene import NOW_US, Scene

PUBLISHED = "capture/signing.pub"


def former(folder: Path) -> FormerKeystore:
    keystore = folder / "keys" / "keystore.db"
    return FormerKeystore(keystore, folder / "sets" / "made", (folder / PUBLISHED,))


@pytest.mark.parametrize("witness", ["sets/made", PUBLISHED])
def test_beside_what_shows_that_there_was_a_keystore_none_is_made(
    tmp_path: Path, witness: str
) -> None:
    """An empty mount point looks like a first start; its keys would open nothing."""
    former(tmp_path).refuse_another()
    file = tmp_path / witness
    file.parent.mkdir()
    file.touch()

    with pytest.raises(KeystoreMissing) as missing:
        former(tmp_path).refuse_another()

    assert missing.value.witnesses == (file,)
    former(tmp_path).keystore.parent.mkdir()
    former(tmp_path).keystore.touch()
    former(tmp_path).refuse_another()


def test_folders_that_cannot_be_written_or_seen_are_no_reason_to_end(tmp_path: Path) -> None:
    """The key daemon's user may have neither capture's folder nor one for backups."""
    (tmp_path / "sets").touch()
    (tmp_path / "capture").touch()
    former(tmp_path).note()
    former(tmp_path).refuse_another()

    assert sorted(each.name for each in tmp_path.iterdir()) == ["capture", "sets"]


def test_a_daemon_whose_disk_is_not_mounted_makes_nothing_at_its_start(tmp_path: Path) -> None:
    """It is started again until the disk is there, and then is the one that it was."""
    scene = Scene(tmp_path / "keys")
    folder, sets = scene.config.folder, tmp_path / "backups" / "keystore"
    scene.config = replace(scene.config, turns=TurnSettings(sets=sets))
    scene.restart()
    scene.daemon.close()
    disk = folder.rename(tmp_path / "disk")
    folder.mkdir()
    with pytest.raises(KeystoreMissing):
        open_daemon(scene.config, lambda: NOW_US)
    assert list(folder.iterdir()) == []
    folder.rmdir()
    disk.rename(folder)

    open_daemon(scene.config, lambda: NOW_US).close()
