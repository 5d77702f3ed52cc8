"""The nodes' public keys on file."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.ids import NodeId
from archive.keys.errors import NodeKeyConflict, NodeKeyDamaged, NodeUnknown
from archive.keys.store.nodes import NodeKeys

NODE = NodeId(bytes(15) + b"\x07")
PUBLIC = Ed25519PrivateKey.generate().public_key().public_bytes_raw()


def test_a_registered_node_is_found_again(tmp_path: Path) -> None:
    """One line of hexadecimal digits, so that an administrator can copy and compare it."""
    nodes = NodeKeys(tmp_path)
    nodes.register(NODE, PUBLIC)
    nodes.register(NODE, PUBLIC)

    assert nodes.find(NODE).public_bytes_raw() == PUBLIC
    assert (tmp_path / f"{NODE}.pub").read_text() == PUBLIC.hex() + "\n"


def test_a_node_does_not_change_its_key_unseen(tmp_path: Path) -> None:
    """Replacing it would let somebody else sign in the node's name."""
    nodes = NodeKeys(tmp_path)
    nodes.register(NODE, PUBLIC)

    with pytest.raises(NodeKeyConflict):
        nodes.register(NODE, bytes(32))
    assert nodes.find(NODE).public_bytes_raw() == PUBLIC


def test_a_node_without_a_file_is_unknown(tmp_path: Path) -> None:
    """Who is not on file is not believed."""
    with pytest.raises(NodeUnknown):
        NodeKeys(tmp_path).find(NODE)


BROKEN = {
    "empty": b"",
    "not hexadecimal": b"zz",
    "not text": b"\xff\xfe",
    "raw bytes": PUBLIC,
    "twice": PUBLIC.hex().encode() * 2,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    """Not read as far as it goes: a wrong key would refuse every part of the node."""
    (tmp_path / f"{NODE}.pub").write_bytes(content)

    with pytest.raises(NodeKeyDamaged):
        NodeKeys(tmp_path).find(NODE)
