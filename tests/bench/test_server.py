"""Tests of how the recorder is started and what is read of its log."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bench import server
from bench.server import (
    FIRST_RTP_PORT,
    LAST_RTP_PORT,
    Running,
    ServerDidNotStart,
    data_of,
    free_port,
    refusals,
)
from rokuon.config.load import load


def test_the_recorders_reasons_for_refusing_are_read_from_its_log() -> None:
    """Each once, in the order of their coming; lines for people and other events are passed."""
    lines = [
        "Rokuon is running.",
        json.dumps({"event": "part_started", "reason": "none"}),
        json.dumps({"event": server.REFUSING, "reason": "cpu"}),
        json.dumps({"event": server.REFUSING, "reason": "calls"}),
        json.dumps({"event": server.REFUSING, "reason": "cpu"}),
        "17",
    ]

    assert refusals("\n".join(lines)) == ("cpu", "calls")
    assert refusals("") == ()


def test_data_lies_in_the_folder_also_where_that_is_told_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A catalog that was made there is the one that is asked."""
    (tmp_path / "build").mkdir()
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "build" / "rokuon.toml"
    file.write_text(f'[node]\ndata = "{data_of(Path("build"))}"\n')

    assert load(file).node.data == tmp_path / "build" / "var"


def test_the_reasons_are_those_that_capture_logs() -> None:
    """The event's name is a seam between two folders."""
    source = Path(server.__file__).parents[1] / "capture/admission/capacity_gauge.py"

    assert f'"{server.REFUSING}"' in source.read_text()


def test_a_free_port_can_be_bound_for_both_transports() -> None:
    """SIP is answered on one number over UDP and TCP."""
    port = free_port()
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as sock:
            sock.bind(("127.0.0.1", port))
            assert sock.getsockname()[1] == port


def test_the_media_range_lies_below_the_ephemeral_ports() -> None:
    """The generator's own sockets must not take a call's port."""
    assert FIRST_RTP_PORT % 2 == LAST_RTP_PORT % 2 == 0
    assert LAST_RTP_PORT + 1 < 32_768


def test_the_configuration_is_one_that_the_recorder_reads(tmp_path: Path) -> None:
    """Unknown keys are refused; a bench must not find that out an hour later."""
    path = tmp_path / "rokuon.toml"
    path.write_text(
        server._CONFIG.format(
            data=tmp_path / "var", sip_port=1_024, http_port=1_025, first=FIRST_RTP_PORT,
            last=LAST_RTP_PORT, quarantine=30, max_calls=5_500,
        )
    )  # fmt: skip

    assert load(path).limits.max_calls == 5_500


def test_a_recorder_that_ends_at_once_did_not_start_and_its_log_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than a measurement of nothing."""
    monkeypatch.setattr(server, "_CONFIG", "[unknown]\n")

    with pytest.raises(ServerDidNotStart, match="unknown"):
        server.start_rokuon(tmp_path)


def test_one_that_does_not_stop_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left running when a bench has ended."""
    monkeypatch.setattr(server, "STOP_WITHIN_S", 0.2)
    stubborn = (
        "import signal, sys; signal.signal(15, signal.SIG_IGN);print(flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", stubborn], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    running = Running(
        process=process, config=tmp_path, log=tmp_path, sip_port=1, http_port=1
    )  # fmt: skip

    assert running.stop() == -9
