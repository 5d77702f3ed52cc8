"""The use cases, over the catalog, the archive and the sockets of this configuration.

Knows where things lie, nothing of what is asked.
"""

import asyncio
import hashlib
import platform
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import Engine

from api.access.rate_buckets import Pace, RateLimits
from api.calls.archived_audio import ArchivedAudio
from api.calls.signalling_client import SocketNode
from api.locate.column_keeper import ColumnKeeper
from api.operation.key_epochs import BackupGround
from api.operation.keystore_comparison import KeystoreComparison
from api.services import DaemonClients, Place, Services
from api.sign_in.sign_in_key import SignInKey
from api.sign_in.terms import SignInTerms
from archive.catalog.database.engine import AsyncEngine, open_async_engine
from archive.certificates.folder import CertificateFolder
from archive.ids import DEFAULT_TENANT, ID_BYTES
from archive.keys.client.epoch_client import EpochClient
from archive.keys.client.key_client import KeyClient
from rokuon.compose.api.health_probe import (
    HealthLook,
    altered_plans,
    catalog_answers,
    lacking_guards,
)
from rokuon.compose.api.row_seals import open_seals, under_seals
from rokuon.compose.api.sign_in_key_file import ensure_sign_in_key
from rokuon.compose.archive.catalog import CATALOG_FILE, url_of
from rokuon.compose.archive.key_daemon import catalog_sets, open_keys
from rokuon.compose.processes.sockets import status_socket
from rokuon.config.schema import Config, HttpSettings
from rokuon.machine import clock
from rokuon.messages.i18n import words_in

_MINUTE_US: Final = 60_000_000


@asynccontextmanager
async def services(config: Config) -> AsyncIterator[Services]:
    """What the use cases need, let go when the block ends."""
    plain, seals = open_async_engine(url_of(config)), open_seals(config)
    under = await asyncio.to_thread(under_seals, plain.engine, seals)
    engine = AsyncEngine(under, plain.threads)
    keys, comparing = open_keys(config, "api"), open_keys(config, "api")
    certificates = CertificateFolder(config.archive.path)
    comparison = KeystoreComparison(under, EpochClient(comparing), certificates)
    keys.at_each_connection(comparison.compare_first)
    try:
        yield Services(
            engine=engine,
            audio=ArchivedAudio(config.archive.path, keys),
            clock_us=clock.now_us,
            node=SocketNode(status_socket(config)),
            place=Place(
                country=config.source[0].country,
                zone=config.source[0].zone,
                purposes=frozenset(config.access.purposes),
                hosts=frozenset(map(str.lower, config.http.hosts)),
                local_browser=config.http.local_browser,
            ),
            sign_in=sign_in_terms(config),
            words=words_in,
            limits=limits_of(config.http),
            backup=backup_ground(config, keys),
            certificates=certificates,
            daemon=DaemonClients(keys, keys),
            keys=keys,
            look=HealthLook(
                config,
                catalog_answers(engine.engine),
                unguarded=lacking_guards(engine.engine),
                altered=altered_plans(engine.engine),
                unbelieved=lambda: len(seals.altered),
            ),
            keepers={DEFAULT_TENANT: column_keeper(config, under)},
        )
    finally:
        keys.close()
        comparing.close()
        await engine.dispose()


def column_keeper(config: Config, engine: Engine) -> ColumnKeeper:
    """The copy of this process; one of the same place on the same machine is the same copy."""
    folder = config.sign_in_key.with_name(f"columns-{DEFAULT_TENANT}")
    named = f"{platform.node()}\0{folder.absolute()}".encode()
    return ColumnKeeper(
        engine=engine,
        tenant=DEFAULT_TENANT,
        folder=folder,
        copy=hashlib.sha256(named).digest()[:ID_BYTES],
        clock_us=clock.now_us,
    )


def backup_ground(config: Config, keys: KeyClient) -> BackupGround:
    """Whom to ask for keys of sets, and where they go."""
    catalog = None if config.catalog.url else config.catalog_path / CATALOG_FILE
    return BackupGround(EpochClient(keys), catalog, catalog_sets(config))


def sign_in_terms(config: Config) -> SignInTerms:
    """How people sign in at pages; makes the key of that where there is none yet."""
    return SignInTerms(
        key=SignInKey(ensure_sign_in_key(config.sign_in_key)),
        idle_us=config.access.session_idle_min * _MINUTE_US,
        longest_us=config.access.session_hours * 60 * _MINUTE_US,
    )


def limits_of(settings: HttpSettings) -> RateLimits:
    """How often one token may ask."""
    return RateLimits(each_token=Pace(per_s=settings.requests_per_s, burst=settings.burst))
