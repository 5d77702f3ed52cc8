"""A desk at which staff ask: the command and the pages of one installation of a staff world.

Its clock stands at the moment at which the requests of its world were written.
"""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx2
import uvicorn
from typer.testing import Result

from api.permissions.roles import Role
from api.web.app import create_app
from api.web.pages.cookies import SESSION
from archive.moments import microseconds
from rokuon.compose.api.application import column_keeper, services
from rokuon.compose.api.peer_protocol import PeerProtocol, listen_at
from rokuon.compose.api.row_seals import sealed_catalog
from rokuon.compose.api.server import GRACE_S
from rokuon.compose.api.users import make_first_person
from rokuon.compose.archive.catalog import prepare_catalog
from rokuon.config.schema import Config
from rokuon.messages.i18n import speak
from tests.api.actors import person
from tests.api.web.pages.browser import SECRET, SaidSessions
from tests.loop_thread import PATIENCE_S, running
from tests.rokuon.cli.command import run
from tests.rokuon.installation import Installation, installation
from tests.support.locate.staff_worlds import put_world

_CONFIG = """
[http]
local_browser = true

[[source]]
name = "pbx"
address = ["192.0.2.7"]
mode = "siprec"
country = "{country}"
zone = "{zone}"
"""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where one asks; `calls` are the conversations of the calls of the world, by their ids."""

    site: Installation
    world: dict[str, Any]
    calls: dict[str, str]
    base: str

    def find(self, *typed: str, language: str = "en") -> Result:
        """`rokuon calls find`, as it is typed at a terminal."""
        own = ("--config", str(self.site.folder / "rokuon.toml"), "--lang", language)
        speak(language)  # as the first thing of the process
        try:
            return run(*own, "calls", "find", *typed)
        finally:
            speak("en")

    def see(self, path: str, language: str = "en") -> httpx2.Response:
        """A page, as it comes over HTTP."""
        headers, cookies = {"Accept-Language": language}, {SESSION: SECRET}
        return httpx2.get(self.base + path, headers=headers, cookies=cookies, timeout=PATIENCE_S)

    def page_of(self, language: str = "en", **fields: str) -> httpx2.Response:
        """The page of what is remembered."""
        return self.see(f"/calls?{urlencode({'text': '', **fields})}", language)


@contextmanager
def desk(
    world: dict[str, Any], *, has_agents: bool = True, has_columns: bool = True
) -> Iterator[Desk]:
    """Over all of a world, or without its table of agents, or before it can be searched."""
    text = _CONFIG.format(country=world["country"], zone=world["zone"])
    with installation(text) as site:
        data = site.config.node.data
        (site.folder / "rokuon.toml").write_text(f'{text}\n[node]\ndata = "{data}"\n')
        make_first_person(site.config)
        prepare_catalog(site.config).dispose()
        with sealed_catalog(site.config) as engine:
            calls = put_world(engine, world, has_agents=has_agents)
            keeper = column_keeper(site.config, engine)
            while has_columns and keeper.step():
                pass
        now_us = microseconds(datetime.fromisoformat(world["now"]))
        with _serving(site.config, lambda: now_us) as base:
            yield Desk(site=site, world=world, calls=calls, base=base)


@contextmanager
def _serving(config: Config, clock_us: Callable[[], int]) -> Iterator[str]:
    """At a port and at the socket of the command."""
    listener, servers = socket.create_server(("127.0.0.1", 0)), list[uvicorn.Server]()

    async def serve(ready: Callable[[], None]) -> None:
        async with services(config) as needed:
            app = create_app(replace(needed, clock_us=clock_us))
            sessions = SaidSessions(person(Role.DISCLOSURE))
            app.state.application = replace(app.state.application, sessions=sessions)
            settings = uvicorn.Config(
                app, http=PeerProtocol, log_config=None, timeout_graceful_shutdown=GRACE_S
            )
            servers.append(uvicorn.Server(settings))
            with listen_at(config.http.socket) as local:
                ready()
                await servers[0].serve(sockets=[listener, local])

    def leave() -> None:
        servers[0].should_exit = True

    try:
        with listener, running(serve, leave):
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        config.http.socket.unlink(missing_ok=True)
