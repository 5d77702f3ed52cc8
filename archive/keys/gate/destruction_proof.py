"""Proves destructions by a certificate that this key daemon signed: its list makes the root again.

Knows nothing of files, nor of what is done with what is proved.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from archive.certificates.merkle import GrowingTree
from archive.certificates.statement import Statement, read_signed, recording_leaf
from archive.errors import CertificateDamaged, KeyRefused, SignatureWrong
from archive.keys.errors import Refusal
from archive.keys.gate.destroyed_again import Gone

# Digest, when (µs UTC), the hash of what is said of it.
Leaf = tuple[bytes, int, bytes]


@dataclass(slots=True)
class _Growing:
    statement: Statement
    tree: GrowingTree = field(default_factory=GrowingTree)
    gone: list[Gone] = field(default_factory=list)

    @property
    def missing(self) -> int:
        return self.statement.destroyed.recordings - self.tree.size


@dataclass(slots=True)
class DestructionProof:
    """One certificate at a time; `public_key` is the daemon's own, 32 bytes."""

    public_key: Callable[[], bytes]
    _growing: _Growing | None = None

    def begin(self, certificate: bytes) -> None:
        """Take a certificate. Raises `KeyRefused` where it is not one that was signed here."""
        try:
            signed = read_signed(certificate)
            signed.note.verify()
        except (CertificateDamaged, SignatureWrong) as damaged:
            raise KeyRefused(Refusal.NOT_PROVED) from damaged
        if signed.statement.key.raw != self.public_key():
            raise KeyRefused(Refusal.NOT_PROVED)
        self._growing = _Growing(signed.statement)

    def add(self, leaves: Sequence[Leaf]) -> Sequence[Gone]:
        """Take the next leaves; all that is proved, with the last of them, and else none.

        Raises `KeyRefused` where there are more than were signed, or others.
        """
        growing = self._growing
        if growing is None:
            raise KeyRefused(Refusal.OUT_OF_ORDER)
        run = growing.statement.name.run
        for digest, at_us, said in leaves[: growing.missing]:
            growing.tree.add(recording_leaf(digest, at_us, said))
            growing.gone.append(Gone(digest, at_us, run))
        if growing.missing:
            return ()
        self._growing = None
        if growing.tree.root() != growing.statement.destroyed.root:
            raise KeyRefused(Refusal.NOT_PROVED)
        return growing.gone
