"""Certificates as they are asked for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from api.access.authorization import Door
from api.destruction.certificates import Certificates
from api.permissions.actor import Actor
from api.permissions.errors import NotAllowed, NotFound
from api.permissions.roles import Role
from archive.catalog.database.engine import reading
from archive.certificates.folder import CERTIFICATE, LIST, CertificateFolder
from archive.lifecycle.tombstone import digest_of
from retention.certificates.certificate import read_certificate
from tests.api.actors import person
from tests.api.certificates.runs import Daemon, ended, issue, recording
from tests.archive.catalog.examples import NOW_US, new_catalog, same_catalog
from tests.told import all_told

OWNER = Actor(account=person(Role.RETENTION_OWNER))


@asynccontextmanager
async def asked(folder: Path) -> AsyncIterator[Certificates]:
    """The use cases over an archive with one certificate."""
    made, run = new_catalog(folder), ended()
    issue(made, folder, Daemon(run.recordings)).issue(run)
    made.dispose()
    engine = same_catalog(made)
    door = Door(engine=engine, clock_us=lambda: NOW_US)
    yield Certificates(door, CertificateFolder(folder))
    await engine.dispose()


async def test_a_certificate_is_listed_shown_and_handed_out(tmp_path: Path) -> None:
    """As it was signed, byte by byte."""
    async with asked(tmp_path) as certificates:
        (row,) = await certificates.listed(OWNER)
        behind = await certificates.listed(OWNER, before=row.content.number)
        shown = await certificates.show(OWNER, 3)
        content = await certificates.file(OWNER, 3, CERTIFICATE)

    assert behind == ()
    assert shown.stored == row
    assert shown.files == (CERTIFICATE, LIST)
    assert content.decode() == shown.text
    read_certificate(content).signed.note.verify()


async def test_a_proof_is_drawn_for_a_recording_and_the_journal_says_so(tmp_path: Path) -> None:
    """By the digest: the id is nowhere any more."""
    async with asked(tmp_path) as certificates:
        proof = await certificates.proof(OWNER, 3, recording(2))
        shown = await certificates.show(OWNER, 3)
        with pytest.raises(NotFound):
            await certificates.proof(OWNER, 3, recording(99))
        with reading(certificates.door.engine.engine) as connection:
            drawn = [
                each.entry for each in all_told(connection) if each.entry.action == "proof_drawn"
            ]

    proof.check(shown.certificate.run, shown.certificate.destroyed)
    assert proof.recording.digest == digest_of(recording(2))
    assert [each.target for each in drawn] == [digest_of(recording(2)).hex()]


async def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    """A run without a certificate, and a file that is none of its."""
    async with asked(tmp_path) as certificates:
        for number, name in ((4, CERTIFICATE), (3, "../../../catalog.db")):
            with pytest.raises(NotFound):
                await certificates.file(OWNER, number, name)


async def test_who_may_not_read_policies_sees_no_certificate(tmp_path: Path) -> None:
    """A supervisor hears calls, and is not told what was destroyed by which rule."""
    actor = Actor(account=person(Role.SUPERVISOR))
    async with asked(tmp_path) as certificates:
        for question in (
            certificates.listed(actor),
            certificates.show(actor, 3),
            certificates.file(actor, 3, LIST),
            certificates.proof(actor, 3, recording(1)),
        ):
            with pytest.raises(NotAllowed):
                await question
