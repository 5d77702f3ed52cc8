"""Answers what is asked of certificates of destruction: from the wire to the tree and back.

Knows nothing of sockets or of who may ask.
"""

from dataclasses import dataclass

from archive.certificates.merkle import HASH_BYTES
from archive.errors import KeyRefused
from archive.ids import PlanId
from archive.keys.daemon.wire_ids import id_of
from archive.keys.errors import Refusal
from archive.keys.guard.certification import Certification
from archive.keys.wire import certificate_messages as wire
from archive.keys.wire.message import AnsweredQuestion


@dataclass(slots=True)
class CertificateResponder:
    """The certificates of one keystore."""

    certification: Certification

    def rows(self) -> tuple[AnsweredQuestion, ...]:
        """Its rows of the daemon's table."""
        return (
            wire.BeginCertificate.answered_by(self._begin),
            wire.Certify.answered_by(self._certify),
            wire.SignCertificate.answered_by(self._sign),
        )

    def _begin(self, ask: wire.BeginCertificate) -> wire.CertifiedAnswer:
        self.certification.begin(id_of(PlanId, ask.plan))
        return wire.CertifiedAnswer(recordings=0)

    def _certify(self, ask: wire.Certify) -> wire.CertifiedAnswer:
        plan = id_of(PlanId, ask.plan)
        are_hashes = all(len(each) == HASH_BYTES for each in ask.said)
        if not 0 < len(ask.said) <= wire.MAX_SAID or not are_hashes:
            raise KeyRefused(Refusal.MALFORMED)
        return wire.CertifiedAnswer(recordings=self.certification.add(plan, ask.at, ask.said))

    def _sign(self, ask: wire.SignCertificate) -> wire.CertificateAnswer:
        plan = id_of(PlanId, ask.plan)
        return wire.CertificateAnswer(content=self.certification.finish(plan, ask.below))
