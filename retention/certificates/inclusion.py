"""The proof that one recording is among those of a certificate.

Pure. It tells of no other recording of the run; knows nothing of signatures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from archive.certificates.merkle import path_to, root_by
from archive.certificates.statement import DestroyedSet, time_text, time_us
from archive.errors import CertificateDamaged, ProofWrong
from retention.certificates.destroyed_list import DestroyedRecording, Said, digest_bytes

PROOF_FORM: Final = "rokuon proof of destruction 1"
# Of a tree of 2^63 leaves; a longer path is none.
_MAX_PATH: Final = 63
_LINES: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionProof:
    """A recording, its place among `size` of a run, and the hashes beside its way to the root."""

    run: bytes
    recording: DestroyedRecording
    place: int
    size: int
    path: tuple[bytes, ...]

    @classmethod
    def of(cls, run: bytes, recordings: Sequence[DestroyedRecording], place: int) -> Self:
        """Draw it from all of a run, which are in order."""
        return cls(
            run=run,
            recording=recordings[place],
            place=place,
            size=len(recordings),
            path=path_to([each.leaf for each in recordings], place),
        )

    def check(self, run: bytes, destroyed: DestroyedSet) -> None:
        """Raise `ProofWrong` where it does not prove that the recording is in this certificate."""
        if run != self.run or destroyed.recordings != self.size:
            raise ProofWrong("the proof is of another certificate")
        if root_by(self.path, self.recording.leaf, self.place, self.size) != destroyed.root:
            raise ProofWrong("the proof does not lead to the root of the certificate")

    def text(self) -> str:
        lines = (
            PROOF_FORM,
            f"run: {self.run.hex()}",
            f"recording: {self.recording.digest.hex()}",
            f"destroyed: {time_text(self.recording.destroyed_us)}",
            f"said: {self.recording.said.line}",
            f"place: {self.place} of {self.size}",
            *(f"path: {each.hex()}" for each in self.path),
        )
        return "".join(f"{line}\n" for line in lines)


def read_proof(text: str) -> InclusionProof:
    """Read a file; raises `CertificateDamaged` for one that is not written so."""
    form, *lines = text.removesuffix("\n").split("\n")
    if form != PROOF_FORM or not _LINES - 1 <= len(lines) < _LINES + _MAX_PATH:
        raise CertificateDamaged("it is not a proof of destruction of form 1")
    run, digest, time, said, place, *path = [line.partition(": ")[2] for line in lines]
    at, _, size = place.partition(" of ")
    try:
        proof = InclusionProof(
            run=bytes.fromhex(run),
            recording=DestroyedRecording(digest_bytes(digest), time_us(time), Said.read(said)),
            place=int(at),
            size=int(size),
            path=tuple(digest_bytes(each) for each in path),
        )
    except ValueError:
        raise CertificateDamaged("a value in it is not of its form") from None
    if proof.text() != text:
        raise CertificateDamaged("it is not written as a proof is")
    return proof
