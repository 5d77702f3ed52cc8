"""Retention from the policy to the certificate, by command line alone, on recorded calls.

Every process is a real one: who records, keeps, holds the keys, destroys, and who types.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.scenarios import owner
from tests.scenarios.clocks import Clock
from tests.scenarios.owner import typed
from tests.scenarios.server import Server
from tests.scenarios.stage import Stage

pytestmark = pytest.mark.scenario

# The page for who has neither Rokuon nor a network.
_PAGE: Final = Path(__file__).parents[2] / "docs" / "how-to" / "check-a-certificate.md"


@pytest.fixture
def aging(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Stage, Clock]]:
    """A Rokuon as it is shipped, and its clock."""
    with owner.aging(monkeypatch) as both:
        yield both


def _checked_by_strangers(folder: Path) -> list[str]:
    """What the commands of the page print: the shell, openssl and no line of ours."""
    parts = _PAGE.read_text().split("```sh\n")[1:3]
    script = "\n".join(each.split("```")[0] for each in parts)
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def _goes_through(server: Server, clock: Clock, held: str) -> dict[str, Any]:
    """From the policy to the end of the run, with a hold that comes after the plan."""
    owner.take_over_policy(server)
    clock.put_forward(days=3)
    typed(server, "retention", "plan")
    hold = ("--matter", "M-1", "--reason", "a claim", "--review", "2099-01-01")
    typed(server, "hold", "place", held, *hold)
    return owner.run_applied(server)


def test_of_two_calls_that_are_due_the_held_one_stays_and_the_other_leaves_a_certificate(
    aging: tuple[Stage, Clock],
) -> None:
    """Policy, simulation, plan, hold, run, certificate, release: as a retention owner types it."""
    stage, clock = aging
    server, outside = stage.server, stage.server.folder / "outside"
    gone, held = owner.recorded(stage), owner.recorded(stage)
    recording, before = owner.recording_of(server, gone), owner.archived(server)
    run = _goes_through(server, clock, held)
    owner.certified(server)
    export = ("retention", "certificate", "export", "1", str(outside), "--recording", recording)
    server.command(*export)

    stages = {each["stage"]: (each["recordings"], each["cause"]) for each in run["stages"]}
    assert stages == {"gone": (1, ""), "dropped": (1, "held")}
    assert (before, owner.archived(server)) == (2, 1)
    assert "destroyed" in typed(server, "calls", "show", gone, expected=1)
    assert held in typed(server, "calls", "show", held)
    fingerprint = server.command("retention", "certificate", "key").strip()
    server.command("verify", *map(str, outside.iterdir()), "--key", fingerprint)
    key, signature, proof = _checked_by_strangers(outside)
    assert key.split()[0] == fingerprint
    assert signature == "Signature Verified Successfully"
    assert proof == "the recording is in the certificate"
    text = (outside / "certificate.txt").read_text()
    assert "\napproval: one person\n" in text
    assert "\nbackups: known_copies" in text
    typed(server, "hold", "release", "1")
    assert server.value("hold", "show", "1")["state"] == "released"
