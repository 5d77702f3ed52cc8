"""The key daemon as it is put together."""

import asyncio
import socket
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from archive.errors import KeyUnavailable, SignatureWrong
from archive.format.intake import HYBRID_SUITE, P256_SUITE
from archive.keys.clock_watch import KernelWord
from rokuon.compose.archive.key_daemon import (
    clock_seen,
    intake_list_verifies,
    key_daemon_answers,
    key_daemon_hangs,
    keys_config,
    open_keys,
    socket_of,
)
from rokuon.compose.capture.node_identity import read_intake_list
from rokuon.compose.start.foreground_part import part_main
from rokuon.config.load import parse
from rokuon.machine import clock
from rokuon.machine.clock import KernelClock
from tests.rokuon.installation import Installation


def test_each_role_has_a_socket_of_its_own(site: Installation) -> None:
    """Who can reach which socket is the whole of the permissions."""
    keeper, api = (socket_of(site.config, role) for role in ("keeper", "api"))

    assert keeper != api
    assert keeper.is_socket()
    assert api.is_socket()


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (KernelClock(synchronised=True, error_us=9), KernelWord.SYNCHRONISED),
        (KernelClock(synchronised=False, error_us=9), KernelWord.UNSYNCHRONISED),
        (KernelClock(synchronised=False, error_us=0, is_refused=True), KernelWord.REFUSED),
    ],
)
def test_what_the_kernel_says_of_its_clock_is_asked_unless_the_host_keeps_it(
    said: KernelClock, word: KernelWord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A filter that lets nobody ask is something else than a machine without a time server."""
    monkeypatch.setattr(clock, "kernel_clock", lambda: said)
    kernel, host = (
        parse(f'[node]\nclock = "{each}"', name="-", base=tmp_path) for each in ("kernel", "host")
    )

    assert clock_seen(kernel).kernel is word
    assert clock_seen(host).kernel is KernelWord.UNASKED


@pytest.mark.parametrize(("word", "suite"), [("hybrid", HYBRID_SUITE), ("p256", P256_SUITE)])
def test_the_suite_of_the_configuration_is_the_suite_of_the_keys(
    word: str, suite: int, tmp_path: Path
) -> None:
    """FIPS where it is asked for, hybrid otherwise."""
    config = parse(f'[keys]\nintake_suite = "{word}"', name="-", base=tmp_path)

    assert keys_config(config).suite == suite


def test_capture_gets_a_list_that_verifies(site: Installation) -> None:
    """It seals to nobody else."""
    assert intake_list_verifies(site.config)
    assert read_intake_list(site.config.capture_path).newest().suite == HYBRID_SUITE


def test_a_list_under_another_signature_is_refused(site: Installation, tmp_path: Path) -> None:
    """A list put there by somebody else must not be sealed to."""
    listed = (site.config.capture_path / "intake-keys.json").read_bytes()
    (tmp_path / "intake-keys.json").write_bytes(
        listed.replace(b'"created_us":1', b'"created_us":2')
    )
    (tmp_path / "signing.pub").write_bytes((site.config.capture_path / "signing.pub").read_bytes())

    with pytest.raises(SignatureWrong):
        read_intake_list(tmp_path)


def test_an_absent_daemon_is_said_so_at_once(site: Installation, tmp_path: Path) -> None:
    """The doctor does not hang, and a reader gets a named error."""
    elsewhere = parse("", name="-", base=tmp_path)

    assert key_daemon_answers(site.config)
    assert not key_daemon_answers(elsewhere)
    with pytest.raises(KeyUnavailable):
        open_keys(elsewhere, "api").status()


async def test_the_part_stops_without_having_been_ready_when_its_passphrase_is_missing(
    tmp_path: Path,
) -> None:
    """In production the administrator brings it; none is made behind his back."""
    config = parse("", name="-", base=tmp_path)
    said: list[str] = []

    with pytest.raises(KeyUnavailable):
        await part_main("keys")(config, asyncio.Event(), lambda: said.append("ready"))

    assert said == []
    assert not config.keys.passphrase_file.exists()


def test_a_key_daemon_that_hangs_is_told_from_one_that_has_ended() -> None:
    """A process that is stopped still has its socket open; to start a second one would not help."""
    with TemporaryDirectory() as folder:
        elsewhere = parse("", name="-", base=Path(folder))
        path = socket_of(elsewhere, "api")
        path.parent.mkdir(parents=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stopped:
            stopped.bind(str(path))
            stopped.listen()
            seen = key_daemon_answers(elsewhere), key_daemon_hangs(elsewhere)
        assert seen == (False, True)
        assert not key_daemon_hangs(elsewhere)
