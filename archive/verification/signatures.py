"""Whose signature a part's END must have, and whether it has it.

Reads the public keys that are on file here. Knows nothing of rows or maps.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from archive.errors import SignatureWrong
from archive.format.end import RECOVERED, End
from archive.format.header import HeaderBlock
from archive.keys.store.nodes import NodeKeys


class Signed(StrEnum):
    NODE = "node"
    KEEPER = "keeper"


class SignatureMissing(SignatureWrong):
    """An END must be signed, and is not."""


@dataclass(frozen=True, slots=True)
class Signers:
    """Who may have signed: nodes, and the key daemon for the keeper, by the file of its key."""

    nodes: NodeKeys
    daemon: Path

    def check(self, header: HeaderBlock, header_tag: bytes, end: End) -> Signed:
        """Whose signature it is.

        Raises `SignatureWrong`; `NodeUnknown`, `NodeKeyDamaged`, `OSError` or `ValueError` where
        what it takes to tell cannot be had.
        """
        if end.reason != RECOVERED:
            end.verify(header_tag, self.nodes.find(header.node))
            return Signed.NODE
        if not end.signature:
            raise SignatureMissing("the end is not signed")
        public = bytes.fromhex(self.daemon.read_text("ascii"))
        end.verify(header_tag, Ed25519PublicKey.from_public_bytes(public))
        return Signed.KEEPER
