"""A machine on which every check passes; each test spoils one thing."""

import dataclasses
from pathlib import Path

import msgspec

from api.health.seen import KeysSeen, Seen
from archive.catalog.database.schema_revision import HEAD
from archive.disk.room import DiskState
from archive.keeper.state_file import KeeperState
from capture.native.choice import Because, LoopChoice, RelayLoop
from rokuon.config.load import parse
from rokuon.config.schema import Config
from rokuon.doctor.backups import HOUR_US
from rokuon.doctor.examine import examine
from rokuon.doctor.facts import (
    BackupFacts,
    CatalogFacts,
    CatalogState,
    EpochFacts,
    HostClock,
    HostFacts,
    KernelFacts,
    KeyFacts,
    ListState,
    PortState,
    SpoolFacts,
)
from rokuon.messages.check_result import Severity

GB = 1_000_000_000
NOW_US = 1_796_000_000_000_000


def config(text: str = "") -> Config:
    """A configuration from its text."""
    return parse(text, name="test.toml", base=Path("/data"))


def healthy(text: str = "") -> HostFacts:
    """All as it should be for the configuration."""
    return HostFacts(
        config=config(text),
        sip_port=PortState.FREE,
        calls=CatalogFacts(state=CatalogState(revision=HEAD)),
        unplayable_prompts=(),
        kernel=KernelFacts(
            local_ports=(32_768, 60_999),
            rmem_max_bytes=212_992,
            udp_mem_max_bytes=GB,
            descriptors=65_536,
        ),
        clock=HostClock(synchronised=True, error_us=900, zones_missing=()),
        spool=SpoolFacts(
            writable=True,
            own_file_system=True,
            free_bytes=8_000 * GB,
            free_inodes=10_000_000,
            fsync_ms=2.0,
        ),
        keys=KeyFacts(passphrase_mode=0o600, daemon_answers=True, intake_list=ListState.SIGNED),
        relay_loop=LoopChoice(RelayLoop.NATIVE, Because.LOADED),
        backups=BackupFacts(epoch=EpochFacts(age_us=HOUR_US), set_age_us=HOUR_US),
        seen=Seen(
            at_us=NOW_US,
            keeper=KeeperState(
                at_us=NOW_US,
                round_us=NOW_US,
                disks=(DiskState(name="archive", free_bytes=GB, size_bytes=2 * GB),),
            ),
            keys=KeysSeen(since_us=NOW_US, epoch_us=NOW_US, set_us=NOW_US),
        ),
    )


def seen(**change: object) -> HostFacts:
    """The same, seen otherwise."""
    facts = healthy()
    return dataclasses.replace(facts, seen=dataclasses.replace(facts.seen, **change))  # type: ignore[arg-type]  # any field


def keeper(**change: object) -> HostFacts:
    """The same with a keeper that told otherwise."""
    told = healthy().seen.keeper
    assert told is not None
    return seen(keeper=msgspec.structs.replace(told, **change))


def kernel(**change: object) -> HostFacts:
    """Other kernel settings."""
    facts = healthy()
    return dataclasses.replace(facts, kernel=dataclasses.replace(facts.kernel, **change))  # type: ignore[arg-type]  # any field


def spool(**change: object) -> HostFacts:
    """Another spool."""
    facts = healthy()
    return dataclasses.replace(facts, spool=dataclasses.replace(facts.spool, **change))  # type: ignore[arg-type]  # any field


def keys(**change: object) -> HostFacts:
    """Other keys."""
    facts = healthy()
    return dataclasses.replace(facts, keys=dataclasses.replace(facts.keys, **change))  # type: ignore[arg-type]  # any field


def clock(**change: object) -> HostFacts:
    """Another clock."""
    facts = healthy()
    return dataclasses.replace(facts, clock=dataclasses.replace(facts.clock, **change))  # type: ignore[arg-type]  # any field


def port(state: PortState) -> HostFacts:
    """The SIP port in another state."""
    return dataclasses.replace(healthy(), sip_port=state)


def backups(**changed: object) -> HostFacts:
    """The same with other backups."""
    facts = healthy()
    return dataclasses.replace(facts, backups=dataclasses.replace(facts.backups, **changed))  # type: ignore[arg-type]  # any field


def found(facts: HostFacts) -> list[tuple[str, Severity]]:
    """What is not as it should be; each has a fix in words."""
    findings = [each for each in examine(facts) if each.severity is not Severity.OK]
    assert all(each.fix for each in findings)
    return [(each.check, each.severity) for each in findings]
