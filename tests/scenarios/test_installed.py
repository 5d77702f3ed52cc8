"""From a clean Debian to a call that is found and heard, under systemd itself, by what is shipped.

`deploy/install` twice, a card number kept out over HTTP and by command, the machine switched off
and on, and everything is there. Each part runs as its unit says.
"""

import ctypes
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, Final

import pytest

from tests.scenarios import booted
from tests.scenarios.booted import ADDRESS, Machine
from tests.scenarios.waiting import until

# A machine is made, booted twice and filled: a quarter of an hour where others are busy beside it.
pytestmark = [pytest.mark.scenario, pytest.mark.timeout(1_800)]

INSTALL: Final = "/root/rokuon/deploy/install"
CLERK: Final = "clerk"
PARTS: Final = ("keys", "capture", "keeper", "retention", "api")
_OK, _FINDINGS = 0, 3
_UNSYNCHRONISED: Final = 5
# One request of a program, with a token; what is said comes on standard input.
_ASK: Final = """\
import json, sys, urllib.request
path, token = sys.argv[1:]
body = sys.stdin.read().encode() or None
headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}
address = "http://127.0.0.1:8080/api/v1" + path
print(urllib.request.urlopen(urllib.request.Request(address, body, headers)).read().decode())
"""
# A call as the self-test places them, but longer: a busy machine takes its time over a command.
CALL_S: Final = 60
_CALL: Final = f"""\
import asyncio
from rokuon.selftest.client import japanese_call, place_call
from rokuon.selftest.signalling import Target
asyncio.run(place_call(Target(host="127.0.0.1", port=5060), japanese_call({CALL_S})))
"""
# The seconds of a call as it is played, and its level (RMS).
_HEAR: Final = """\
import io, sys, numpy, soundfile, urllib.request
path, token = sys.argv[1:]
asked = urllib.request.Request("http://127.0.0.1:8080/api/v1" + path)
asked.add_header("Authorization", "Bearer " + token)
samples, rate = soundfile.read(io.BytesIO(urllib.request.urlopen(asked).read()))
print(len(samples) / rate, numpy.sqrt(numpy.mean(numpy.square(samples))))
"""


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A clean Debian that is on."""
    if why := booted.why_not():
        pytest.skip(why)
    with TemporaryDirectory(prefix="rk") as folder, booted.debian(Path(folder)) as started:
        yield started


def _is_machines_own(check: str) -> bool:
    """Whether a finding is about the clock of the machine below, which nobody in it can set."""
    timex = (ctypes.c_long * 64)()
    return check == "TIME-001" and ctypes.CDLL(None).adjtimex(ctypes.byref(timex)) == (
        _UNSYNCHRONISED
    )


def _findings(machine: Machine) -> set[str]:
    """What the doctor names, but for what only the machine below can mend."""
    looked = machine.run("rokuon", "doctor", "-o", "json")
    assert looked.returncode in {_OK, _FINDINGS}, looked.stderr
    checks = json.loads(looked.stdout)["checks"]
    wrong = {each["check"] for each in checks if each["severity"] != "ok"}
    return {each for each in wrong if not _is_machines_own(each)}


def _changed_files(machine: Machine) -> list[str]:
    """Below what the installer writes, those younger than the mark."""
    folders = (
        "/etc",
        "/opt/rokuon",
        "/usr/local",
        "/usr/lib",
        "/usr/share/doc",
        "/var/lib/rokuon/keys",
    )
    newer = ("-newer", "/root/mark", "-type", "f", "-not", "-name", "keystore.db*")
    return machine.run("find", *folders, *newer).stdout.splitlines()


def _asked(machine: Machine, token: str, path: str, said: dict[str, str] | None = None) -> Any:
    told = json.dumps(said) if said else ""
    answered = machine.run("/opt/rokuon/bin/python", "-c", _ASK, path, token, told=told)
    assert answered.returncode == _OK, answered.stderr
    return json.loads(answered.stdout)


def _paused_and_resumed(machine: Machine, token: str) -> tuple[str, list[str]]:
    """A call that is up: its recording, and its states over HTTP and by command."""

    def live() -> str | None:
        calls = _asked(machine, token, "/live/calls")["calls"]
        return str(calls[0]["recording"]) if calls else None

    recording, states = until(live, "the call", within_s=60), []
    for act in ("pause", "resume"):
        path = f"/live/{recording}/{act}"
        states.append(_asked(machine, token, path, {"reason": "card"})["call"]["state"])
    for act in ("pause", "resume"):
        asked = ("rokuon", "calls", act, recording, "--reason", "card", "-o", "json")
        states.append(json.loads(machine.type(CLERK, *asked))["state"])
    return recording, states


def _let_in_a_clerk(machine: Machine) -> None:
    """Somebody with a login who supervises."""
    assert machine.run("useradd", "--create-home", CLERK).returncode == _OK
    for said in (
        ("add", CLERK, "--purpose", "technical"),
        ("role", CLERK, "supervisor"),
        ("os-name", CLERK, CLERK),
    ):
        machine.type("root", "rokuon", "user", *said)


def _found_and_heard(machine: Machine, recording: str, token: str) -> tuple[float, float]:
    """The seconds and the level of a call that the clerk finds and plays."""
    window = ("--from", "yesterday", "--to", "today", "--zone", "UTC")
    found = json.loads(machine.type(CLERK, "rokuon", "calls", "find", *window, "-o", "json"))
    (call,) = (row["call"] for row in found if row["recording"].replace("-", "") == recording)
    heard = machine.run("/opt/rokuon/bin/python", "-c", _HEAR, f"/calls/{call}/audio", token)
    assert heard.returncode == _OK, heard.stderr
    seconds, level = map(float, heard.stdout.split())
    return seconds, level


def test_a_clean_debian_records_after_one_command_and_after_it_was_switched_off(
    machine: Machine,
) -> None:
    """Nothing is done by hand but what the installer leaves to a person."""
    first = machine.run(INSTALL, "--address", ADDRESS)
    assert first.returncode in {_OK, _FINDINGS}, first.stdout[-3_000:] + first.stderr
    assert "every step passed" in first.stdout
    assert _findings(machine) == set()
    assert machine.run("touch", "/root/mark").returncode == _OK
    again = machine.run(INSTALL, "--address", ADDRESS)
    assert "Nothing was changed" in again.stdout
    assert _changed_files(machine) == []

    _let_in_a_clerk(machine)
    token = machine.type(CLERK, "rokuon", "user", "token").split()[-1]
    calling = Thread(target=machine.run, args=("/opt/rokuon/bin/python", "-c", _CALL))
    calling.start()
    recording, states = _paused_and_resumed(machine, token)
    calling.join()
    assert states == ["paused", "live", "paused", "live"]
    machine.switch_off()
    machine.boot()

    running = machine.run("systemctl", "is-active", *(f"rokuon-{part}" for part in PARTS))
    assert running.stdout.split() == ["active"] * len(PARTS)
    assert _findings(machine) == set()
    assert machine.run("rokuon", "selftest", "--inline").returncode == _OK
    for folder in ("archive", "pages"):
        machine.type("rokuon-retention", "test", "-w", f"/var/lib/rokuon/{folder}")
    machine.type("rokuon-api", "rokuon", "verify")
    seconds, level = _found_and_heard(machine, recording, token)
    assert seconds > CALL_S - 1
    assert level > 0.01
