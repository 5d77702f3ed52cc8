"""The catalog for who seals its rows: the part `api`, and the first start beside it.

Knows where key and log lie, nothing of which rows are sealed.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from api.sign_in.sign_in_key import SignInKey
from archive.catalog.checks.sealer import KeptSeals
from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.entries import Entry, append
from archive.catalog.journal.seal_log import SealLog
from archive.catalog.journal.sealed_rows import with_seals
from archive.ids import DEFAULT_TENANT
from rokuon.compose.api.sign_in_key_file import ensure_sign_in_key
from rokuon.compose.archive.catalog import prepared_catalog, present_catalog
from rokuon.config.schema import Config
from rokuon.machine import clock
from rokuon.messages.errors import NotReady
from rokuon.messages.i18n import tr


def open_seals(config: Config) -> KeptSeals:
    """The seals of this installation; makes their key where there is none yet."""
    key = SignInKey(ensure_sign_in_key(config.sign_in_key))
    return KeptSeals(key.of_rows, SealLog(config.seal_log))


def under_seals(engine: Engine, seals: KeptSeals) -> Engine:
    """The same catalog with seals, every row of which was looked at."""
    sealed = with_seals(engine, seals)
    with writing(sealed) as connection:
        seals.review(connection)
    return sealed


@contextmanager
def sealed_catalog(config: Config) -> Iterator[Engine]:
    """`prepared_catalog` for who writes rows that decide."""
    with prepared_catalog(config) as engine:
        yield under_seals(engine, open_seals(config))


def altered_rows(config: Config) -> tuple[tuple[str, int], ...]:
    """The rows that are not believed: of which table, and which; nothing is written.

    Raises `NotReady` where the part `api` has never run here, `PermissionError` where its key is
    not ours to read.
    """
    seals = _known_seals(config)
    with present_catalog(config) as engine, reading(with_seals(engine, seals)) as connection:
        seals.review(connection)
    return seals.altered


def seal_again(config: Config, actor: str) -> dict[str, int]:
    """Believe every row as it stands from now on; of how many of each table that was not so.

    Raises as `altered_rows` does.
    """
    seals = _known_seals(config)
    with present_catalog(config) as engine, writing(with_seals(engine, seals)) as connection:
        seals.review(connection)
        found = seals.seal_again(connection)
        if found:
            entry = Entry(
                tenant=DEFAULT_TENANT,
                at_us=clock.now_us(),
                actor=actor,
                action="rows_sealed_again",
                target="register",
                detail={
                    "count": sum(found.values()),
                    "what": [f"{table} {count}" for table, count in sorted(found.items())],
                },
            )
            append(connection, entry)
    return found


def _known_seals(config: Config) -> KeptSeals:
    """Root must not make what is the API's."""
    if not (config.sign_in_key.exists() and config.seal_log.exists()):
        raise NotReady(tr("nothing is sealed yet: start the API first"))
    return open_seals(config)
