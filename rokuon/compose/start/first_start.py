"""The first start of a whole Rokuon: folders, the passphrase, who believes whom.

Knows where things lie and who may read them, nothing of what is done with them.
"""

from archive.disk.files import LocalDisk, publish
from archive.keys.daemon.assembly import KeysConfig
from archive.keys.store.key_service import create_passphrase
from archive.keys.store.nodes import NodeKeys
from rokuon.compose.capture.node_identity import (
    OWNER_ONLY_FOLDER,
    NodeIdentity,
    make_capture_folders,
    publish_identity,
)
from rokuon.config.schema import Config


def make_folders(config: Config) -> None:
    """Create what is missing of the data folders, each for its owner alone."""
    make_capture_folders(config)
    for folder in (
        config.node.data,
        config.catalog_path,
        config.archive.path,
        config.pages.path,
        config.keys.path,
        config.keys.path / "nodes",
    ):
        folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)


def prepare(config: Config, keys: KeysConfig) -> NodeIdentity:
    """Everything that must exist before the key daemon starts. Embedded mode only.

    Raises `KeystoreMissing` before anything is made where the keystore's disk is not mounted.
    """
    keys.former.refuse_another()
    make_folders(config)
    # A passphrase that is missing beside a keystore is a loss to be named, not to be covered up.
    if not (keys.keystore.exists() or keys.passphrase_file.exists()):
        create_passphrase(keys.passphrase_file)
    identity = publish_identity(config.capture_path)
    NodeKeys(keys.nodes).register(identity.node, identity.public)
    return identity


def hand_over_lists(config: Config, keys: KeysConfig) -> None:
    """Copy the signed list of intake keys, and the key it verifies with, to capture's folder."""
    for file in (keys.signing_public, keys.intake_list):
        publish(LocalDisk(), config.capture_path / file.name, [file.read_bytes()])
