"""What the doctor looks at of epochs and backups.

Knows where to look, nothing of what is right.
"""

import os
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final

from archive.backup.catalog_set import stored_sets
from archive.errors import KeyUnavailable
from archive.keys.client.epoch_client import EpochClient
from archive.keys.client.key_client import KeyClient
from archive.keys.epochs.epochs import EpochState
from archive.keys.store.key_service import epoch_file
from archive.keys.wire.epoch_messages import EpochsAnswer
from rokuon.compose.archive.key_daemon import keys_config, socket_of
from rokuon.config.schema import Config
from rokuon.doctor.facts import BackupFacts, EpochFacts

# More than this many files are not counted.
COUNTED: Final = 1_000_000
_WAITS_S: Final = 2.0


def backup_facts(config: Config, now_us: int) -> BackupFacts:
    """Asked of the key daemon where it answers here; folders are looked at by themselves."""
    told = _told(config)
    newest = told.newest_set if told else None
    return BackupFacts(
        epoch=None if told is None else _epoch(told, now_us),
        set_age_us=now_us - newest.made_us if newest and newest.name else None,
        unbacked=told.unbacked if told else 0,
        pages=_files_in(config.pages.path),
        is_with_keys=config.backup.path.resolve().is_relative_to(
            keys_config(config).epochs.resolve()
        ),
        keyless=_keyless(config),
    )


def _told(config: Config) -> EpochsAnswer | None:
    with closing(KeyClient(socket_of(config, "api"), timeout_s=_WAITS_S)) as client:
        try:
            return EpochClient(client).epochs()
        except KeyUnavailable:
            return None


def _epoch(told: EpochsAnswer, now_us: int) -> EpochFacts:
    current = next(each for each in told.epochs if each.state == EpochState.CURRENT)
    return EpochFacts(
        age_us=now_us - current.created_us,
        fault=told.turn.fault if told.turn else "",
        held_back=tuple(each.number for each in told.epochs if each.held_back),
    )


def _keyless(config: Config) -> tuple[int, ...]:
    """The epochs of which there are keystore sets and no key, where copies go if they go anywhere.

    None is known where we may not look. Sets of the catalog are left over when an epoch ends.
    """
    keys = keys_config(config)
    try:
        has = {path.name for path in (keys.turns.copies or keys.epochs).iterdir()}
        sets = {each.lead.epoch for each in stored_sets(config.backup.path / "keystore")}
    except OSError:
        return ()
    return tuple(sorted(each for each in sets if epoch_file(each) not in has))


def _files_in(folder: Path) -> int:
    try:
        with os.scandir(folder) as entries:
            return sum(1 for _ in islice(entries, COUNTED))
    except OSError:
        return 0
