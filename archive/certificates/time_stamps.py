"""Time stamps of others (RFC 3161): what a server is asked, and what its answer is worth.

Pure. Knows nothing of networks, nor of what is stamped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, Self

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from archive.errors import StampRefused, StampWrong

QUESTION_TYPE: Final = "application/timestamp-query"
ANSWER_TYPE: Final = "application/timestamp-reply"
# With the certificates of who stamps an answer has some thousand bytes.
MAX_ANSWER_BYTES: Final = 64 * 1024
_SHA256: Final = "2.16.840.1.101.3.4.2.1"


@dataclass(frozen=True, slots=True)
class Question:
    """What a server is asked: the bytes that are sent, and the number that its answer repeats."""

    der: bytes
    nonce: int
    digest: bytes

    @classmethod
    def about(cls, content: bytes) -> Self:
        """Ask for a stamp over the SHA-256 of a content."""
        asked = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
        assert asked.nonce is not None
        return cls(asked.as_bytes(), asked.nonce, sha256(content).digest())

    def take(self, answer: bytes) -> datetime | None:
        """The moment of an answer that may be kept; None where only others can read it.

        Some servers do not write strict DER, which our reader wants: an answer with our digest in
        it is kept as it came. Raises `StampRefused`, `StampWrong`.
        """
        if len(answer) > MAX_ANSWER_BYTES:
            raise StampWrong("the answer is longer than one with a time stamp is")
        try:
            read = decode_timestamp_response(answer)
        except ValueError:
            if self.digest not in answer:
                raise StampWrong("the answer is none of RFC 3161") from None
            return None
        _refuse(read)
        if read.tst_info.nonce != self.nonce:
            raise StampWrong("the answer is to another question")
        _compare(read, self.digest)
        at: datetime = read.tst_info.gen_time
        return at


def stamped_at(answer: bytes, content: bytes) -> datetime:
    """The moment that an answer says of a content, whoever wrote it.

    Raises `StampRefused`, `StampWrong`.
    """
    read = _read(answer)
    _compare(read, sha256(content).digest())
    at: datetime = read.tst_info.gen_time
    return at


def verified_at(answer: bytes, content: bytes, authorities: Sequence[x509.Certificate]) -> datetime:
    """The same, signed by somebody whom one of the authorities vouches for; raises as before."""
    at = stamped_at(answer, content)
    verifier = VerifierBuilder()
    for each in authorities:
        verifier = verifier.add_root_certificate(each)
    try:
        verifier.build().verify_message(_read(answer), content)
    except VerificationError as wrong:
        raise StampWrong(f"the signature of the time stamp is not proved: {wrong}") from None
    return at


def _read(answer: bytes) -> TimeStampResponse:
    try:
        read = decode_timestamp_response(answer)
    except ValueError:
        raise StampWrong("the answer is not strict DER; openssl ts may read it") from None
    _refuse(read)
    return read


def _refuse(read: TimeStampResponse) -> None:
    if read.status not in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS):
        said = "; ".join(read.status_string)
        raise StampRefused(f"the server refuses (status {read.status}): {said}")


def _compare(read: TimeStampResponse, digest: bytes) -> None:
    imprint = read.tst_info.message_imprint
    if imprint.hash_algorithm.dotted_string != _SHA256 or imprint.message != digest:
        raise StampWrong("it stamps something else")
