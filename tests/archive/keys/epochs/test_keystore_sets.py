"""Keystore sets: made whole or not at all, opened by their epoch alone."""

import os
from pathlib import Path

import pytest

from archive.backup.errors import SetDamaged, SetOutdated, SetUnverified
from archive.backup.sealed import unseal
from archive.keys.epochs.keystore_sets import KeystoreSets, opened_set_key
from tests.archive.keys.scene import NOW_US
from tests.archive.keys.turning import Turning


def sets_of(turning: Turning) -> KeystoreSets:
    return KeystoreSets(
        database=turning.folder / "keystore.db",
        folder=turning.folder / "sets",
        service=turning.service,
    )


def test_a_set_is_made_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    """Copies in the clear are gone, the set has its name and mode."""
    turning = Turning(tmp_path)
    turning.adopt()
    made = sets_of(turning).make(1, NOW_US)

    assert made.path.name == "keystore-20261125T000000Z-e000001.rkb"
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.keys == 1
    assert [path.name for path in (tmp_path / "sets").iterdir()] == [made.path.name]
    assert not list(tmp_path.glob("*aside*"))


def test_a_keystore_that_does_not_open_becomes_no_set(tmp_path: Path) -> None:
    """Better none, and known, than one that is believed."""
    turning = Turning(tmp_path)
    turning.adopt()
    turning.opened.connection.execute("UPDATE data_key SET wrapped = zeroblob(40)")

    with pytest.raises(SetUnverified):
        sets_of(turning).make(1, NOW_US)
    assert not list((tmp_path / "sets").glob("*.rkb"))


def test_without_its_epoch_key_nobody_opens_it(tmp_path: Path) -> None:
    """That is how it ends."""
    turning = Turning(tmp_path)
    made = sets_of(turning).make(1, NOW_US)
    (tmp_path / "epochs" / "epoch-000001.key").unlink()

    with pytest.raises(SetOutdated), opened_set_key(turning.service, made.path):
        pass


@pytest.mark.parametrize("at", [0, 12, 40, 100, 200, 70_000, -1])
def test_a_changed_byte_is_found_out(tmp_path: Path, at: int) -> None:
    """Nothing of a set is taken on trust: lead, wrapped key, header, segments."""
    turning = Turning(tmp_path)
    made = sets_of(turning).make(1, NOW_US)
    content = bytearray(made.path.read_bytes())
    content[at] ^= 1
    made.path.write_bytes(content)

    with (
        pytest.raises((SetDamaged, SetOutdated)),
        opened_set_key(turning.service, made.path) as key,
    ):
        unseal(made.path, key, tmp_path / "back")


def test_leftovers_of_a_kill_go(tmp_path: Path) -> None:
    """They would keep the wraps of keys that are destroyed later."""
    turning = Turning(tmp_path)
    (tmp_path / "sets").mkdir()
    left = [tmp_path / "keystore.db.copy.aside", tmp_path / "sets" / ".x.rkb.draft"]
    for path in left:
        path.touch()
    sets_of(turning).clear_leftovers()

    assert not any(map(os.path.exists, left))
