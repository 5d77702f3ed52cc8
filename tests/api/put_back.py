"""An installation whose keystore, or catalog, is put back as it was once; and who looks at both."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from api.access.approvals import Approvals
from api.holds.upkeep import HoldUpkeep
from api.operation.keystore_comparison import KeystoreComparison
from api.operation.restored_keystore import RestoredKeystore
from archive.catalog.database.engine import reading
from archive.certificates.folder import CertificateFolder
from archive.errors import KeyRefused
from archive.ids import DEFAULT_TENANT
from archive.keys.client.epoch_client import EpochClient
from archive.keys.client.key_client import KeyClient
from archive.keys.wire.gate_messages import GateRow
from archive.keys.wire.message import AnswerT, Question
from archive.keys.wire.opening_messages import DataKeyAnswer
from archive.keys.wire.protocol import Ask, AskerRole, RefusedAnswer
from retention.runner.certificates.certificate_rounds import CertificateRounds
from retention.runner.certificates.issue import CertificateIssue
from retention.runner.certificates.time_stamps import TimeStamps
from tests.api.destruction.scene import Installation
from tests.archive.keys.entries import open_ask
from tests.archive.keys.scene import Scene
from tests.told import all_told

# A batch, and the end of the run.
_ROUNDS = 4


@dataclass(slots=True)
class DirectLine:
    """A line to the key daemon of a scene; `asked` has what went over it."""

    scene: Scene
    role: AskerRole = AskerRole.API
    asked: list[Ask] = field(default_factory=list)

    def ask(self, question: Question[AnswerT]) -> AnswerT:
        self.asked.append(question)
        answer = self.scene.daemon.answer(self.role, question)
        if isinstance(answer, RefusedAnswer):
            raise KeyRefused(answer.refused)
        assert isinstance(answer, question.answer_type())
        return answer


def direct_client(scene: Scene, role: AskerRole) -> KeyClient:
    """A client without a socket."""
    client = KeyClient(Path("nowhere"))
    client._line = DirectLine(scene, role)  # type: ignore[assignment]  # asks as a line does
    return client


@dataclass(slots=True)
class Both:
    """The catalog and the keystore of one installation."""

    it: Installation

    @property
    def scene(self) -> Scene:
        return self.it.keeper.scene

    @property
    def line(self) -> EpochClient:
        return EpochClient(DirectLine(self.scene))

    @property
    def certificates(self) -> CertificateFolder:
        folder = self.it.keeper.folder / "certified"
        folder.mkdir(exist_ok=True)
        return CertificateFolder(folder)

    @property
    def comparison(self) -> KeystoreComparison:
        return KeystoreComparison(self.it.it.engine, self.line, self.certificates)

    @property
    def restored(self) -> RestoredKeystore:
        door = self.it.it.door
        return RestoredKeystore(door, Approvals(door), self.line, self.certificates)

    @property
    def gate(self) -> GateRow:
        return self.line.epochs().gate

    @property
    def upkeep(self) -> HoldUpkeep:
        """Who finishes what was begun with legal holds."""
        key_client = direct_client(self.scene, AskerRole.API)
        return HoldUpkeep(self.it.it.catalog, lambda: self.it.it.now_us, key_client)

    def certify(self) -> None:
        """As the runner does when a run has ended."""
        keys = direct_client(self.scene, AskerRole.RETENTION)
        issue = CertificateIssue(
            engine=self.it.it.engine,
            keys=keys,
            folder=self.certificates,
            clock_us=lambda: self.it.it.now_us,
            tenant=DEFAULT_TENANT,
        )
        stamps = TimeStamps(
            engine=self.it.it.engine,
            folder=self.certificates,
            tenant=DEFAULT_TENANT,
            servers=(),
            ask=lambda *_: b"",
        )
        CertificateRounds(
            issue=issue, keys=keys, stamps=stamps, clock_us=lambda: self.it.it.now_us
        ).round()

    async def destroy_due(self) -> None:
        """All that is due goes, as two persons have wanted it."""
        await self.it.applied()
        runner = self.it.runner()
        for _ in range(_ROUNDS):
            runner.round()

    def opened(self) -> int:
        """How many of the recordings' keys the key daemon gives to the API."""
        answers = [
            self.scene.daemon.answer(
                AskerRole.API, open_ask(part.header.key, part.header.recording, self.scene.now_us)
            )
            for part in self.it.parts
        ]
        return sum(isinstance(each, DataKeyAnswer) for each in answers)

    def work_all(self) -> None:
        """What the key daemon does by itself."""
        while (job := self.scene.daemon.work.next_job()) is not None:
            job.run()

    @contextmanager
    def keys_put_back(self) -> Iterator[None]:
        """What is done within is done with keys that are put back as they were, list and all."""
        folder, copy = self.scene.folder, self.scene.folder.parent / "keys-of-before"
        self.work_all()
        self.scene.daemon.close()
        shutil.copytree(folder, copy)
        self.scene.start()
        yield
        self.work_all()
        self.scene.daemon.close()
        shutil.rmtree(folder)
        copy.rename(folder)
        self.scene.start()

    def actions(self) -> list[str]:
        with reading(self.it.it.engine) as connection:
            return [each.entry.action for each in all_told(connection)]
