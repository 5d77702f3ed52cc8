"""The shipped units, each with its own user, and two people with users of their own: a destruction.

Nothing but the command line is used. Who records cannot destroy, who destroys cannot read.
"""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

from tests.crash.split import interpreter
from tests.scenarios import owner, witness
from tests.scenarios.clocks import Clock
from tests.scenarios.deployed import Site, deployed
from tests.scenarios.owner import typed
from tests.scenarios.phones import sipp
from tests.scenarios.server import Server
from tests.scenarios.stage import Stage
from tests.scenarios.waiting import until

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(
        os.geteuid() != 0 or shutil.which("setfacl") is None or not interpreter(),
        reason="needs root, to be several users, Debian's acl, and a Python that they can read",
    ),
]

# Users of the operating system without names.
_OWNER, _APPROVER = "30001", "30002"
# The third only looks: to begin with root is nobody.
_PEOPLE: Final = {
    "owner": (f"uid-{_OWNER}", "retention_owner"),
    "second": (f"uid-{_APPROVER}", "legal"),
    "witness": ("root", "retention_owner"),
}


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Site, Stage, Clock]]:
    """All units, watched, and the clock of all of them."""
    if why := sipp.why_not() or witness.why_not():
        pytest.skip(why)
    with TemporaryDirectory(prefix="rk") as folder:
        clock = Clock.hung_up(Path(folder), monkeypatch)
        with (
            deployed(Path(folder)) as (made, server),
            witness.watching(server.folder, server.traffic) as seen,
        ):
            for name, (login, role) in _PEOPLE.items():
                server.command("user", "add", name, "--purpose", "technical")
                server.command("user", "role", name, role)
                server.command("user", "os-name", name, login)
            yield made, Stage(server, seen), clock


def _say(server: Server, *arguments: str, expected: int = 0) -> str:
    return typed(server, *arguments, login=_OWNER, expected=expected)


def _both_say(server: Server, *arguments: str) -> str:
    """What takes two: proposed, approved by the other, done."""
    proposed = _say(server, *arguments, expected=1)
    waiting = json.loads(typed(server, "approval", "list", "-o", "json", login=_APPROVER))
    number = str(max(each["number"] for each in waiting))
    assert number in proposed
    typed(server, "approval", "give", number, login=_APPROVER)
    return _say(server, *arguments)


def _archived(server: Server) -> int:
    return len([*server.folder.rglob("var/archive/**/*.rkn")])


def _destroyed(server: Server, clock: Clock, held: str) -> dict[str, Any]:
    policy = owner.written_policy(server, cooling_off_h=1)
    _say(server, "retention", "simulate", str(policy))
    _both_say(server, "retention", "policy", "import", str(policy), "--retroactive")
    clock.put_forward(days=4)
    hold = ("--matter", "M-1", "--reason", "a claim", "--review", "2099-01-01")
    _say(server, "retention", "plan")
    _say(server, "hold", "place", held, *hold)
    typed(server, "retention", "approve", "1", login=_APPROVER)
    _say(server, "retention", "apply", "1")
    clock.put_forward(days=1)
    # The hour is over at once: whose clock steps so is asked whether that is right.
    until(lambda: _waits(server) == "clock" or None, "the brake", within_s=60)
    return owner.run_applied(server, login=_OWNER)


def _waits(server: Server) -> str:
    (plan,) = server.rows("retention", "runs", "--all")
    return str(plan["waits"])


def test_two_people_have_a_call_destroyed_by_the_unit_that_can_do_nothing_else(
    site: tuple[Site, Stage, Clock],
) -> None:
    """Policy, plan, approval, hold, run, release, certificate: with the files that are shipped."""
    made, stage, clock = site
    server, outside = stage.server, stage.server.folder / "outside"
    gone, held = owner.recorded(stage), owner.recorded(stage)
    recording = owner.recording_of(server, gone)
    assert _archived(server) == 2
    run = _destroyed(server, clock, held)
    owner.certified(server)
    _both_say(server, "hold", "release", "1")
    export = ("retention", "certificate", "export", "1", str(outside), "--recording", recording)
    server.command(*export)

    assert {each["stage"]: each["cause"] for each in run["stages"]} == {
        "gone": "",
        "dropped": "held",
    }
    assert _archived(server) == 1
    assert "destroyed" in _say(server, "calls", "show", gone, expected=1)
    fingerprint = _say(server, "retention", "certificate", "key").strip()
    server.command("verify", *map(str, outside.iterdir()), "--key", fingerprint)
    assert "\napproval: two persons\n" in (outside / "certificate.txt").read_text()
    assert made
