"""The epoch in force: made once, proved at every start."""

import shutil
from pathlib import Path

import pytest

from archive.keys.epochs.epochs import ensure_epoch
from archive.keys.errors import EpochKeyMissing, EpochKeyWrong
from archive.keys.store.key_service import PassphraseService, create_passphrase
from archive.keys.store.schema import open_database
from tests.archive.keys.scene import CHEAP, NOW_US


def a_service(folder: Path) -> PassphraseService:
    folder.mkdir(exist_ok=True)
    if not (folder / "passphrase").exists():
        create_passphrase(folder / "passphrase")
    return PassphraseService(folder / "passphrase", folder / "epochs", CHEAP)


def test_the_first_epoch_is_made_once(tmp_path: Path) -> None:
    """The second start finds it and does not begin another."""
    connection = open_database(tmp_path / "keystore.db")

    assert ensure_epoch(connection, a_service(tmp_path), NOW_US) == 1
    assert ensure_epoch(connection, a_service(tmp_path), NOW_US) == 1
    assert connection.execute("SELECT id, state FROM epoch").fetchall() == [(1, "current")]


def test_a_crash_between_the_epoch_key_and_its_row_is_repaired(tmp_path: Path) -> None:
    """The key file came first: the next start uses it and makes no second one."""
    a_service(tmp_path).create(1)
    before = (tmp_path / "epochs" / "epoch-000001.key").read_bytes()

    ensure_epoch(open_database(tmp_path / "keystore.db"), a_service(tmp_path), NOW_US)
    assert (tmp_path / "epochs" / "epoch-000001.key").read_bytes() == before


def test_an_epoch_key_of_another_keystore_is_found_out_at_the_start(tmp_path: Path) -> None:
    """Two restores that do not belong together must not run until the first adoption fails."""
    connection = open_database(tmp_path / "keystore.db")
    ensure_epoch(connection, a_service(tmp_path / "ours"), NOW_US)
    a_service(tmp_path / "theirs").create(1)

    with pytest.raises(EpochKeyWrong):
        ensure_epoch(connection, a_service(tmp_path / "theirs"), NOW_US)


def test_a_lost_epoch_key_is_named_and_not_made_again(tmp_path: Path) -> None:
    """A new key under the old number would open nothing and hide the loss."""
    connection = open_database(tmp_path / "keystore.db")
    ensure_epoch(connection, a_service(tmp_path), NOW_US)
    shutil.rmtree(tmp_path / "epochs")

    with pytest.raises(EpochKeyMissing):
        ensure_epoch(connection, a_service(tmp_path), NOW_US)
