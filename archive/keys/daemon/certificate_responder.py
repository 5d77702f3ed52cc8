"""Answers what is asked of certificates of destruction: from the wire to the tree and back.

Knows nothing of sockets or of who may ask.
"""

from dataclasses import dataclass

from archive.certificates.merkle import HASH_BYTES
from archive.errors import KeyRefused
from archive.ids import ID_BYTES, PlanId
from archive.keys.errors import Refusal
from archive.keys.guard.certification import Certification
from archive.keys.wire.certificate_messages import (
    MAX_SAID,
    BeginCertificate,
    CertificateAnswer,
    CertificateAsk,
    CertifiedAnswer,
    Certify,
    SignCertificate,
)


@dataclass(slots=True)
class CertificateResponder:
    """The certificates of one keystore."""

    certification: Certification

    def answer(self, ask: CertificateAsk) -> CertifiedAnswer | CertificateAnswer:
        """Do what is asked; raises `KeyRefused`."""
        if len(ask.plan) != ID_BYTES:
            raise KeyRefused(Refusal.MALFORMED)
        plan = PlanId(ask.plan)
        match ask:
            case BeginCertificate():
                self.certification.begin(plan)
                return CertifiedAnswer(recordings=0)
            case Certify():
                return CertifiedAnswer(recordings=self._certify(plan, ask))
            case SignCertificate():
                return CertificateAnswer(content=self.certification.finish(plan, ask.below))

    def _certify(self, plan: PlanId, ask: Certify) -> int:
        are_hashes = all(len(each) == HASH_BYTES for each in ask.said)
        if not 0 < len(ask.said) <= MAX_SAID or not are_hashes:
            raise KeyRefused(Refusal.MALFORMED)
        return self.certification.add(plan, ask.at, ask.said)
