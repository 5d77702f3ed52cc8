"""What people do at a machine that has Rokuon: install, call, find, hear, look whether it is well.

Knows the command line and HTTP; nothing of how the machine was made.
"""

import ctypes
import filecmp
import json
from pathlib import Path
from typing import Any, Final

from tests.scenarios.booted import Machine

INSTALL: Final = "/root/rokuon/deploy/install"
CLERK: Final = "clerk"
PARTS: Final = ("keys", "capture", "keeper", "retention", "api")
OK, FINDINGS = 0, 3
# A call as the self-test places them, but longer: a busy machine takes its time over a command.
CALL_S: Final = 60
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
_CALL: Final = """\
import asyncio, sys
from rokuon.selftest.client import japanese_call, place_call
from rokuon.selftest.signalling import Target
call = japanese_call(int(sys.argv[1]))
asyncio.run(place_call(Target(host="127.0.0.1", port=5060), call))
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
_PYTHON: Final = "/opt/rokuon/bin/python"


def findings(machine: Machine) -> set[str]:
    """What the doctor names, but for what only the machine below can mend."""
    looked = machine.run("rokuon", "doctor", "-o", "json")
    assert looked.returncode in {OK, FINDINGS}, looked.stderr
    checks = json.loads(looked.stdout)["checks"]
    wrong = {each["check"] for each in checks if each["severity"] != "ok"}
    return {each for each in wrong if not _is_machines_own(each)}


def _is_machines_own(check: str) -> bool:
    """Whether a finding is about the clock of the machine below, which nobody in it can set."""
    timex = (ctypes.c_long * 64)()
    is_of_clock = check in {"TIME-001", "TIME-003"}
    return is_of_clock and ctypes.CDLL(None).adjtimex(ctypes.byref(timex)) == _UNSYNCHRONISED


def call(machine: Machine, seconds: int = CALL_S) -> None:
    """Place a call of so many seconds, and hang up."""
    placed = machine.run(_PYTHON, "-c", _CALL, str(seconds))
    assert placed.returncode == OK, placed.stderr


def asked(machine: Machine, token: str, path: str, said: dict[str, str] | None = None) -> Any:
    """What the API answers: to a POST where something is said."""
    told = json.dumps(said) if said else ""
    answered = machine.run(_PYTHON, "-c", _ASK, path, token, told=told)
    assert answered.returncode == OK, answered.stderr
    return json.loads(answered.stdout)


def sees(machine: Machine, part: str, path: str) -> bool:
    """Whether there is a file where the unit of a part looks."""
    shown = machine.run("systemctl", "show", "--property=MainPID", "--value", f"rokuon-{part}")
    looked = ("nsenter", "--target", shown.stdout.strip(), "--mount", "test", "-e", path)
    return machine.run(*looked).returncode == OK


def is_program_of(machine: Machine, checkout: str) -> bool:
    """Whether the program that is installed has the files of a checkout."""
    (packages,) = (machine.root / "opt/rokuon/lib").glob("python*/site-packages")
    ours = machine.root / checkout[1:]
    return all(
        filecmp.cmp(packages / path.relative_to(ours), path, shallow=False)
        for path in (ours / "capture").rglob("*.py")
        if (packages / path.relative_to(ours)).is_file()
    )


def has_its_nightly_set(machine: Machine) -> bool:
    """Have the timer's unit run now: whether there is a new set of each kind then."""
    before = _sets(machine)
    waits = machine.run("systemctl", "is-active", "rokuon-backup.timer").stdout.strip()
    assert waits == "active", waits
    asked = machine.run("systemctl", "start", "rokuon-backup")
    assert asked.returncode == OK, machine.run("journalctl", "-u", "rokuon-backup").stdout
    return {path.parent.name for path in _sets(machine) - before} == {"keystore", "catalog"}


def _sets(machine: Machine) -> set[Path]:
    return set((machine.root / "var/lib/rokuon/backups").glob("*/*.rkb"))


def let_in_a_clerk(machine: Machine) -> None:
    """Somebody with a login who supervises."""
    assert machine.run("useradd", "--create-home", CLERK).returncode == OK
    for said in (
        ("add", CLERK, "--purpose", "technical"),
        ("role", CLERK, "supervisor"),
        ("os-name", CLERK, CLERK),
    ):
        machine.type("root", "rokuon", "user", *said)


def token_of_clerk(machine: Machine) -> str:
    """A token of the clerk's own."""
    return machine.type(CLERK, "rokuon", "user", "token").split()[-1]


def found(machine: Machine) -> dict[str, str]:
    """The calls of today and yesterday that the clerk finds, by their recordings."""
    window = ("--from", "yesterday", "--to", "today", "--zone", "UTC")
    rows = json.loads(machine.type(CLERK, "rokuon", "calls", "find", *window, "-o", "json"))
    return {row["recording"].replace("-", ""): row["call"] for row in rows}


def heard(machine: Machine, recording: str, token: str) -> tuple[float, float]:
    """The seconds and the level of a call that the clerk finds and plays."""
    path = f"/calls/{found(machine)[recording]}/audio"
    played = machine.run(_PYTHON, "-c", _HEAR, path, token)
    assert played.returncode == OK, played.stderr
    seconds, level = map(float, played.stdout.split())
    return seconds, level
