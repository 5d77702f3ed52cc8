"""The proof that one recording is in a certificate."""

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from archive.errors import ArchiveError, CertificateDamaged, ProofWrong
from retention.certificates.certificate import read_certificate
from retention.certificates.inclusion import InclusionProof, read_proof
from tests.archive.certificates.examples import RUN
from tests.retention.destroyed_recordings import certified, destroyed

RECORDINGS = destroyed(11)
CERTIFICATE = read_certificate(certified(RECORDINGS))
PROOF = InclusionProof.of(RUN, RECORDINGS, 4)
TEXT = PROOF.text()


@pytest.mark.parametrize("place", range(11))
def test_each_recording_of_a_run_has_a_proof(place: int) -> None:
    """It reads back as it was drawn."""
    proof = InclusionProof.of(RUN, RECORDINGS, place)
    read = read_proof(proof.text())
    read.check(RUN, CERTIFICATE.destroyed)

    assert read == proof


def test_a_proof_tells_of_no_other_recording() -> None:
    """Who asks about one call must not learn of others."""
    others = [each for each in RECORDINGS if each != PROOF.recording]

    assert not any(each.digest.hex() in TEXT for each in others)
    assert TEXT.count("said: ") == 1


def test_the_proof_of_another_recording_or_run_fails() -> None:
    """A proof cannot be lent."""
    other = replace(PROOF, recording=RECORDINGS[5])
    for proof, run in [(other, RUN), (replace(PROOF, place=5), RUN), (PROOF, bytes(16))]:
        with pytest.raises(ProofWrong):
            proof.check(run, CERTIFICATE.destroyed)
    with pytest.raises(ProofWrong):
        PROOF.check(RUN, read_certificate(certified(destroyed(10))).destroyed)


@given(st.integers(0, len(TEXT.encode()) - 1), st.integers(1, 255))
def test_any_changed_byte_of_a_proof_fails(at: int, other: int) -> None:
    """Whichever it is; what is no text any more is refused before it is read."""
    changed = bytearray(TEXT.encode())
    changed[at] ^= other

    with pytest.raises((ArchiveError, UnicodeDecodeError)):
        read_proof(changed.decode()).check(RUN, CERTIFICATE.destroyed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT.replace("proof of", "proof  of"),
        TEXT[:-1],
        TEXT + TEXT,
        TEXT.replace("of 11", "of x"),
    ],
)
def test_what_is_no_proof_is_refused(text: str) -> None:
    """By name."""
    with pytest.raises(CertificateDamaged):
        read_proof(text)
