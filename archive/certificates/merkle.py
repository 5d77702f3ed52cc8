"""A Merkle tree as others know it (RFC 9162 section 2.1): root, proof that a leaf is in it.

Pure. Knows nothing of what a leaf stands for.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from archive.errors import ProofWrong

HASH_BYTES: Final = 32
# Leaf and node hashes begin differently, so one cannot pass for the other.
LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


@dataclass(slots=True)
class GrowingTree:
    """A tree that leaves are added to; it keeps a hash for each full subtree, not the leaves."""

    size: int = 0
    _full: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """Add the hash of the next leaf, 32 bytes."""
        above, pairs = leaf, self.size
        while pairs & 1:
            above = _node(self._full.pop(), above)
            pairs >>= 1
        self._full.append(above)
        self.size += 1

    def root(self) -> bytes:
        """Root hash over the leaves so far, 32 bytes."""
        if not self._full:
            return hashlib.sha256(b"").digest()
        whole = self._full[-1]
        for left in self._full[-2::-1]:
            whole = _node(left, whole)
        return whole


def leaf_hash(content: bytes) -> bytes:
    """Hash of a leaf, 32 bytes."""
    return hashlib.sha256(LEAF + content).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Root hash over leaf hashes in their order, 32 bytes."""
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else hashlib.sha256(b"").digest()


def path_to(leaves: Sequence[bytes], place: int) -> tuple[bytes, ...]:
    """The proof that the leaf at `place` is in the tree: hashes beside its way up."""
    assert 0 <= place < len(leaves)
    level, path = list(leaves), []
    while len(level) > 1:
        if place ^ 1 < len(level):
            path.append(level[place ^ 1])
        level = _above(level)
        place >>= 1
    return tuple(path)


def root_by(path: Sequence[bytes], leaf: bytes, place: int, size: int) -> bytes:
    """The root that a proof leads to (RFC 9162 section 2.1.3.2); raises `ProofWrong`."""
    if not 0 <= place < size:
        raise ProofWrong("the place of a proof is not in its tree")
    at, last, above = place, size - 1, leaf
    for beside in path:
        if not last:
            raise ProofWrong("a proof is longer than its tree is high")
        if at & 1 or at == last:
            above = _node(beside, above)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            above = _node(above, beside)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofWrong("a proof is shorter than its tree is high")
    return above


def _above(level: Sequence[bytes]) -> list[bytes]:
    """One level up; a last one without a neighbour goes up as it is."""
    pairs = zip(level[::2], level[1::2], strict=False)
    above = [_node(left, right) for left, right in pairs]
    return above + list(level[len(above) * 2 :])


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
