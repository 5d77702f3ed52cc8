"""A whole Rokuon that takes no call says so wherever somebody would look, until it does."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.server import Running, free_port, refusals, start_rokuon
from tests.crash.whole import own_rtp_ports

pytestmark = pytest.mark.slow
# The API looks each five seconds.
PATIENCE_S = 40.0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """With ports for two dozen calls."""
    up = start_rokuon(tmp_path_factory.mktemp("rokuon"), max_calls=10, rtp_ports=own_rtp_ports())
    yield up
    up.stop()


def command(up: Running, *words: str) -> str:
    """What it says; doctor finds things of this machine too."""
    line = [sys.executable, "-m", "rokuon", "--config", str(up.config), *words]
    return subprocess.run(line, capture_output=True, text=True, check=False).stdout


def ringing(up: Running) -> set[str]:
    """What `/health` names."""
    address = f"http://127.0.0.1:{up.http_port}/api/v1/health"
    try:
        with urllib.request.urlopen(address) as answer:
            return {each["alarm"] for each in json.load(answer)["alarms"]}
    except urllib.error.URLError:
        return set()  # it is not there yet


def logged(up: Running, event: str) -> list[str]:
    """The alarms of all lines of this event."""
    lines = (each for each in up.log.read_text().splitlines() if each.startswith("{"))
    told = [json.loads(each) for each in lines]
    return [each["alarm"] for each in told if each["event"] == event]


def rings_until(up: Running, alarm: str, *, rings: bool) -> bool:
    """Whether it is so in time."""
    until_s = time.monotonic() + PATIENCE_S
    while (alarm in ringing(up)) != rings:
        if time.monotonic() > until_s:
            return False
    return True


@contextmanager
def drained(up: Running) -> Iterator[str]:
    """An operator wants no further call."""
    command(up, "drain")
    yield "are refused: draining"
    command(up, "drain", "--off")


@contextmanager
def frozen(up: Running) -> Iterator[str]:
    """Signalling is there and does nothing."""
    lines = (json.loads(each) for each in up.log.read_text().splitlines() if each[:1] == "{")
    (pid,) = [each["pid"] for each in lines if each.get("name") == "signalling" and "pid" in each]
    os.kill(pid, signal.SIGSTOP)
    yield "capture does not answer"
    os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize(
    ("cause", "alarm"), [(drained, "calls_refused"), (frozen, "capture_silent")]
)
def test_who_takes_no_call_says_so_until_it_does(
    running: Running, cause: object, alarm: str
) -> None:
    """All was green while every call was answered 503."""
    assert callable(cause)
    with cause(running) as measured:
        assert rings_until(running, alarm, rings=True)
        assert measured in command(running, "doctor")

    assert rings_until(running, alarm, rings=False)
    assert measured not in command(running, "doctor")
    assert alarm in logged(running, "not well")
    assert alarm in logged(running, "well again")


def test_a_rokuon_whose_ports_another_one_has_is_not_well(running: Running, tmp_path: Path) -> None:
    """Two of them on one machine: the second answered every call with 503, and was green."""
    ports = {running.sip_port: free_port(), running.http_port: free_port()}
    text = running.config.read_text().replace(str(running.config.parent), str(tmp_path))
    for theirs, ours in ports.items():
        text = text.replace(str(theirs), str(ours))
    config, log = tmp_path / "rokuon.toml", tmp_path / "serve.log"
    config.write_text(text)
    line = [sys.executable, "-m", "rokuon", "--config", str(config), "serve", "--one-person"]
    with log.open("wb") as said:
        process = subprocess.Popen(line, stdout=said, stderr=subprocess.STDOUT)
    sip_port, http_port = ports.values()
    second = Running(
        process=process, config=config, log=log, sip_port=sip_port, http_port=http_port
    )
    try:
        assert rings_until(second, "calls_refused", rings=True)
        assert "are refused: ports" in command(second, "doctor")
        assert refusals(log.read_text()) == ("ports",)
    finally:
        second.stop()
