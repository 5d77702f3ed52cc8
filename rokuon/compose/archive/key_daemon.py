"""The key daemon and who asks it, put together from the configuration.

Knows where sockets and lists lie, nothing of what is asked.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, Literal, get_args

from archive.errors import ArchiveError, KeyUnavailable
from archive.format.intake import HYBRID_SUITE, P256_SUITE
from archive.ids import DEFAULT_TENANT
from archive.keys.client.key_client import KeyClient
from archive.keys.clock_watch import ClockSeen, KernelWord
from archive.keys.daemon.assembly import KeysConfig, SocketGroups, TurnSettings
from archive.keys.daemon.sockets import serve_keys
from archive.keys.epochs.assurance import HOUR_US
from rokuon.compose.capture.node_identity import SIGNING_KEY_NAME, read_intake_list
from rokuon.config.schema import Config
from rokuon.machine import clock

KeyRole = Literal["keeper", "api", "retention"]

_SUITES: Final = {"hybrid": HYBRID_SUITE, "p256": P256_SUITE}
# The doctor must not hang on a daemon that does.
_DOCTOR_WAITS_S: Final = 2.0


def keys_config(config: Config) -> KeysConfig:
    """The key daemon's settings."""
    return KeysConfig(
        folder=config.keys.path,
        passphrase_file=config.keys.passphrase_file,
        groups=SocketGroups(
            keeper=config.keys.keeper_group,
            api=config.keys.api_group,
            retention=config.keys.retention_group,
        ),
        published=(config.capture_path / SIGNING_KEY_NAME,),
        suite=_SUITES[config.keys.intake_suite],
        turns=TurnSettings(
            every_us=config.keys.turn_every_h * HOUR_US,
            keep=config.keys.keep_epochs,
            sets=config.backup.path / "keystore",
            copies=config.keys.epoch_copies,
        ),
    )


def catalog_sets(config: Config) -> Path:
    """The folder of the catalog's backup sets."""
    return config.backup.path / "catalog"


async def run_keys(config: Config, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """The part `keys`."""
    await serve_keys(
        keys_config(config),
        stop,
        now_us=clock.now_us,
        read_clock=lambda: clock_seen(config),
        on_ready=ready,
    )


def clock_seen(config: Config) -> ClockSeen:
    """The clocks now; of a guest, and where there is no time server, not by the kernel's word."""
    kernel = _kernel_word() if config.node.clock == "kernel" else KernelWord.UNASKED
    return ClockSeen(wall_us=clock.now_us(), since_boot_us=clock.since_boot_us(), kernel=kernel)


def _kernel_word() -> KernelWord:
    said = clock.kernel_clock()
    if said.is_refused:
        return KernelWord.REFUSED
    return KernelWord.SYNCHRONISED if said.synchronised else KernelWord.UNSYNCHRONISED


def socket_of(config: Config, role: KeyRole) -> Path:
    keys = keys_config(config)
    match role:
        case "keeper":
            return keys.keeper_socket
        case "api":
            return keys.api_socket
        case "retention":
            return keys.retention_socket


def open_keys(config: Config, role: KeyRole) -> KeyClient:
    """A line to the key daemon; it connects with the first question."""
    return KeyClient(socket_of(config, role))


def intake_list_verifies(config: Config) -> bool:
    """Whether capture may seal to the list that it has."""
    try:
        read_intake_list(config.capture_path)
    except (ArchiveError, OSError, ValueError):
        return False
    return True


def key_daemon_answers(config: Config) -> bool:
    """Whether the key daemon answers on a socket that we can reach."""
    return any(_answers(socket_of(config, role)) for role in get_args(KeyRole))


def key_daemon_hangs(config: Config) -> bool:
    """Whether it is there on a socket that we can reach; of one that does not answer."""
    return any(_is_there(socket_of(config, role)) for role in get_args(KeyRole))


def holds_being_placed(config: Config) -> int:
    """How many holds keep the key daemon's fence up; 0 where it does not answer us."""
    with closing(KeyClient(socket_of(config, "api"), timeout_s=_DOCTOR_WAITS_S)) as client:
        try:
            return client.fence(DEFAULT_TENANT).placing
        except KeyUnavailable:
            return 0


def _is_there(path: Path) -> bool:
    """Whether somebody listens: a process that is stopped does, one that has ended does not."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.settimeout(_DOCTOR_WAITS_S)
        try:
            caller.connect(str(path))
        except OSError:
            return False
    return True


def _answers(path: Path) -> bool:
    client = KeyClient(path, timeout_s=_DOCTOR_WAITS_S)
    try:
        client.status()
    except KeyUnavailable:
        return False
    finally:
        client.close()
    return True
