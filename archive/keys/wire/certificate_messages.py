"""What is said to the key daemon of certificates of destruction (`docs/certificates.md`).

Pure values. Knows nothing of tables. Ids are their 16 bytes.
"""

from typing import Final

from archive.keys.wire.message import RETENTION, AnswerMessage, Question

# So many hashes fit a message twice, and their leaves are made in some milliseconds.
MAX_SAID: Final = 256


class CertifiedAnswer(AnswerMessage, frozen=True, kw_only=True):
    """How many recordings the tree has."""

    recordings: int


class CertificateAnswer(AnswerMessage, frozen=True, kw_only=True):
    """The certificate."""

    content: bytes


class BeginCertificate(
    Question[CertifiedAnswer], frozen=True, kw_only=True, tag="begin_certificate"
):
    """Begin the tree over what was destroyed of a plan, which has ended."""

    asked_by = RETENTION
    plan: bytes


class Certify(Question[CertifiedAnswer], frozen=True, kw_only=True, tag="certify"):
    """Add the next recordings in the order of their digests, behind the `at` that are there.

    `said`: of each the SHA-256 of what is said of it, at most `MAX_SAID`.
    """

    asked_by = RETENTION
    plan: bytes
    at: int
    said: tuple[bytes, ...]


class SignCertificate(
    Question[CertificateAnswer], frozen=True, kw_only=True, tag="sign_certificate"
):
    """Sign the certificate; `below` is what the runner says."""

    asked_by = RETENTION
    plan: bytes
    below: str
