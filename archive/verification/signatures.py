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
from archive.ids import began_us
from archive.keys.store.nodes import NodeKeys


class Signed(StrEnum):
    """Who signed a part's END. Unsigned: the keeper closed it before its ENDs were signed."""

    NODE = "node"
    KEEPER = "keeper"
    UNSIGNED = "unsigned"


class SignatureMissing(SignatureWrong):
    """An END must be signed, and is not."""


@dataclass(frozen=True, slots=True)
class Signers:
    """Who may have signed: nodes, and the key daemon for the keeper.

    `daemon` is the file of its public key, `begin` the one that says from when on it signs.
    """

    nodes: NodeKeys
    daemon: Path
    begin: Path

    def check(self, header: HeaderBlock, header_tag: bytes, end: End) -> Signed:
        """Whose signature it is.

        Raises `SignatureWrong`; `NodeUnknown`, `NodeKeyDamaged`, `OSError` or `ValueError` where
        what it takes to tell cannot be had.
        """
        if end.reason != RECOVERED:
            end.verify(header_tag, self.nodes.find(header.node))
            return Signed.NODE
        if end.signature:
            public = bytes.fromhex(self.daemon.read_text("ascii"))
            end.verify(header_tag, Ed25519PublicKey.from_public_bytes(public))
            return Signed.KEEPER
        if self.is_since(header):
            raise SignatureMissing("the end is not signed")
        return Signed.UNSIGNED

    def is_since(self, header: HeaderBlock) -> bool:
        """Whether a part is younger than the first keeper that has its ENDs signed.

        Who forges a header can say that it is old; that its recording is, its id says too. Raises
        `OSError` or `ValueError` where nothing says since when they are.
        """
        youngest_us = max(header.created_us, began_us(header.recording))
        return youngest_us >= int(self.begin.read_text("ascii"))
