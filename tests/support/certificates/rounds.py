"""What tests of rounds share."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.certificates.folder import CertificateFolder
from archive.errors import KeyRefused
from archive.ids import DEFAULT_TENANT, PlanId
from archive.keys.wire.certificate_messages import (
    MAX_SAID,
    BeginCertificate,
    CertificateAnswer,
    Certify,
    SignCertificate,
)
from archive.keys.wire.guard_messages import EndPlan
from archive.keys.wire.message import AskMessage
from archive.keys.wire.protocol import AskerRole, RefusedAnswer
from retention.runner.certificates.certificate_rounds import CertificateRounds
from retention.runner.certificates.issue import CertificateIssue
from retention.runner.certificates.time_stamps import Ask, TimeStamps
from tests.api.destruction.scene import Installation
from tests.archive.keys.scene import Scene

SERVER = "https://stamps.example/"


@dataclass
class DirectClient:
    """The runner's line to a key daemon in this process."""

    scene: Scene

    def end_plan(self, plan: PlanId) -> None:
        """As the socket does."""
        self._ask(EndPlan(plan=plan.raw))

    def certificate(self, plan: PlanId, said: Sequence[bytes], below: str) -> bytes:
        """As `KeyClient` does."""
        self._ask(BeginCertificate(plan=plan.raw))
        for at in range(0, len(said), MAX_SAID):
            self._ask(Certify(plan=plan.raw, at=at, said=tuple(said[at : at + MAX_SAID])))
        answer = self._ask(SignCertificate(plan=plan.raw, below=below))
        assert isinstance(answer, CertificateAnswer)
        return answer.content

    def _ask(self, ask: AskMessage) -> object:
        answer = self.scene.daemon.answer(AskerRole.RETENTION, ask)
        if isinstance(answer, RefusedAnswer):
            raise KeyRefused(answer.refused)
        return answer


def away(_server: str, _question: bytes) -> bytes:
    raise ConnectionRefusedError


def rounds(made: Installation, ask: Ask = away) -> CertificateRounds:
    """Another process of it."""
    key_client, folder = DirectClient(made.keeper.scene), CertificateFolder(made.keeper.folder)
    issue = CertificateIssue(
        engine=made.it.engine,
        keys=key_client,
        folder=folder,
        clock_us=lambda: made.it.now_us,
        tenant=DEFAULT_TENANT,
    )
    stamps = TimeStamps(
        engine=made.it.engine, folder=folder, tenant=DEFAULT_TENANT, servers=(SERVER,), ask=ask
    )
    return CertificateRounds(
        issue=issue, keys=key_client, stamps=stamps, clock_us=lambda: made.it.now_us
    )


async def swept(made: Installation) -> PlanId:
    """All that is due is gone, and the run has ended."""
    plan = (await made.applied()).stored
    runner = made.runner()
    while runner.round() < 1:
        pass
    return plan.content.id
