"""Looks at an installation: its keeper's state, its keys, catalog, certificates and backup sets.

Knows where to look, nothing of what is right.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

import msgspec
from cryptography import x509
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.destruction.figures import count_altered
from api.health.seen import (
    BackupsSeen,
    CaptureSeen,
    CatalogSeen,
    CertificateSeen,
    KeysSeen,
    Seen,
    UpkeepSeen,
)
from archive.backup.catalog_set import stored_sets
from archive.call.live import Question
from archive.catalog.database.database_errors import words
from archive.catalog.database.engine import ping, reading
from archive.catalog.database.guards import look_at_guards
from archive.catalog.database.schema_revision import CatalogOutdated
from archive.disk.trial import HANGS, DiskTrials, may_write
from archive.errors import KeyRefused, KeyUnavailable
from archive.ids import DEFAULT_TENANT
from archive.keeper.state_file import read_state
from archive.keys.client.epoch_client import EpochClient
from archive.keys.client.key_client import KeyClient
from archive.keys.epochs.epochs import EpochState
from rokuon.compose.archive.catalog import present_catalog
from rokuon.compose.archive.key_daemon import catalog_sets, socket_of
from rokuon.compose.archive.verified_file import read_verified
from rokuon.compose.capture.node_control import ask
from rokuon.compose.processes.sockets import status_socket
from rokuon.config.schema import Config
from rokuon.machine import clock
from rokuon.messages.errors import NothingFound, NotReady
from rokuon.messages.system_errors import in_words

# Who looks must not hang on a daemon that does.
_WAITS_S: Final = 2.0
_US: Final = 1_000_000
# No recording has that id: who only looks wants no list of calls.
_NO_CALL: Final = Question(recording="-")
NO_PEM: Final = "no certificate in PEM"


@dataclass(frozen=True, slots=True)
class HealthLook:
    """`catalog` says why the catalog does not answer, "" where it does; `unguarded` what guards it
    no more; `altered` of how many plans it is known that they were altered, `unbelieved` how many
    rows are not believed.
    """

    config: Config
    catalog: Callable[[], str]
    unguarded: Callable[[], tuple[str, ...]] = tuple
    trials: DiskTrials = field(default_factory=DiskTrials)
    altered: Callable[[], int] = int
    unbelieved: Callable[[], int] = int

    def __call__(self) -> Seen:
        """Look now; takes some seconds where something hangs."""
        config, refuses = self.config, self._refuses()
        # A database whose disk hangs would keep us, too.
        hangs = HANGS if HANGS in refuses.values() else ""
        away = hangs or self.catalog()
        return Seen(
            keeper=read_state(config.keeper_file),
            keys=keys_seen(config),
            capture=capture_seen(config),
            catalog=CatalogSeen(
                away=away,
                unguarded=() if away else self.unguarded(),
                altered_plans=0 if away else self.altered(),
                altered_rows=self.unbelieved(),
            ),
            refuses=refuses,
            certificates=tuple(certificates_seen(config)),
            upkeep=UpkeepSeen(
                backups=_backups(config), verified=read_verified(config.verified_file)
            ),
            # Behind what takes long: nothing that was told meanwhile is from the future.
            at_us=clock.now_us(),
        )

    def _refuses(self) -> dict[str, str]:
        """Whether the disk of an embedded catalog takes what the API writes."""
        folder = self.config.catalog_path
        # One that cannot even be looked for is tried: the trial has the system's word.
        if self.config.catalog.url or (os.access(folder, os.F_OK) and not may_write(folder)):
            return {}
        reason = self.trials.refusals([folder]).get(folder, "")
        return {"catalog": reason} if reason else {}


def catalog_answers(engine: Engine) -> Callable[[], str]:
    """Why a catalog that is open does not answer, when it is asked; "" where it does."""

    def asked() -> str:
        try:
            with reading(engine) as connection:
                ping(connection)
        except SQLAlchemyError as failed:
            return words(failed)
        return ""

    return asked


def altered_plans(engine: Engine) -> Callable[[], int]:
    """How many plans a catalog that is open knows to be altered, when it is asked."""

    def asked() -> int:
        try:
            with reading(engine) as connection:
                return count_altered(connection, DEFAULT_TENANT, clock.now_us())
        except SQLAlchemyError:
            return 0  # the next look says that it does not answer

    return asked


def lacking_guards(engine: Engine) -> Callable[[], tuple[str, ...]]:
    """Which triggers guard a catalog no more that is open, when it is asked."""

    def asked() -> tuple[str, ...]:
        try:
            with reading(engine) as connection:
                guards = look_at_guards(connection)
        except SQLAlchemyError:
            return ()  # that it does not answer is told by itself
        return (*guards.missing, *guards.changed)

    return asked


def unguarded_catalog(config: Config) -> tuple[str, ...]:
    """The same of the installation's; () of one that is not there or of another version."""
    try:
        with present_catalog(config) as engine:
            return lacking_guards(engine)()
    except (NotReady, CatalogOutdated):
        return ()


def keys_seen(config: Config) -> KeysSeen | None:
    """What the key daemon says; None where it does not answer here."""
    with closing(KeyClient(socket_of(config, "api"), timeout_s=_WAITS_S)) as client:
        try:
            told, status = EpochClient(client).epochs(), client.status()
        except (KeyRefused, KeyUnavailable):
            return None
    return KeysSeen(
        since_us=min(each.created_us for each in told.epochs),
        epoch_us=max(each.created_us for each in told.epochs if each.state == EpochState.CURRENT),
        set_us=told.newest_set.made_us if told.newest_set.name else 0,
        unbacked=told.unbacked,
        refuses=status.disk_refuses,
        shut=told.gate.shut,
        clock=status.clock.doubt,
    )


def capture_seen(config: Config) -> CaptureSeen | None:
    """What signalling says; None where it has never run here, or who looks may not ask it."""
    try:
        told = ask(config, _NO_CALL, timeout_s=_WAITS_S)
    except PermissionError:
        return None
    except NothingFound:
        return CaptureSeen(answers=False) if status_socket(config).exists() else None
    except (OSError, msgspec.MsgspecError):
        return CaptureSeen(answers=False)
    return CaptureSeen(full=told.full, full_us=told.full_us)


def certificates_seen(config: Config) -> Iterator[CertificateSeen]:
    """Those of the doors that have one and may be read by who looks."""
    for door, file in (("sip", config.sip.certificate), ("http", config.http.certificate)):
        if file is None:
            continue
        try:
            chain = x509.load_pem_x509_certificates(file.read_bytes())
        except PermissionError:
            continue  # of another part; who may read it says when it ends
        except OSError as failed:
            yield CertificateSeen(door=door, reason=in_words(failed))
        except ValueError:
            yield CertificateSeen(door=door, reason=NO_PEM)
        else:
            ends_s = min(each.not_valid_after_utc.timestamp() for each in chain)
            yield CertificateSeen(door=door, ends_us=int(ends_s * _US))


def _backups(config: Config) -> BackupsSeen:
    folder = catalog_sets(config)
    if config.catalog.url:
        return BackupsSeen()
    try:
        if folder.exists() and not os.access(folder, os.R_OK | os.X_OK):
            return BackupsSeen()
        made = next((each.lead.made_us for each in stored_sets(folder)), 0)
    except OSError:
        made = 0  # one that was deleted since it was listed, or a disk that fails
    return BackupsSeen(is_ours=True, catalog_us=made)
