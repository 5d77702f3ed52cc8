"""Starting the key daemon: the first time and every time after."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from archive.format.intake import IntakeKeyList
from archive.keys.daemon.assembly import KeysConfig, open_daemon
from archive.keys.errors import EpochKeyMissing, PassphraseMissing
from tests.archive.keys.scene import CHEAP, NOW_US, Scene


def test_a_first_start_makes_everything_and_a_second_nothing(tmp_path: Path) -> None:
    """Passphrase, epoch, intake and signing key are made once; the lists stay byte for byte."""
    scene = Scene(tmp_path)
    kept = ("passphrase", "intake-keys.json", "signing.pub", "epochs/epoch-000001.key")
    before = [(tmp_path / name).read_bytes() for name in kept]
    scene.restart()

    assert [(tmp_path / name).read_bytes() for name in kept] == before


@pytest.fixture
def closed_to_others() -> Iterator[None]:
    """The umask of the units."""
    before = os.umask(0o007)
    yield
    os.umask(before)


@pytest.mark.usefixtures("closed_to_others")
def test_the_published_list_verifies_with_the_published_key(tmp_path: Path) -> None:
    """Capture believes the list because of this signature; both may be read by everybody."""
    config = Scene(tmp_path / "keys").config
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(config.signing_public.read_text()))

    IntakeKeyList.decode(config.intake_list.read_bytes()).verify(public)
    published = (config.intake_list, config.signing_public)
    assert [path.stat().st_mode & 0o777 for path in published] == [0o644, 0o644]
    assert config.folder.stat().st_mode & 0o111 == 0o111


def test_the_secrets_have_mode_0600(tmp_path: Path) -> None:
    """The folder can be passed through to the sockets; what is secret protects itself."""
    config = Scene(tmp_path / "keys").config
    secret = [config.passphrase_file, config.keystore, *config.epochs.iterdir()]

    assert all(path.stat().st_mode & 0o777 == 0o600 for path in secret)
    assert config.folder.stat().st_mode & 0o066 == 0


def test_without_permission_no_passphrase_is_made(tmp_path: Path) -> None:
    """In production the administrator brings it; a made one would never be backed up."""
    config = KeysConfig(folder=tmp_path, passphrase_file=tmp_path / "passphrase", cost=CHEAP)

    with pytest.raises(PassphraseMissing):
        open_daemon(config, lambda: NOW_US)


def test_a_passphrase_that_got_lost_is_not_replaced(tmp_path: Path) -> None:
    """A new one opens nothing; the loss has to be named while the backup still exists."""
    scene = Scene(tmp_path)
    scene.daemon.close()
    scene.config.passphrase_file.unlink()

    with pytest.raises(PassphraseMissing):
        open_daemon(scene.config, lambda: NOW_US)
    assert not scene.config.passphrase_file.exists()


def test_a_keystore_without_its_epoch_keys_is_named(tmp_path: Path) -> None:
    """The restore of one folder only."""
    scene = Scene(tmp_path / "ours")
    (tmp_path / "theirs").mkdir()
    scene.daemon.close()
    scene.config.keystore.rename(tmp_path / "theirs" / "keystore.db")
    config = replace(scene.config, folder=tmp_path / "theirs")

    with pytest.raises(EpochKeyMissing):
        open_daemon(config, lambda: NOW_US)
