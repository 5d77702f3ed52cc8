"""The pages over a catalog of a test, on a port of their own, and which templates they filled."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import uvicorn
from jinja2 import Environment, Template
from sqlalchemy import Engine

from api.health.seen import Seen
from api.services import DaemonClients, Place
from api.web.app import create_app
from archive.catalog.database.engine import catalog_url, open_async_engine
from archive.certificates.folder import CertificateFolder
from archive.ids import DEFAULT_TENANT
from rokuon.compose.api.server import GRACE_S
from rokuon.messages.i18n import words_in
from tests.api.clock_keys import MemoryClockKeys
from tests.api.examples import NO_LIMITS, MemoryNode, MemorySource, column_keeper
from tests.api.health.examples import WRONG
from tests.api.sign_in_terms import TERMS
from tests.archive.catalog.examples import NOW_US
from tests.archive.hold_clients import MemoryClient
from tests.loop_thread import running
from tests.support.services import NobodyThere, services


@dataclass(kw_only=True)
class Served:
    """An installation that a browser can go to; `templates` are those that were filled."""

    base: str
    engine: Engine
    node: MemoryNode
    templates: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    key_client: MemoryClient = field(default_factory=MemoryClient)
    clock_keys: MemoryClockKeys = field(default_factory=MemoryClockKeys)

    def number(self) -> int:
        """One that nothing here has yet."""
        return next(self.numbers)


@contextmanager
def served(
    folder: Path, engine: Engine, node: MemoryNode, source: MemorySource, seen: Seen = WRONG
) -> Iterator[Served]:
    """The catalog in `folder`, asked by whoever comes; its clock stands still."""
    listener = socket.create_server(("127.0.0.1", 0))
    servers: list[uvicorn.Server] = []
    found = Served(base=f"http://127.0.0.1:{listener.getsockname()[1]}", engine=engine, node=node)

    async def serve(ready: Callable[[], None]) -> None:
        catalog = open_async_engine(catalog_url(folder / "catalog.db"))
        keeper = column_keeper(catalog.engine, folder)
        while keeper.step():
            pass
        app = create_app(
            services(
                engine=catalog,
                audio=source,
                clock_us=lambda: NOW_US,
                node=node,
                sign_in=TERMS,
                place=Place(country="JP", zone="Asia/Tokyo", local_browser=True),
                limits=NO_LIMITS,
                words=words_in,
                keys=found.key_client,
                daemon=DaemonClients(NobodyThere(), found.clock_keys),
                certificates=CertificateFolder(folder),
                keepers={DEFAULT_TENANT: keeper},
                look=lambda: seen,
            )
        )
        servers.append(
            uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=GRACE_S))
        )
        ready()
        await servers[0].serve(sockets=[listener])
        await catalog.dispose()

    def leave() -> None:
        servers[0].should_exit = True

    try:
        with listener, running(serve, leave), _noting(found.templates):
            yield found
    finally:
        engine.dispose()


@contextmanager
def _noting(names: list[str]) -> Iterator[None]:
    """Whatever template is asked for is noted."""
    plain = Environment.get_template

    def noted(self: Environment, name: str | Template, *more: object, **named: object) -> Template:
        names.append(str(name))
        return plain(self, name, *more, **named)  # type: ignore[arg-type]  # as it was asked

    Environment.get_template = noted  # type: ignore[assignment,method-assign]  # for a while
    try:
        yield
    finally:
        Environment.get_template = plain  # type: ignore[method-assign]  # as it was
