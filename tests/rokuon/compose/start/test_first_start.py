"""The first start, and what it must never do twice."""

import stat
from pathlib import Path

import pytest

from archive.keys.gate.former_keystore import KeystoreMissing
from archive.keys.store.nodes import NodeKeys
from rokuon.compose.archive.key_daemon import keys_config
from rokuon.compose.capture.node_identity import SIGNING_KEY_NAME
from rokuon.compose.start.embedded import prepare
from rokuon.config.load import parse
from rokuon.config.schema import Config
from rokuon.messages.error_words import words_of


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return parse("", name="-", base=tmp_path)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_start_closes_everything_to_others(config: Config) -> None:
    """Keys and calls lie there before anybody thinks of permissions."""
    prepare(config, keys_config(config))

    assert mode(config.capture_path) == mode(config.spool.path) == 0o700
    assert mode(config.capture_path / "node.json") == 0o600
    assert mode(config.keys.passphrase_file) == 0o600


def test_the_key_daemon_believes_the_node_after_the_first_start(config: Config) -> None:
    """Else it would refuse every page of it."""
    identity = prepare(config, keys_config(config))

    on_file = NodeKeys(config.keys.path / "nodes").find(identity.node)
    assert on_file.public_bytes_raw() == identity.public


def test_a_second_start_changes_neither_identity_nor_passphrase(config: Config) -> None:
    """A new passphrase would lose every recording, a new node key every page."""
    first = prepare(config, keys_config(config))
    passphrase = config.keys.passphrase_file.read_bytes()
    second = prepare(config, keys_config(config))

    assert (first.node, first.public) == (second.node, second.public)
    assert config.keys.passphrase_file.read_bytes() == passphrase


def test_a_keystore_whose_disk_is_not_mounted_is_not_made_anew(config: Config) -> None:
    """Capture still has what its daemon published; on the bare mount point nothing is made."""
    config.capture_path.mkdir(parents=True)
    (config.capture_path / SIGNING_KEY_NAME).touch()

    with pytest.raises(KeystoreMissing) as missing:
        prepare(config, keys_config(config))

    assert "is its disk mounted?" in words_of(missing.value)
    assert not config.keys.path.exists()


def test_a_passphrase_missing_beside_a_keystore_is_not_made_anew(config: Config) -> None:
    """A loss is to be named, not covered up."""
    prepare(config, keys_config(config))
    config.keys.passphrase_file.unlink()
    keys_config(config).keystore.touch()

    prepare(config, keys_config(config))

    assert not config.keys.passphrase_file.exists()
