"""Whose signature a part's END must have, and whether it has it.

Reads the public keys that are on file here. Knows nothing of rows or maps.
"""

from dataclasses import dataclass
from enum import StrEnum

from archive.end import RECOVERED, End
from archive.header import HeaderBlock
from archive.keys.nodes import NodeKeys


class Signed(StrEnum):
    """Who signed a part's END. Unsigned: the keeper closed it before it signed what it closes."""

    NODE = "node"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Signers:
    """Who may have signed."""

    nodes: NodeKeys

    def check(self, header: HeaderBlock, header_tag: bytes, end: End) -> Signed:
        """Whose signature it is.

        Raises `SignatureWrong`; `NodeUnknown`, `NodeKeyDamaged` or `OSError` where the key that
        it takes cannot be had.
        """
        if end.reason == RECOVERED and not end.signature:
            return Signed.UNSIGNED
        end.verify(header_tag, self.nodes.find(header.node))
        return Signed.NODE
