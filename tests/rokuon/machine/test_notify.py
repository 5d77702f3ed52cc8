"""Saying that one is ready."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rokuon.machine import notify


def ear(address: str) -> socket.socket:
    """A socket as systemd has it."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(address)
    listener.settimeout(5)
    return listener


@pytest.mark.parametrize("name", ["@rokuon-test-notify", "file"])
def test_ready_arrives_at_a_file_or_an_abstract_address(name: str, tmp_path: Path) -> None:
    """sd_notify(3) has both."""
    where = name if name.startswith("@") else str(tmp_path / name)
    with ear(notify.socket_address({"NOTIFY_SOCKET": where})) as listener:
        notify.tell(notify.READY, {"NOTIFY_SOCKET": where})

        assert listener.recv(100) == b"READY=1"


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": "/nowhere/at/all"}])
def test_nobody_listening_is_no_error(environment: dict[str, str]) -> None:
    """On a terminal nobody waits."""
    assert notify.tell(notify.READY, environment) is None  # type: ignore[func-returns-value]  # that is the point


def test_a_part_ends_when_its_supervisor_has_gone_already() -> None:
    """Between the start and the question he may have died: then nobody would ever stop the part."""
    code = (
        "import os; from rokuon.machine.notify import *; "
        "end_with_supervisor(os.environ); print('on')"
    )
    gone = {**os.environ, "ROKUON_SUPERVISOR": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=gone, capture_output=True, check=False)

    assert (done.returncode, done.stdout) == (-signal.SIGTERM, b"")


def test_without_a_supervisor_a_part_lives_on() -> None:
    """systemd stops it by other means."""
    notify.end_with_supervisor({})

    assert os.getpid() > 0
