"""What the shipped units of systemd let each part do."""

import shutil
import subprocess
from pathlib import Path

import pytest

SYSTEMD = Path(__file__).parents[1] / "deploy/systemd"


def unit(part: str) -> dict[str, list[str]]:
    """The settings of a unit, each with its words."""
    text = (SYSTEMD / f"rokuon-{part}.service").read_text()
    lines = (line.partition("=") for line in text.splitlines() if line[:1].isalpha())
    return {name: value.split() for name, _, value in lines}


@pytest.mark.parametrize("part", ["keeper", "retention", "api"])
def test_who_asks_the_catalog_can_reach_a_database_over_tcp(part: str) -> None:
    """The unit of the keeper had no network at all: with `catalog.url` it never started."""
    settings = unit(part)

    assert {"AF_UNIX", "AF_INET", "AF_INET6"} <= set(settings["RestrictAddressFamilies"])
    assert settings.get("PrivateNetwork", ["no"]) == ["no"]


@pytest.mark.parametrize("part", ["keeper", "retention"])
def test_who_needs_no_other_network_reaches_none_unless_it_is_named(part: str) -> None:
    """A database on another host is named by its address."""
    settings = unit(part)

    assert settings["IPAddressDeny"] == ["any"]
    assert settings["IPAddressAllow"] == ["localhost"]


@pytest.mark.parametrize("part", ["keys", "capture"])
def test_who_locks_its_memory_may_lock_all_of_it(part: str) -> None:
    """The key daemon locks nothing under a limit: a later allocation would fail."""
    assert unit(part)["LimitMEMLOCK"] == ["infinity"]


@pytest.mark.parametrize("part", ["keys", "capture", "keeper", "retention", "api"])
def test_no_part_is_swapped_out_and_none_claims_the_descriptor_store(part: str) -> None:
    """Keys pass through all of them; what nobody puts into the store does not come back."""
    settings = unit(part)

    assert settings["MemorySwapMax"] == ["0"]
    assert "FileDescriptorStoreMax" not in settings


def test_who_asks_for_the_nightly_set_reaches_the_api_and_no_file_of_rokuon() -> None:
    """Its user is an administrator, for that alone makes sets: it must be good for nothing else."""
    settings = unit("backup")
    hidden = {each.removeprefix("-") for each in settings["InaccessiblePaths"]}
    folders = {
        line.split()[1]
        for line in (SYSTEMD / "rokuon.tmpfiles").read_text().splitlines()
        if line.startswith("d ")
    }
    seen = {each for each in folders if not any(each.startswith(it) for it in hidden)}

    assert settings["ExecStart"][-2:] == ["backup", "create"]
    assert settings["PrivateNetwork"] == ["yes"]
    assert settings["RestrictAddressFamilies"] == ["AF_UNIX"]
    assert "ReadWritePaths" not in settings
    assert seen == {"/var/lib/rokuon", "/var/lib/rokuon/api"}


def test_what_an_access_list_gives_holds_after_the_next_boot_too() -> None:
    """Setting the mode at boot sets the mask: without a word of its own nobody is let in."""
    lines = (SYSTEMD / "rokuon.tmpfiles").read_text().splitlines()
    lists = [line.split()[-1] for line in lines if line.startswith("a+")]

    assert lists
    assert all("mask::rwx" in each for each in lists)


@pytest.mark.parametrize("part", ["keys", "capture", "keeper", "retention", "api"])
def test_a_part_is_given_longer_to_start_than_systemd_gives_by_itself(part: str) -> None:
    """At a boot everything starts at once: capture and the API took more than 90 s beside more."""
    assert int(unit(part)["TimeoutStartSec"][0]) >= 300


def test_who_destroys_may_ask_the_kernel_whether_its_clock_is_synchronised() -> None:
    """`ProtectClock` refuses adjtimex(2) to who only reads; without a capability nobody sets it.

    What the kernel makes of the filter: `tests/scenarios/test_deployed.py`.
    """
    settings = unit("keys")

    assert settings["SystemCallFilter"] == ["@system-service", "adjtimex", "clock_adjtime"]
    assert "ProtectClock" not in settings
    assert settings["CapabilityBoundingSet"] == []


@pytest.mark.parametrize("part", ["capture", "keeper", "retention", "api"])
def test_all_others_reach_no_clock(part: str) -> None:
    """They ask the key daemon."""
    assert unit(part)["ProtectClock"] == ["yes"]


def test_systemd_knows_the_calls_that_the_key_daemon_makes_and_refuses_those_that_set() -> None:
    """What its general filter has, by its own list."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd-analyze")
    sets = {
        name: subprocess.run(
            [analyze, "syscall-filter", name], capture_output=True, text=True, check=True
        ).stdout.split()
        for name in ("@system-service", "@clock")
    }

    assert {"adjtimex", "clock_adjtime", "clock_settime", "settimeofday"} <= {*sets["@clock"]}
    assert {"@clock", "adjtimex", "clock_settime"}.isdisjoint(sets["@system-service"])
