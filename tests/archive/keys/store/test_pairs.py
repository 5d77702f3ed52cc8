"""Intake and signing keys: made once, opened only by their own epoch key."""

import secrets
from pathlib import Path

import pytest

from archive.errors import KeyRefused
from archive.format.intake import HYBRID_SUITE, P256_SUITE
from archive.ids import IntakeKeyId
from archive.keys.epochs.epochs import ensure_epoch
from archive.keys.errors import Refusal, WrapDamaged
from archive.keys.store.key_service import PassphraseService, create_passphrase
from archive.keys.store.pairs import KeyPairs
from archive.keys.store.schema import open_database
from tests.archive.keys.scene import CHEAP, NOW_US


def some_pairs(folder: Path) -> KeyPairs:
    create_passphrase(folder / "passphrase")
    service = PassphraseService(folder / "passphrase", folder / "epochs", CHEAP)
    connection = open_database(folder / "keystore.db")
    return KeyPairs(connection, service, ensure_epoch(connection, service, NOW_US))


@pytest.mark.parametrize("suite", [HYBRID_SUITE, P256_SUITE])
def test_the_private_half_fits_the_public_half(tmp_path: Path, suite: int) -> None:
    """What capture seals to is what the daemon can open, through the wrap and back."""
    pairs = some_pairs(tmp_path)
    pairs.ensure(NOW_US, suite)
    ((public, created_us),) = pairs.intake_keys()

    assert pairs.private_key(public.id).public_key() == public
    assert created_us == NOW_US


def test_ensuring_twice_makes_one_key(tmp_path: Path) -> None:
    """A restart does not turn the intake keys."""
    pairs = some_pairs(tmp_path)
    pairs.ensure(NOW_US)
    signing = pairs.signing_key().private_bytes_raw()
    pairs.ensure(NOW_US + 1)

    assert len(pairs.intake_keys()) == 1
    assert pairs.signing_key().private_bytes_raw() == signing


def test_another_suite_is_added_beside_and_the_newest_leads(tmp_path: Path) -> None:
    """Parts sealed to the earlier suite still wait for their adoption."""
    pairs = some_pairs(tmp_path)
    pairs.ensure(NOW_US, HYBRID_SUITE)
    pairs.ensure(NOW_US + 1, P256_SUITE)

    assert [public.suite for public, _ in pairs.intake_keys()] == [P256_SUITE, HYBRID_SUITE]


def test_an_unknown_intake_key_is_refused(tmp_path: Path) -> None:
    """A page sealed to another system's key is an alarm with a name."""
    with pytest.raises(KeyRefused, match=Refusal.INTAKE_KEY_UNKNOWN):
        some_pairs(tmp_path).private_key(IntakeKeyId(secrets.token_bytes(16)))


def test_seeds_cannot_be_moved_to_another_id(tmp_path: Path) -> None:
    """The wrap is bound to the key's id and suite."""
    pairs = some_pairs(tmp_path)
    pairs.ensure(NOW_US)
    other = IntakeKeyId(secrets.token_bytes(16))
    open_database(tmp_path / "keystore.db").execute("UPDATE intake_key SET id = ?", (other.raw,))

    with pytest.raises(WrapDamaged):
        pairs.private_key(other)
