"""The use cases, over the catalog, the archive and the sockets of this configuration.

Knows where things lie, nothing of what is asked.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.limits import Limits, Pace
from api.node import SocketNode
from api.services import Place, Services
from api.sound import ArchivedAudio
from archive.catalog.engine import open_async_engine
from rokuon import clock
from rokuon.compose.catalog import url_of
from rokuon.compose.keys import open_keys
from rokuon.compose.sockets import status_socket
from rokuon.config.schema import Config, HttpSettings
from rokuon.i18n import words_in


@asynccontextmanager
async def services(config: Config) -> AsyncIterator[Services]:
    """What the use cases need, let go when the block ends."""
    engine = open_async_engine(url_of(config))
    keys = open_keys(config, "api")
    try:
        yield Services(
            engine=engine,
            audio=ArchivedAudio(config.archive.path, keys),
            clock_us=clock.now_us,
            node=SocketNode(status_socket(config)),
            place=Place(country=config.source[0].country, zone=config.source[0].zone),
            purposes=frozenset(config.access.purposes),
            words=words_in,
            limits=limits_of(config.http),
        )
    finally:
        keys.close()
        await engine.dispose()


def limits_of(settings: HttpSettings) -> Limits:
    """How often one token may ask."""
    return Limits(each_token=Pace(per_s=settings.requests_per_s, burst=settings.burst))
