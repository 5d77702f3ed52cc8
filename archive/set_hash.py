"""The hash of a set of digests, kept digest by digest, in any order: equal sets have equal hashes.

LtHash (Bellare and Micciancio 1997; Lewi and others, 2019): 1,024 lanes of 16 bits, each the sum of
what SHAKE256 makes of the members. A plain sum would let anybody who may name a digest choose two
that add up to two others; of this no second set can be found. Knows nothing of what is in a set.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

HASH_BYTES: Final = 2_048
_LANES: Final = HASH_BYTES // 2
# A lane's highest bit is added without its carry, which would run into the next lane.
_LOW: Final = int.from_bytes(b"\xff\x7f" * _LANES, "little")
_HIGH: Final = int.from_bytes(b"\x00\x80" * _LANES, "little")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetHash:
    """So many members, and the sum over them."""

    members: int = 0
    total: bytes = bytes(HASH_BYTES)

    def with_all(self, digests: Iterable[bytes]) -> Self:
        """The hash of the set with these, of which it has none."""
        members, total = self.members, int.from_bytes(self.total, "little")
        for digest in digests:
            expanded = hashlib.shake_256(digest).digest(HASH_BYTES)
            total = _sum(total, int.from_bytes(expanded, "little"))
            members += 1
        return type(self)(members=members, total=total.to_bytes(HASH_BYTES, "little"))

    def joined(self, other: Self) -> Self:
        """The hash of this set and of another that has none of its members."""
        total = _sum(int.from_bytes(self.total, "little"), int.from_bytes(other.total, "little"))
        return type(self)(
            members=self.members + other.members, total=total.to_bytes(HASH_BYTES, "little")
        )

    @property
    def digest(self) -> bytes:
        """The same in 32 bytes, to compare: nothing can be added to it."""
        return hashlib.sha256(self.members.to_bytes(8, "big") + self.total).digest()


def _sum(one: int, other: int) -> int:
    return ((one & _LOW) + (other & _LOW)) ^ ((one ^ other) & _HIGH)
