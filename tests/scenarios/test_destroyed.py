"""Retention from the policy to the certificate, by command line alone, on recorded calls.

Every process is a real one: who records, keeps, holds the keys, destroys, and who types.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

from tests.scenarios import witness
from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.clocks import Clock
from tests.scenarios.phones import sipp
from tests.scenarios.recordings import recorded_of
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speak
from tests.scenarios.server import STRANGER, Server, running
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import until

pytestmark = pytest.mark.scenario

_QUEUE: Final = f"""\
[[source]]
name = "trial"
address = ["{STRANGER}/32"]
zone = "UTC"
queue = "trial"
internal_domains = ["pbx.example"]
"""
_POLICY: Final = """\
form = 1
zone = "UTC"
[limits]
cooling_off_h = 0
share_per_day = "100 %"
[[rule]]
id = "default"
[rule.audio]
delete_after = "P2Y"
[[rule]]
id = "trial"
[rule.match]
queue = ["trial"]
[rule.audio]
delete_after = "P1D"
"""
_LOGIN: Final = "nobody"
# The page for who has neither Rokuon nor a network.
_PAGE: Final = Path(__file__).parents[2] / "docs" / "how-to" / "check-a-certificate.md"


@pytest.fixture
def aging(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Stage, Clock]]:
    """A Rokuon with a queue of its own for one peer, and the clock of all its processes."""
    if why := sipp.why_not() or witness.why_not():
        pytest.skip(why)
    if os.geteuid():
        pytest.skip("only root can type as another user")
    with TemporaryDirectory(prefix="rk") as folder:
        clock = Clock.hung_up(Path(folder), monkeypatch)
        with (
            running(Path(folder), timeout_s=60, more=_QUEUE) as server,
            witness.watching(server.folder, server.traffic) as seen,
        ):
            yield Stage(server, seen), clock


def _recorded(stage: Stage) -> str:
    """The id of a call of the queue that was spoken, recorded and archived."""
    number = fresh_number()
    with stage.call("call", both(description(), metadata(number)), host=STRANGER) as call:
        customer, agent = call.scene.ports()
        speak([(CUSTOMER_SAYS, customer), (AGENT_SAYS, agent)])
        call.hang_up()
    return str(recorded_of(call.scene, "--number", number).row["call"])


def _recording(server: Server, call: str) -> str:
    (explained,) = server.rows("retention", "explain", call)
    return str(explained["recording"])


def _ended(server: Server) -> dict[str, Any]:
    def run() -> dict[str, Any] | None:
        return next((each for each in server.rows("retention", "runs") if each["ended"]), None)

    return until(run, "the end of the run", within_s=60)


def _certified(server: Server) -> None:
    listed = ("retention", "certificate", "list")
    until(lambda: server.rows(*listed) or None, "the certificate", within_s=60)


def _let_in(server: Server) -> None:
    """A retention owner, who is another user of the operating system: root counts as nobody."""
    server.folder.chmod(0o755)
    for folder in ("var", "var/run"):
        (server.folder / folder).chmod(0o711)
    server.command("user", "add", "owner", "--purpose", "technical")
    server.command("user", "role", "owner", "retention_owner")
    server.command("user", "os-name", "owner", _LOGIN)


def _typed(server: Server, *arguments: str, expected: int = 0) -> str:
    """What the retention owner reads at a terminal."""
    command = ["setpriv", "--reuid", _LOGIN, "--clear-groups", sys.executable, "-m", "rokuon"]
    command += ["--config", str(server.configuration), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == expected, f"{arguments}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def _checked_by_strangers(folder: Path) -> list[str]:
    """What the commands of the page print: the shell, openssl and no line of ours."""
    parts = _PAGE.read_text().split("```sh\n")[1:3]
    script = "\n".join(each.split("```")[0] for each in parts)
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def _archived(server: Server) -> int:
    return len([*server.folder.rglob("var/archive/**/*.rkn")])


def _archived(server: Server) -> int:
    return len([*server.folder.rglob("var/archive/**/*.rkn")])


def _goes_through(server: Server, clock: Clock, held: str) -> dict[str, Any]:
    """From the policy to the end of the run, with a hold that comes after the plan."""
    policy = server.folder / "policy.toml"
    policy.write_text(_POLICY)
    _typed(server, "retention", "simulate", str(policy))
    _typed(server, "retention", "policy", "import", str(policy), "--retroactive")
    clock.put_forward(days=3)
    _typed(server, "retention", "plan")
    hold = ("--matter", "M-1", "--reason", "a claim", "--review", "2099-01-01")
    _typed(server, "hold", "place", held, *hold)
    _typed(server, "retention", "apply", "1")
    return _ended(server)


def test_of_two_calls_that_are_due_the_held_one_stays_and_the_other_leaves_a_certificate(
    aging: tuple[Stage, Clock],
) -> None:
    """Policy, simulation, plan, hold, run, certificate, release: as a retention owner types it."""
    stage, clock = aging
    server, outside = stage.server, stage.server.folder / "outside"
    _let_in(server)
    gone, held = _recorded(stage), _recorded(stage)
    recording, before = _recording(server, gone), _archived(server)
    run = _goes_through(server, clock, held)
    _certified(server)
    export = ("retention", "certificate", "export", "1", str(outside), "--recording", recording)
    server.command(*export)

    stages = {each["stage"]: (each["recordings"], each["cause"]) for each in run["stages"]}
    assert stages == {"gone": (1, ""), "dropped": (1, "held")}
    assert (before, _archived(server)) == (2, 1)
    assert "destroyed" in _typed(server, "calls", "show", gone, expected=1)
    assert held in _typed(server, "calls", "show", held)
    fingerprint = server.command("retention", "certificate", "key").strip()
    server.command("verify", *map(str, outside.iterdir()), "--key", fingerprint)
    key, signature, proof = _checked_by_strangers(outside)
    assert key.split()[0] == fingerprint
    assert signature == "Signature Verified Successfully"
    assert proof == "the recording is in the certificate"
    text = (outside / "certificate.txt").read_text()
    assert "\napproval: one person\n" in text
    assert "\nbackups: known_copies" in text
    _typed(server, "hold", "release", "1")
    assert server.value("hold", "show", "1")["state"] == "released"
