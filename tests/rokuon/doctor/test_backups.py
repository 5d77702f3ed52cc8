"""Checks of epochs and backups: each fails where it must."""

import dataclasses

import pytest

from api.health.seen import BackupsSeen, KeysSeen, UpkeepSeen
from rokuon.doctor.backups import HOUR_US
from rokuon.doctor.examine import examine
from rokuon.doctor.facts import EpochFacts, HostFacts
from rokuon.messages.check_result import Severity
from tests.rokuon.doctor import examples


def without_sets(since_h: int) -> HostFacts:
    """Of an installation of so many hours nobody has made a keystore set."""
    since_us = examples.NOW_US - since_h * HOUR_US
    keys = KeysSeen(since_us=since_us, epoch_us=since_us, set_us=0)
    return dataclasses.replace(
        examples.backups(set_age_us=None), seen=examples.seen(keys=keys).seen
    )


@pytest.mark.parametrize(
    ("facts", "check", "severity"),
    [
        (examples.backups(epoch=EpochFacts(age_us=49 * HOUR_US)), "KEY-004", Severity.WARNING),
        (examples.backups(epoch=EpochFacts(age_us=0, held_back=(3,))), "KEY-004", Severity.WARNING),
        (examples.backups(epoch=EpochFacts(age_us=0, fault="full")), "KEY-004", Severity.ERROR),
        (examples.backups(pages=10_001), "KEY-005", Severity.WARNING),
        (without_sets(since_h=49), "BAK-001", Severity.WARNING),
        (examples.backups(set_age_us=49 * HOUR_US), "BAK-001", Severity.WARNING),
        (examples.backups(is_with_keys=True), "BAK-001", Severity.ERROR),
        (examples.backups(keyless=(3, 4)), "BAK-002", Severity.ERROR),
    ],
)
def test_a_check_fails_for_its_own_reason_alone(
    facts: HostFacts, check: str, severity: Severity
) -> None:
    """One cause, one finding, and the fix in words."""
    findings = [f for f in examine(facts) if f.severity is not Severity.OK]

    assert [(f.check, f.severity) for f in findings] == [(check, severity)]
    assert findings[0].fix


def test_pages_of_keys_that_no_set_has_are_no_finding() -> None:
    """They are the only other way to these keys."""
    facts = examples.backups(pages=60_000, unbacked=50_000)

    assert all(f.severity is Severity.OK for f in examine(facts))


def test_without_the_key_daemon_nothing_is_said_of_it_twice() -> None:
    """KEY-002 says that it does not answer."""
    facts = examples.backups(epoch=None, set_age_us=None)

    assert all(f.severity is Severity.OK for f in examine(facts))


@pytest.mark.parametrize(
    ("made_h", "since_h", "findings"),
    [
        (48, 90, []),
        (49, 90, [("BAK-003", Severity.WARNING)]),
        (None, 49, [("BAK-003", Severity.WARNING)]),
        (None, 48, []),
    ],
)
def test_a_catalog_without_a_set_of_two_days_is_a_finding(
    made_h: int | None, since_h: int, findings: list[tuple[str, Severity]]
) -> None:
    """An installation of yesterday need not have one."""
    made_us = 0 if made_h is None else examples.NOW_US - made_h * HOUR_US
    since_us = examples.NOW_US - since_h * HOUR_US
    facts = examples.seen(
        upkeep=UpkeepSeen(backups=BackupsSeen(is_ours=True, catalog_us=made_us)),
        keys=KeysSeen(since_us=since_us, epoch_us=since_us, set_us=examples.NOW_US),
    )

    assert examples.found(facts) == findings


def test_an_installation_of_yesterday_need_not_have_a_keystore_set() -> None:
    """Its doctor is green: the first turn of the epoch makes one."""
    assert examples.found(without_sets(since_h=48)) == []
