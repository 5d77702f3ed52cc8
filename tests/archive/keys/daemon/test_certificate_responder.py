"""Who may ask the key daemon for certificates, and in which form; the whole way by its socket."""

import asyncio
from hashlib import sha256
from pathlib import Path

import pytest

from archive.certificates.statement import read_signed
from archive.errors import KeyRefused
from archive.keys.client.key_client import KeyClient
from archive.keys.errors import Refusal
from archive.keys.guard.destruction import DestroyedRecording
from archive.keys.store.schema import open_database
from archive.keys.wire.certificate_messages import (
    MAX_SAID,
    BeginCertificate,
    Certify,
    SignCertificate,
)
from archive.keys.wire.message import AskMessage
from archive.keys.wire.protocol import AskerRole, RefusedAnswer
from tests.archive.keys.scene import NOW_US, Scene
from tests.archive.keys.vault import PLAN, add_key, add_shards, approve, recording, terms
from tests.support.keys.daemon import served

ASKS: list[AskMessage] = [
    BeginCertificate(plan=PLAN.raw),
    Certify(plan=PLAN.raw, at=0, said=(bytes(32),)),
    SignCertificate(plan=PLAN.raw, below="journal: 1\n"),
]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: type(ask).__name__)
@pytest.mark.parametrize("role", [AskerRole.API, AskerRole.KEEPER])
def test_only_the_runner_asks_for_certificates(
    scene: Scene, role: AskerRole, ask: AskMessage
) -> None:
    """Who approves plans does not certify that they were carried out."""
    assert scene.daemon.answer(role, ask) == RefusedAnswer(refused=Refusal.NOT_PERMITTED)


@pytest.mark.parametrize(
    "ask",
    [
        BeginCertificate(plan=b"short"),
        Certify(plan=PLAN.raw, at=0, said=()),
        Certify(plan=PLAN.raw, at=0, said=(bytes(31),)),
        Certify(plan=PLAN.raw, at=0, said=(bytes(32),) * (MAX_SAID + 1)),
    ],
)
def test_a_request_of_another_form_is_refused(scene: Scene, ask: AskMessage) -> None:
    """A longer step would hold up everybody else."""
    assert scene.daemon.answer(AskerRole.RETENTION, ask) == RefusedAnswer(refused=Refusal.MALFORMED)


async def test_a_run_is_certified_by_the_socket_of_the_runner(tmp_path: Path) -> None:
    """More recordings than one step takes; the key is the one that is published."""
    scene = Scene(tmp_path)
    scene.daemon.close()
    database = open_database(scene.config.keystore)
    add_shards(database, epoch=9)
    numbers = range(MAX_SAID + 1)
    database.execute("BEGIN")
    for number in numbers:
        add_key(database, number)
    database.execute("COMMIT")
    approve(database, numbers, terms_of=terms(due_us=NOW_US))
    database.close()
    said = [sha256(recording(number).raw).digest() for number in numbers]

    def ask() -> bytes:
        runner = KeyClient(scene.config.retention_socket)
        gone = runner.destroy(PLAN, 0, [recording(number) for number in numbers])
        assert all(isinstance(each, DestroyedRecording) for each in gone)
        with pytest.raises(KeyRefused, match=Refusal.PLAN_GOES_ON):
            runner.certificate(PLAN, said, "journal: 1\n")
        runner.end_plan(PLAN)
        with pytest.raises(KeyRefused, match=Refusal.NOT_ALL_CERTIFIED):
            runner.certificate(PLAN, said[:-1], "journal: 1\n")
        return runner.certificate(PLAN, said, "journal: 1\n")

    async with served(scene.config):
        read = read_signed(await asyncio.to_thread(ask))
    read.note.verify()

    assert read.statement.destroyed.recordings == len(numbers)
    assert read.statement.key.raw.hex() == scene.config.signing_public.read_text().strip()
