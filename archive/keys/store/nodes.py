"""Public keys of the capture nodes: a file of 64 hexadecimal digits for each, `<node>.pub`.

Knows nothing of pages. Who may write to the folder decides which nodes are believed.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from archive.disk.files import LocalDisk, publish
from archive.ids import NodeId
from archive.keys.errors import NodeKeyConflict, NodeKeyDamaged, NodeUnknown

PUBLIC_BYTES: Final = 32
# The digits and a line end of any kind, and not a byte more is read.
MAX_FILE_BYTES: Final = 2 * PUBLIC_BYTES + 2


@dataclass(frozen=True, slots=True)
class NodeKeys:
    """The folder of node public keys."""

    folder: Path

    def find(self, node: NodeId) -> Ed25519PublicKey:
        """The node's Ed25519 key. Raises `NodeUnknown` or `NodeKeyDamaged`."""
        return Ed25519PublicKey.from_public_bytes(self._read(node))

    def register(self, node: NodeId, public: bytes) -> None:
        """Put a node's 32-byte key on file; raises `NodeKeyConflict` if another one is there."""
        assert len(public) == PUBLIC_BYTES
        if self._path(node).exists():
            if self._read(node) != public:
                raise NodeKeyConflict(f"node {node}: another public key is on file")
            return
        publish(LocalDisk(), self._path(node), [public.hex().encode() + b"\n"])

    def _read(self, node: NodeId) -> bytes:
        try:
            with self._path(node).open("rb") as file:
                content = file.read(MAX_FILE_BYTES + 1)
        except FileNotFoundError:
            raise NodeUnknown(f"node {node}: no public key on file") from None
        try:
            public = bytes.fromhex(content.decode("ascii"))
        except ValueError:
            raise NodeKeyDamaged(f"node {node}: its key file is not hexadecimal") from None
        if len(public) != PUBLIC_BYTES:
            raise NodeKeyDamaged(f"node {node}: its key file does not hold 64 digits")
        return public

    def _path(self, node: NodeId) -> Path:
        return self.folder / f"{node}.pub"
