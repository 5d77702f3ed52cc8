"""Checks of the archive and of the room on the disks."""

import dataclasses

from api.health.seen import UpkeepSeen, VerifiedSeen
from archive.disk.room import DiskState, RoomSample
from rokuon.doctor.examine import examine
from rokuon.messages.check_result import Severity
from tests.rokuon.doctor import examples
from tests.rokuon.doctor.examples import GB, NOW_US, found

DAY_US = 86_400_000_000
MB = 1_000_000


def with_disk(free_gb: int, day_before_gb: int) -> DiskState:
    """The archive's disk of 1,000 GB, and how much was free the day before."""
    samples = (RoomSample(NOW_US - DAY_US, day_before_gb * GB), RoomSample(NOW_US, free_gb * GB))
    return DiskState(
        name="archive", free_bytes=free_gb * GB, size_bytes=1_000 * GB, samples=samples
    )


def test_a_disk_that_is_full_in_two_weeks_is_a_finding_in_days() -> None:
    """A disk is bought within two weeks, not within the hour in which calls begin to wait."""
    facts = examples.keeper(disks=(with_disk(130, 140),))
    (finding,) = [each for each in examine(facts) if each.check == "STOR-007"]

    assert found(facts) == [("STOR-007", Severity.WARNING)]
    assert finding.measured == "archive: 130.0 / 1000.0 GB, 13 days"
    assert found(examples.keeper(disks=(with_disk(150, 160),))) == []


def test_a_disk_with_hardly_any_room_is_a_finding_whatever_its_rate() -> None:
    """Nothing was recorded on the day before."""
    assert found(examples.keeper(disks=(with_disk(19, 19),))) == [("STOR-007", Severity.WARNING)]
    assert found(examples.keeper(disks=(with_disk(20, 20),))) == []
    assert found(examples.keeper(disks=())) == []


def test_a_spool_in_which_no_call_has_room_is_an_error_however_small_it_is() -> None:
    """`0.0 / 0.0 GB` of a disk of 40 MB is neither read nor well."""
    small = DiskState(name="spool", free_bytes=5 * MB, size_bytes=40 * MB)
    facts = examples.keeper(disks=(small,))
    (finding,) = [each for each in examine(facts) if each.check == "STOR-007"]

    assert found(facts) == [("STOR-007", Severity.ERROR)]
    assert finding.measured == "spool: 5.0 / 40.0 MB"


def test_a_disk_whose_size_nobody_can_read_is_a_finding() -> None:
    """It is no disk with room."""
    facts = examples.keeper(disks=(with_disk(500, 500), DiskState(name="pages")))
    (finding,) = [each for each in examine(facts) if each.check == "STOR-007"]

    assert found(facts) == [("STOR-007", Severity.WARNING)]
    assert finding.measured == "pages: its size cannot be read"


def test_an_archive_that_is_a_mount_point_alone_is_an_error() -> None:
    """What is written there would be found by nobody, so nothing is."""
    away = dataclasses.replace(examples.healthy(), archive_away=True)

    assert found(away) == [("ARCH-001", Severity.ERROR)]


def test_what_a_verification_found_is_told_until_one_finds_nothing() -> None:
    """It ran at night, and nobody read what it wrote."""
    broken, whole = (VerifiedSeen(at_us=1, findings=count) for count in (2, 0))

    assert found(examples.seen(upkeep=UpkeepSeen(verified=broken))) == [("VER-001", Severity.ERROR)]
    assert found(examples.seen(upkeep=UpkeepSeen(verified=whole))) == []
