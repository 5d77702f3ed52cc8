"""Reading the machine: the only part of the doctor that touches it.

Knows nothing of what is right.
"""

import errno
import os
import resource
import socket
import tempfile
import time
import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from api.letters.typesetter import LettersNotInstalled, fonts_missing
from archive.catalog.database.database_errors import words
from archive.catalog.database.schema_revision import CatalogOutdated
from archive.disk.archive_place import ArchivePlace
from archive.disk.trial import DiskTrials
from capture.native.choice import choose_loop
from capture.prompts.sound import SoundUnreadable, read_file
from rokuon.compose.api.health_probe import HealthLook, unguarded_catalog
from rokuon.compose.api.row_seals import altered_rows
from rokuon.compose.archive.catalog import catalog_revision
from rokuon.compose.archive.key_daemon import (
    holds_being_placed,
    intake_list_verifies,
    key_daemon_answers,
    key_daemon_hangs,
)
from rokuon.compose.capture.sources import intruders, silent_sources
from rokuon.config.schema import Config
from rokuon.doctor.backup_facts import backup_facts
from rokuon.doctor.catalog_facts import (
    guessing_sources,
    legal_holds,
    retention_figures,
    unread_recordings,
)
from rokuon.doctor.facts import (
    CatalogFacts,
    CatalogState,
    HostClock,
    HostFacts,
    KernelFacts,
    KeyFacts,
    ListState,
    PortState,
    SpoolFacts,
)
from rokuon.doctor.storage import MOUNTS, network_kind, refusing_folders, written_folders
from rokuon.machine import clock
from rokuon.messages.check_result import Severity
from rokuon.messages.errors import NotReady
from rokuon.prompts.check import check_prompt, unreadable

_SYSCTL: Final = Path("/proc/sys/net")
# Lines of proc_pid_net(5): local address and port in hexadecimal, then the other end's, the state.
_SOCKETS: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LISTENS: Final = "0A"
_WEB_PORTS: Final = frozenset({80, 443})
_FSYNCS: Final = 5
# What stands in where /proc cannot be read: the kernel's defaults.
_DEFAULT_LOCAL_PORTS: Final = "32768 60999"
_DEFAULT_RMEM: Final = "212992"
_DEFAULT_UDP_MEM: Final = "0 0 0"


def gather(config: Config) -> HostFacts:
    """Look at this machine; creates and removes a small file in each folder that is written to."""
    calls = _calls(config)
    return HostFacts(
        config=config,
        sip_port=_sip_port(config),
        calls=calls,
        unplayable_prompts=tuple(_unplayable(config)),
        kernel=_kernel(),
        clock=_clock(config),
        spool=_spool(config),
        keys=_keys(config),
        backups=backup_facts(config, clock.now_us()),
        seen=HealthLook(
            config,
            lambda: calls.state.away,
            unguarded=lambda: calls.state.unguarded,
            altered=lambda: calls.retention.altered,
            unbelieved=lambda: _unbelieved(config),
        )(),
        relay_loop=choose_loop(config.inline.relay_loop),
        archive_away=bool(calls.state.revision) and _is_archive_away(config),
        web_ports=tuple(sorted((listening() & _WEB_PORTS) - {config.http.port})),
        letter_fonts_missing=_letter_fonts_missing(),
    )


def _letter_fonts_missing() -> tuple[str, ...] | None:
    try:
        return tuple(fonts_missing())
    except LettersNotInstalled:
        return None


def listening() -> set[int]:
    """The TCP ports on which a program of this machine listens; none where that is not shown."""
    ports = set()
    for table in _SOCKETS:
        with suppress(OSError):
            for line in table.read_text().splitlines()[1:]:
                _, local, _, state, *_ = line.split()
                if state == _LISTENS:
                    ports.add(int(local.rpartition(":")[2], 16))
    return ports


def _calls(config: Config) -> CatalogFacts:
    """What the catalog says; where its database does not answer, that."""
    now_us = clock.now_us()
    if config.catalog_path.exists() and not os.access(config.catalog_path, os.X_OK):
        return CatalogFacts(
            silent_sources=_sources(config, now_us, silent_sources),
            intruders=_sources(config, now_us, intruders),
            state=CatalogState(is_hidden=True),
        )
    try:
        return CatalogFacts(
            silent_sources=_sources(config, now_us, silent_sources),
            intruders=_sources(config, now_us, intruders),
            guessing_sources=guessing_sources(config, now_us),
            unread=unread_recordings(config),
            holds=legal_holds(config, now_us),
            retention=retention_figures(config, now_us),
            state=CatalogState(
                revision=catalog_revision(config), unguarded=unguarded_catalog(config)
            ),
        )
    except SQLAlchemyError as failed:
        return CatalogFacts(state=CatalogState(away=words(failed)))


def _unbelieved(config: Config) -> int:
    """How many rows are not believed, where who looks may read the key of their seals."""
    try:
        return len(altered_rows(config))
    except (NotReady, CatalogOutdated, SQLAlchemyError, OSError):
        return 0


def _is_archive_away(config: Config) -> bool:
    """Whether there is a folder without the mark of an archive, as the mount point of one is."""
    try:
        return (
            config.archive.path.is_dir()
            and not ArchivePlace(config.archive.path, tuple).is_marked()
        )
    except OSError:
        return False  # who may not look there, or cannot, is told so by other checks


def _unplayable(config: Config) -> Iterator[str]:
    """The notices of routes that cannot be played, each with the code of `rokuon prompt check`."""
    played = {name for route in config.route for name in route.notice}
    for prompt in config.prompt:
        if prompt.name in played and (code := _fault_of(prompt.file)):
            yield f"{prompt.name} ({code})"


def _fault_of(file: Path) -> str:
    """Why a file cannot be played, "" where it can."""
    try:
        checked = check_prompt(read_file(file))
    except (OSError, SoundUnreadable) as broken:
        return unreadable(str(broken)).code
    errors = (each.code for each in checked.findings if each.severity is Severity.ERROR)
    return next(errors, "")


def _sip_port(config: Config) -> PortState:
    family = socket.AF_INET6 if ":" in config.sip.bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((config.sip.bind, config.sip.port))
        except OSError as refused:
            if refused.errno == errno.EADDRNOTAVAIL:
                return PortState.NO_ADDRESS
            ours = _connects(config.run_path / "holder.sock")
            return PortState.OURS if ours else PortState.OTHER
    return PortState.FREE


def _connects(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as caller:
        try:
            caller.connect(str(path))
        except OSError:
            return False
    return True


def _sysctl(name: str, otherwise: str) -> list[int]:
    try:
        text = (_SYSCTL / name).read_text()
    except OSError:
        text = otherwise
    return [int(word) for word in text.split()]


def _kernel() -> KernelFacts:
    low, high = _sysctl("ipv4/ip_local_port_range", _DEFAULT_LOCAL_PORTS)
    return KernelFacts(
        local_ports=(low, high),
        rmem_max_bytes=_sysctl("core/rmem_max", _DEFAULT_RMEM)[0],
        udp_mem_max_bytes=_sysctl("ipv4/udp_mem", _DEFAULT_UDP_MEM)[2] * resource.getpagesize(),
        descriptors=resource.getrlimit(resource.RLIMIT_NOFILE)[1],
    )


def _clock(config: Config) -> HostClock:
    kernel = clock.kernel_clock()
    known = zoneinfo.available_timezones()
    wanted = sorted({each.zone for each in config.source} | {each.zone for each in config.hours})
    return HostClock(
        synchronised=kernel.synchronised,
        error_us=kernel.error_us,
        zones_missing=tuple(zone for zone in wanted if zone not in known),
    )


def _nearest_folder(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.is_dir())


def _sources(
    config: Config, now_us: int, ask: Callable[[Config, int], tuple[str, ...]]
) -> tuple[str, ...]:
    """Sources of which this holds, as capture has left it."""
    try:
        return ask(config, now_us)
    except OSError:
        return ()  # what the folder suffers from is a finding of its own


def _spool(config: Config) -> SpoolFacts:
    folder, archive = _nearest_folder(config.spool.path), config.archive.path
    refusing = tuple(refusing_folders(written_folders(config), DiskTrials()))
    takes_files = folder not in {each.folder for each in refusing}
    volume = os.statvfs(folder)
    # `st_dev` tells file systems apart: the spool's must be neither the root's nor the archive's.
    device = folder.stat().st_dev
    others = {Path("/").stat().st_dev, _nearest_folder(archive).stat().st_dev}
    return SpoolFacts(
        writable=takes_files and os.access(folder, os.W_OK),
        own_file_system=device not in others,
        free_bytes=volume.f_bavail * volume.f_frsize,
        # Some file systems make inodes as needed and report none at all.
        free_inodes=volume.f_favail if volume.f_files else 1 << 62,
        fsync_ms=_slowest_fsync_ms(folder) if takes_files else 0.0,
        network=_network_kind(config),
        refusing=refusing,
    )


def _network_kind(config: Config) -> str:
    """Of the spool and of its second, the first that is a network's."""
    table = MOUNTS.read_text("utf-8", "replace")
    spools = filter(None, (config.spool.path, config.spool.second))
    kinds = (network_kind(_nearest_folder(each), table) for each in spools)
    return next(filter(None, kinds), "")


def _slowest_fsync_ms(folder: Path) -> float:
    if not os.access(folder, os.W_OK):
        return 0.0
    slowest = 0.0
    with tempfile.TemporaryFile(dir=folder) as probe:
        for _ in range(_FSYNCS):
            probe.write(bytes(4096))
            probe.flush()
            began_s = time.monotonic()
            os.fdatasync(probe.fileno())
            slowest = max(slowest, time.monotonic() - began_s)
    return slowest * 1_000


def _keys(config: Config) -> KeyFacts:
    try:
        mode = config.keys.passphrase_file.stat().st_mode & 0o777
    except OSError:
        mode = 0
    answers = key_daemon_answers(config)
    return KeyFacts(
        passphrase_mode=mode,
        daemon_answers=answers,
        daemon_hangs=not answers and key_daemon_hangs(config),
        intake_list=_intake_list(config),
        placing=holds_being_placed(config),
    )


def _intake_list(config: Config) -> ListState:
    if not (config.capture_path / "intake-keys.json").is_file():
        return ListState.ABSENT
    return ListState.SIGNED if intake_list_verifies(config) else ListState.BROKEN
