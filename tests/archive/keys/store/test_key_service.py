"""The local key service: what it refuses and what it binds."""

from pathlib import Path

import pytest

from archive.keys.errors import (
    EpochKeyMissing,
    EpochKeyWrong,
    PassphraseExposed,
    PassphraseMissing,
    PassphraseTooShort,
    WrapDamaged,
)
from archive.keys.store.key_service import (
    PassphraseService,
    ScryptCost,
    create_passphrase,
    read_passphrase,
)
from tests.archive.keys.scene import CHEAP


def a_service(folder: Path) -> PassphraseService:
    create_passphrase(folder / "passphrase")
    service = PassphraseService(folder / "passphrase", folder / "epochs", CHEAP)
    service.create(1)
    return service


def test_a_wrap_opens_with_its_own_aad_and_no_other(tmp_path: Path) -> None:
    """The key of one shard cannot be passed off as the key of another."""
    service = a_service(tmp_path)
    wrapped = service.wrap(1, b"k" * 32, b"shard 1")

    assert service.unwrap(1, wrapped, b"shard 1") == b"k" * 32
    with pytest.raises(WrapDamaged):
        service.unwrap(1, wrapped, b"shard 2")


def test_the_epoch_key_survives_a_restart(tmp_path: Path) -> None:
    """A service that cannot open yesterday's wraps has lost every recording."""
    wrapped = a_service(tmp_path).wrap(1, b"k" * 32, b"aad")
    later = PassphraseService(tmp_path / "passphrase", tmp_path / "epochs", CHEAP)
    later.create(1)

    assert later.unwrap(1, wrapped, b"aad") == b"k" * 32


def test_another_passphrase_is_named_as_such(tmp_path: Path) -> None:
    """The administrator restored the wrong file: say that, not "damaged"."""
    a_service(tmp_path)
    (tmp_path / "passphrase").write_bytes(b"quite another passphrase")

    with pytest.raises(EpochKeyWrong):
        PassphraseService(tmp_path / "passphrase", tmp_path / "epochs").wrap(1, b"k", b"")


def test_an_epoch_without_a_key_file_cannot_be_used(tmp_path: Path) -> None:
    """Destroying the file is how an epoch ends: nothing may quietly make it again."""
    service = a_service(tmp_path)

    with pytest.raises(EpochKeyMissing):
        service.wrap(2, b"k", b"")


@pytest.mark.parametrize("content", [b"", b"ROKUONEK", bytes(76)])
def test_a_broken_epoch_file_is_named(tmp_path: Path, content: bytes) -> None:
    """A truncated restore must not look like a wrong passphrase of a sound file."""
    a_service(tmp_path)
    (tmp_path / "epochs" / "epoch-000001.key").write_bytes(content)

    with pytest.raises(EpochKeyWrong):
        PassphraseService(tmp_path / "passphrase", tmp_path / "epochs").wrap(1, b"k", b"")


@pytest.mark.parametrize("length", [0, 12, 27])
def test_a_wrap_that_is_cut_is_damaged(tmp_path: Path, length: int) -> None:
    """Shorter than nonce and tag is no wrap at all."""
    with pytest.raises(WrapDamaged):
        a_service(tmp_path).unwrap(1, bytes(length), b"")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o622])
def test_a_passphrase_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    """It opens everything: a group bit is enough to refuse to start."""
    path = tmp_path / "passphrase"
    create_passphrase(path)
    path.chmod(mode)

    with pytest.raises(PassphraseExposed, match="chmod 600"):
        read_passphrase(path)


def test_a_missing_or_short_passphrase_is_refused(tmp_path: Path) -> None:
    """A word is guessed; an empty file is a deployment that went wrong."""
    path = tmp_path / "passphrase"
    with pytest.raises(PassphraseMissing):
        read_passphrase(path)

    path.touch(mode=0o600)
    path.write_bytes(b"fifteen letters\n")
    with pytest.raises(PassphraseTooShort):
        read_passphrase(path)


def test_a_passphrase_is_never_replaced(tmp_path: Path) -> None:
    """A second "first start" would lock everybody out."""
    path = tmp_path / "passphrase"
    create_passphrase(path)
    before = path.read_bytes()

    with pytest.raises(FileExistsError):
        create_passphrase(path)
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_cost_travels_with_the_epoch_key(tmp_path: Path) -> None:
    """Raising the cost later must not lock out the epochs that were made before."""
    wrapped = a_service(tmp_path).wrap(1, b"k" * 32, b"")
    dearer = PassphraseService(tmp_path / "passphrase", tmp_path / "epochs", ScryptCost(n=32))

    assert dearer.unwrap(1, wrapped, b"") == b"k" * 32
