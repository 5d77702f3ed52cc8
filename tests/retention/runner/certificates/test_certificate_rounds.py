"""Certificates of real runs: sealed recordings, a key daemon, people who approved."""

import asyncio
from pathlib import Path

import pytest

from archive.catalog.database.engine import reading
from archive.catalog.destruction.certificates import certificates_of
from archive.certificates.folder import CERTIFICATE, LIST, CertificateFolder
from archive.certificates.signed_note import SigningPublicKey
from archive.errors import KeyRefused, KeyUnavailable
from archive.ids import DEFAULT_TENANT, PlanId
from archive.lifecycle.tombstone import digest_of
from retention.certificates.certificate import RuleCount, Word
from retention.certificates.inspection import NamedFile, Trust, inspect
from retention.runner.certificates.certificate_rounds import (
    STAMP_US,
    CertificateRounds,
    serve_certificates,
)
from tests.api.destruction.scene import installed
from tests.support.certificates.rounds import DirectClient, away, rounds, swept
from tests.told import all_told


async def test_a_run_that_has_ended_is_certified_over_exactly_what_it_destroyed(
    tmp_path: Path,
) -> None:
    """By the key that the daemon publishes; an outsider finds nothing wrong."""
    async with installed(tmp_path / "a", 3) as made:
        own = made.recordings
        plan = await swept(made)
        rounds(made).round()
        folder = CertificateFolder(made.keeper.folder)
        files = [
            NamedFile(name, folder.read(DEFAULT_TENANT, plan.raw, name))
            for name in (CERTIFICATE, LIST)
        ]
        public = made.keeper.scene.config.signing_public.read_text()
        with reading(made.it.engine) as connection:
            (stored,) = certificates_of(connection, DEFAULT_TENANT)
            actions = [each.entry.action for each in all_told(connection)]
    key = SigningPublicKey(bytes.fromhex(public))
    found = inspect(files, Trust(key.fingerprint))

    assert found.is_right, found.found
    assert found.certificate is not None
    below = found.certificate.below
    assert below.rules == (RuleCount(rule="year", revision=1, recordings=3),)
    assert below.approval is Word.TWO_PERSONS
    assert all(digest_of(each).hex() in files[1].content.decode() for each in own)
    assert stored.content.recordings == 3
    assert actions[-1] == "certified"


async def test_while_a_run_goes_on_there_is_no_certificate(tmp_path: Path) -> None:
    """And once there is one, nothing more of its plan can be destroyed."""
    async with installed(tmp_path / "a", 2) as made:
        await made.applied()
        rounds(made).round()
        with reading(made.it.engine) as connection:
            assert certificates_of(connection, DEFAULT_TENANT) == ()


async def test_servers_that_are_away_are_asked_again_and_keep_nothing_waiting(
    tmp_path: Path,
) -> None:
    """Not in every round."""
    asked: list[str] = []

    def counted(server: str, question: bytes) -> bytes:
        asked.append(server)
        return away(server, question)

    async with installed(tmp_path / "a", 1) as made:
        await swept(made)
        made_by = rounds(made, counted)
        for _ in range(3):
            made_by.round()
        soon = len(asked)
        made.pass_us(STAMP_US)
        made_by.round()

    assert (soon, len(asked)) == (1, 2)


async def test_what_the_key_daemon_refuses_keeps_no_other_run_from_its_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told with each round until somebody sees to it."""
    async with installed(tmp_path / "a", 1) as made:
        await swept(made)
        made_by = rounds(made)
        with monkeypatch.context() as changed:
            changed.setattr(DirectClient, "end_plan", refusing)
            made_by.round()
        made_by.round()
        with reading(made.it.engine) as connection:
            assert len(certificates_of(connection, DEFAULT_TENANT)) == 1


def refusing(_key_client: DirectClient, _plan: PlanId) -> None:
    raise KeyRefused("plan_unknown")


async def test_the_rounds_go_on_where_the_key_daemon_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They end when they are told to."""
    stop, tried = asyncio.Event(), []
    async with installed(tmp_path / "a") as made:
        made_by = rounds(made)

        def fail(_self: CertificateRounds) -> None:
            tried.append(1)
            loop.call_soon_threadsafe(stop.set)
            raise KeyUnavailable("away")

        loop = asyncio.get_running_loop()
        monkeypatch.setattr(CertificateRounds, "round", fail)
        await serve_certificates(made_by, stop)

    assert tried == [1]
