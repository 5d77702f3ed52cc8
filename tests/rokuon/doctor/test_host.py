"""Checks of what recordings rest on: each fails where it must."""

import dataclasses
from pathlib import Path

import pytest

from api.health.seen import KeysSeen
from rokuon.doctor.examine import examine
from rokuon.doctor.facts import HostFacts, ListState, RefusingFolder
from rokuon.messages.check_result import Severity
from tests.rokuon.doctor import examples
from tests.rokuon.doctor.examples import GB


@pytest.mark.parametrize(
    ("facts", "check", "severity"),
    [
        (examples.clock(synchronised=False), "TIME-001", Severity.ERROR),
        (examples.clock(error_us=100_001), "TIME-001", Severity.WARNING),
        (
            examples.seen(keys=KeysSeen(since_us=0, epoch_us=0, set_us=0, clock="pause")),
            "TIME-003",
            Severity.WARNING,
        ),
        (examples.clock(zones_missing=("Asia/Tokyo",)), "TIME-002", Severity.ERROR),
        (examples.spool(writable=False), "STOR-001", Severity.ERROR),
        (examples.spool(own_file_system=False), "STOR-002", Severity.WARNING),
        (examples.spool(free_bytes=3_000 * GB), "STOR-003", Severity.WARNING),
        (examples.spool(free_bytes=2 * GB), "STOR-003", Severity.ERROR),
        (examples.spool(free_inodes=14_499), "STOR-004", Severity.ERROR),
        (examples.spool(fsync_ms=50.1), "STOR-005", Severity.WARNING),
        (examples.spool(network="nfs4"), "STOR-008", Severity.WARNING),
        (
            examples.spool(refusing=(RefusingFolder(Path("/a"), "full"),)),
            "STOR-006",
            Severity.ERROR,
        ),
        (examples.keys(passphrase_mode=0o640), "KEY-001", Severity.ERROR),
        (examples.keys(passphrase_mode=0), "KEY-001", Severity.WARNING),
        (examples.keys(daemon_answers=False), "KEY-002", Severity.WARNING),
        (examples.keys(daemon_answers=False, daemon_hangs=True), "KEY-002", Severity.ERROR),
        (examples.keys(intake_list=ListState.ABSENT), "KEY-003", Severity.WARNING),
        (examples.keys(intake_list=ListState.BROKEN), "KEY-003", Severity.ERROR),
    ],
)
def test_a_check_fails_for_its_own_reason_alone(
    facts: HostFacts, check: str, severity: Severity
) -> None:
    """One cause, one finding, and the fix in words."""
    findings = [f for f in examine(facts) if f.severity is not Severity.OK]

    assert [(f.check, f.severity) for f in findings] == [(check, severity)]
    assert findings[0].fix


def test_a_shared_file_system_is_good_enough_for_a_small_site() -> None:
    """One sync per part is as good as one for the volume there."""
    facts = examples.healthy("[limits]\nmax_calls = 100")
    shared = dataclasses.replace(facts, spool=examples.spool(own_file_system=False).spool)

    assert all(f.severity is Severity.OK for f in examine(shared))
