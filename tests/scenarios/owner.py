"""A retention owner at a terminal, on a Rokuon whose clock can be put forward.

Another user of the operating system than root, who records the calls. Knows nothing of what is due.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

from tests.scenarios import witness
from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.clocks import Clock
from tests.scenarios.phones import sipp
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speak
from tests.scenarios.server import STRANGER, Server, running
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import until

_QUEUE: Final = f"""\
[[source]]
name = "trial"
address = ["{STRANGER}/32"]
zone = "UTC"
queue = "trial"
internal_domains = ["pbx.example"]
"""
# Of one queue the audio must go after a day.
POLICY: Final = """\
form = 1
zone = "UTC"
[limits]
cooling_off_h = {cooling_off_h}
share_per_day = "100 %"
{limits}
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
LOGIN: Final = "nobody"


def needed() -> None:
    """Skip where something is missing."""
    if why := sipp.why_not() or witness.why_not():
        pytest.skip(why)
    if os.geteuid():
        pytest.skip("only root can type as another user")


@contextmanager
def aging(monkeypatch: pytest.MonkeyPatch, *, more: str = "") -> Iterator[tuple[Stage, Clock]]:
    """A Rokuon with a queue of its own for one peer, and the clock of all its processes."""
    needed()
    with TemporaryDirectory(prefix="rk") as folder:
        clock = Clock.hung_up(Path(folder), monkeypatch)
        with started(Path(folder), more=more) as stage:
            let_in(stage.server)
            yield stage, clock


@contextmanager
def started(folder: Path, *, clock: str = "host", more: str = "") -> Iterator[Stage]:
    """It runs while the block lasts, for the first time or once more; `clock` as in `[node]`."""
    with (
        running(folder, timeout_s=60, clock=clock, more=_QUEUE + more) as server,
        witness.watching(server.folder, server.traffic) as seen,
    ):
        yield Stage(server, seen)


def let_in(server: Server) -> None:
    """The retention owner: root itself counts as nobody."""
    server.folder.chmod(0o755)
    for folder in ("var", "var/run"):
        (server.folder / folder).chmod(0o711)
    server.command("user", "add", "owner", "--purpose", "technical")
    server.command("user", "role", "owner", "retention_owner")
    server.command("user", "os-name", "owner", LOGIN)


def recorded(stage: Stage, number: str = "", host: str = STRANGER, *, name: str = "") -> str:
    """The id of a call, unless told otherwise of the queue, that was spoken and archived."""
    number = number or fresh_number()
    with stage.call("call", both(description(), metadata(number, name=name)), host=host) as call:
        customer, agent = call.scene.ports()
        speak([(CUSTOMER_SAYS, customer), (AGENT_SAYS, agent)])
        call.hang_up()
    return _found(stage.server, number)


def _found(server: Server, number: str) -> str:
    """By its number alone: the witness goes by another clock.

    A file that is just being made is old to a keeper whose clock was moved: it is tried again 30 s
    later.
    """
    window = ("--from", "2020-01-01", "--to", "2099-01-01", "--zone", "UTC")

    def find() -> str | None:
        rows = server.rows("calls", "find", *window, "--number", number)
        assert len(rows) <= 1, rows
        return next((str(each["call"]) for each in rows), None)

    return until(find, "the call", within_s=75)


def archived(server: Server) -> int:
    """How many files of recordings there are."""
    return len([*server.folder.rglob("var/archive/**/*.rkn")])


def recording_of(server: Server, call: str) -> str:
    """The id of the one recording of a call."""
    (explained,) = server.rows("retention", "explain", call)
    return str(explained["recording"])


def typed(server: Server, *arguments: str, expected: int = 0, login: str = LOGIN) -> str:
    """What a person reads at a terminal: the retention owner, unless told who."""
    command = ["setpriv", "--reuid", login, "--clear-groups", sys.executable, "-m", "rokuon"]
    command += ["--config", str(server.configuration), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == expected, f"{arguments}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def written_policy(
    server: Server, cooling_off_h: int = 0, more: str = "", limits: str = ""
) -> Path:
    """The policy in a file, with further rules and limits."""
    policy = server.folder / "policy.toml"
    policy.write_text(POLICY.format(cooling_off_h=cooling_off_h, limits=limits) + more)
    return policy


def take_over_policy(server: Server, more: str = "", limits: str = "") -> None:
    """Simulated, then taken over, also for what was recorded before."""
    policy = written_policy(server, more=more, limits=limits)
    typed(server, "retention", "simulate", str(policy))
    typed(server, "retention", "policy", "import", str(policy), "--retroactive")


def run_applied(server: Server, login: str = LOGIN) -> dict[str, Any]:
    """Have plan 1 carried out; the run, as soon as it has ended.

    Where the runner saw the clock being put forward it asks whether that is right.
    """
    typed(server, "retention", "apply", "1", login=login)

    def run() -> dict[str, Any] | None:
        (plan,) = server.rows("retention", "runs", "--all")
        if plan["waits"] == "clock":
            typed(server, "retention", "apply", "1", login=login)
        return plan if plan["ended"] else None

    return until(run, "the end of the run", within_s=120)


def certified(server: Server) -> None:
    """Wait for its certificate."""
    listed = ("retention", "certificate", "list")
    until(lambda: server.rows(*listed) or None, "the certificate", within_s=60)
