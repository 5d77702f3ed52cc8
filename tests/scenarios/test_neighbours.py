"""Inline calls as an administrator tries them: the self-test, and a call through Kamailio.

Each has a Rokuon of its own, with the block that `rokuon selftest --inline` asks for.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from rokuon.compose.inline_route import BLOCK
from rokuon.selftest.judging import Step
from tests.crash.whole import family_of, is_gone
from tests.scenarios.hearing import hears, never_hears, write
from tests.scenarios.phones import kamailio, pjsua, voip
from tests.scenarios.phones.program import PYTHON
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS
from tests.scenarios.server import HOST, STARTED_WITHIN_S, free_media, free_ports
from tests.scenarios.waiting import met

pytestmark = pytest.mark.scenario

ALICE, BOB, PROXY = "127.0.0.11", "127.0.0.12", "127.0.0.20"
_CONFIGURATION: Final = """\
[node]
data = "var"
[sip]
port = {sip}
[http]
port = {http}
[rtp]
first_port = {first}
last_port = {last}
[media]
workers = 1
[spool]
min_free_bytes = {min_free_bytes}
[limits]
max_calls = 100
"""
BEHIND_KAMAILIO: Final = """\
[[source]]
name = "trunk"
address = ["127.0.0.20/32"]
zone = "UTC"
[[target]]
name = "pbx"
uri = "{pbx}"
check_s = 0
[[route]]
name = "inbound"
source = ["trunk"]
to = ["pbx"]
notice = ["notice-en"]
direction = "inbound"
"""


@dataclass(frozen=True, slots=True)
class Node:
    """A Rokuon that runs."""

    folder: Path
    sip_port: int
    process: subprocess.Popen[bytes]

    @property
    def uri(self) -> str:
        """Where it is called."""
        return f"sip:{HOST}:{self.sip_port}"

    def kill(self) -> None:
        """End all of it at once, as a power cut does; nobody is left when this returns."""
        family = family_of(self.process.pid)
        for pid in reversed(family):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()
        met(lambda: all(map(is_gone, family)), "the end of the node")

    def ran(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of its."""
        command = [*_command(self.folder), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def value(self, *arguments: str) -> Any:
        """What a command says to a program."""
        return json.loads(self.ran(*arguments, "-o", "json").stdout)


def _command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "rokuon", "--config", str(folder / "rokuon.toml")]


@contextmanager
def serving(blocks: str, *, min_free_bytes: int = 0) -> Iterator[Node]:
    """A Rokuon with these blocks while the context lasts; it must end well, unless it is killed."""
    (sip, http), media = free_ports(2), free_media()
    text = _CONFIGURATION.format(
        sip=sip, http=http, first=media[0], last=media[-1] - 1, min_free_bytes=min_free_bytes
    )
    with tempfile.TemporaryDirectory(prefix="rk") as name:
        folder, log = Path(name), Path(name, "rokuon.log")
        (folder / "rokuon.toml").write_text(text + blocks)
        with log.open("wb") as output:
            command = [*_command(folder), "serve", "--one-person"]
            process = subprocess.Popen(command, stdout=output, stderr=output, env=dict(os.environ))
            try:
                met(lambda: _is_up(http, process, log), "the server", within_s=STARTED_WITHIN_S)
                yield Node(folder, sip, process)
            finally:
                process.send_signal(signal.SIGTERM)
                code = process.wait(30)
        assert code in {0, -signal.SIGKILL}, log.read_text()


def _is_up(http: int, process: subprocess.Popen[bytes], log: Path) -> bool:
    """The API is started last."""
    assert process.poll() is None, log.read_text()
    try:
        return bool(urlopen(f"http://{HOST}:{http}/api/v1/health").status == 200)
    except URLError:
        return False


def test_the_self_test_passes_every_step_of_a_node_and_names_the_one_that_does_not() -> None:
    """Nothing of the chain is a stand-in; a draining node is what an administrator may forget."""
    with serving(BLOCK) as node:
        told = node.value("selftest", "--inline")
        assert told["passed"], told
        assert len(told["steps"]) == 8
        assert {step["passed"] for step in told["steps"]} == {True}

        node.ran("drain")
        drained = node.ran("--lang", "en", "selftest", "--inline")
        assert drained.returncode == 3
        assert "✗" in drained.stdout
        assert "503" in drained.stdout

        node.ran("drain", "--off")
        assert node.ran("selftest", "--inline").returncode == 0


@pytest.mark.parametrize(
    "phone",
    [
        pytest.param(name, marks=pytest.mark.skipif(bool(peer.why_not()), reason=peer.why_not()))
        for name, peer in (("pjsua2", pjsua), ("pyvoip", voip))
    ],
)
def test_the_self_test_passes_every_step_with_a_phone_that_nobody_here_wrote(phone: str) -> None:
    """Judged by sound, for its codec and jitter buffer leave no byte as it was."""
    words = ("selftest", "--inline", "--phone", phone, "--phone-python", str(PYTHON))
    with serving(BLOCK) as node:
        told = node.value(*words)
        assert told["passed"], told
        assert [step["step"] for step in told["steps"]] == [step.value for step in Step]

        node.ran("drain")
        drained = node.ran("--lang", "en", *words)
        assert drained.returncode == 3, drained
        assert drained.stdout.count("✗") == 1


@pytest.mark.skipif(
    bool(pjsua.why_not() or kamailio.why_not()), reason=pjsua.why_not() or kamailio.why_not()
)
def test_a_call_through_the_shipped_kamailio_is_told_joined_and_recorded(tmp_path: Path) -> None:
    """Kamailio chooses the node, the node calls the PBX by itself; hanging up goes back through."""
    alices = pjsua.Settings(user="alice", host=ALICE, says=write(CUSTOMER_SAYS, tmp_path))
    bobs = pjsua.Settings(user="bob", host=BOB, says=write(AGENT_SAYS, tmp_path), answers=True)
    with ExitStack() as stack:
        alice = stack.enter_context(pjsua.phone(tmp_path, alices))
        bob = stack.enter_context(pjsua.phone(tmp_path, bobs))
        pbx = f"sip:{bob.uri.rpartition('@')[2]}"
        node = stack.enter_context(serving(BEHIND_KAMAILIO.format(pbx=pbx)))
        proxy = stack.enter_context(kamailio.chooser(tmp_path / "proxy", [node.uri], host=PROXY))
        call = alice.call(f"sip:0355501234@{proxy.target}")
        call.talks()
        rung = bob.rung()
        rung.talks()
        hears(call.heard, AGENT_SAYS)
        hears(rung.heard, CUSTOMER_SAYS)
        never_hears(call.heard, CUSTOMER_SAYS)
        call.hang_up()
        rung.ended()
        met(lambda: len(_recordings(node)) == 1, "the recording")
        found = _recordings(node)[0]

    assert found["source"] == "trunk"
    assert found["direction"] == "inbound"
    assert not {"notice_missing", "no_bye"} & set(found["flags"])


def _recordings(node: Node) -> list[dict[str, Any]]:
    window = ("--from", "2020-01-01", "--to", "2100-01-01", "--zone", "UTC")
    return list(node.value("calls", "find", *window))
