"""From a clean Debian to a call that is found and heard, under systemd itself, by what is shipped.

`deploy/install` twice, a card number kept out over HTTP and by command, the machine switched off
and on, and everything is there. Each part runs as its unit says.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest

from tests.scenarios import booted, installed
from tests.scenarios.booted import ADDRESS, ROOT, Machine
from tests.scenarios.installed import CALL_S, CLERK, FINDINGS, INSTALL, OK, PARTS, asked
from tests.scenarios.waiting import until

# A machine is made, booted twice and filled: a quarter of an hour where others are busy beside it.
pytestmark = [pytest.mark.scenario, pytest.mark.timeout(1_800)]


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A clean Debian that is on."""
    if why := booted.why_not():
        pytest.skip(why)
    with TemporaryDirectory(prefix="rk") as folder, booted.debian(Path(folder)) as started:
        yield started


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


def _paused_and_resumed(machine: Machine, token: str) -> tuple[str, list[str]]:
    """A call that is up: its recording, and its states over HTTP and by command."""

    def live() -> str | None:
        calls = asked(machine, token, "/live/calls")["calls"]
        return str(calls[0]["recording"]) if calls else None

    recording, states = until(live, "the call", within_s=60), []
    for act in ("pause", "resume"):
        path = f"/live/{recording}/{act}"
        states.append(asked(machine, token, path, {"reason": "card"})["call"]["state"])
    for act in ("pause", "resume"):
        typed = ("rokuon", "calls", act, recording, "--reason", "card", "-o", "json")
        states.append(json.loads(machine.type(CLERK, *typed))["state"])
    return recording, states


def test_a_clean_debian_records_after_one_command_and_after_it_was_switched_off(
    machine: Machine,
) -> None:
    """Nothing is done by hand but what the installer leaves to a person."""
    first = machine.run(INSTALL, "--address", ADDRESS)
    assert first.returncode in {OK, FINDINGS}, first.stdout[-3_000:] + first.stderr
    assert "every step passed" in first.stdout
    assert "with the compiled loop of the relays" in first.stdout
    assert installed.findings(machine) == set()
    assert machine.run("touch", "/root/mark").returncode == OK
    again = machine.run(INSTALL, "--address", ADDRESS)
    assert "Nothing was changed" in again.stdout
    assert _changed_files(machine) == []

    installed.let_in_a_clerk(machine)
    token = installed.token_of_clerk(machine)
    calling = Thread(target=installed.call, args=(machine,))
    calling.start()
    recording, states = _paused_and_resumed(machine, token)
    calling.join()
    assert states == ["paused", "live", "paused", "live"]
    machine.switch_off()
    machine.boot()

    running = machine.run("systemctl", "is-active", *(f"rokuon-{part}" for part in PARTS))
    assert running.stdout.split() == ["active"] * len(PARTS)
    assert installed.findings(machine) == set()
    assert machine.run("rokuon", "selftest", "--inline").returncode == OK
    for folder in ("archive", "pages"):
        machine.type("rokuon-retention", "test", "-w", f"/var/lib/rokuon/{folder}")
    machine.type("rokuon-api", "rokuon", "verify")
    assert installed.has_its_nightly_set(machine)
    seconds, level = installed.heard(machine, recording, token)
    assert seconds > CALL_S - 1
    assert level > 0.01


def test_a_release_is_installed_from_its_wheel_on_a_machine_without_a_compiler(
    machine: Machine, tmp_path: Path
) -> None:
    """Nothing is built there: the loop was compiled where the wheel was."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    shutil.copy(wheel, machine.root / "root")
    for compiler in ("cc", "gcc", "clang"):
        (machine.root / "usr/bin" / compiler).unlink(missing_ok=True)
    words = (INSTALL, "--address", ADDRESS, "--wheel", f"/root/{wheel.name}")

    first = machine.run(*words)
    again = machine.run(*words)

    assert first.returncode in {OK, FINDINGS}, first.stdout[-3_000:] + first.stderr
    assert "every step passed" in first.stdout
    assert "with the compiled loop of the relays" in first.stdout
    assert "Nothing was changed" in again.stdout
    assert machine.run("rokuon", "--version").stdout.strip() == wheel.name.split("-")[1]
    # Calls are placed, archived and found.
    assert machine.run("rokuon", "selftest").returncode == OK
    assert machine.run("sh", "-c", "command -v cc gcc").returncode != OK
