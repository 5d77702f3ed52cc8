"""A sealed call behind the whole API, before a real browser; skipped without one, and says so."""

import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from msgspec.structs import replace as replace_fields

from api.permissions.roles import Role
from api.web.app import create_app
from api.web.pages.cookies import SESSION
from archive.call.events import StreamPartyKnown
from archive.catalog.database.engine import catalog_url, open_engine, reading
from archive.catalog.journal.entries import Action, Entry
from rokuon.compose.api.application import services
from rokuon.compose.api.server import GRACE_S
from rokuon.compose.api.users import make_first_person
from rokuon.compose.archive.catalog import CATALOG_FILE, prepare_catalog
from rokuon.compose.archive.keeper import recover
from rokuon.config.schema import Config
from tests.api.actors import person
from tests.api.web.pages.browser import SECRET, SaidSessions
from tests.archive.reading.scenes import START_US, added, ended
from tests.loop_thread import running
from tests.pages.tones import spoken
from tests.rokuon.installation import Installation, events, installation, party
from tests.told import all_told

CHROMIUM = shutil.which("chromium")
SECONDS = 10
CUSTOMER_HZ, AGENT_HZ = 440, 1_500
CUSTOMER_AT_S, AGENT_AT_S = 3, 6


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of it takes a browser."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.e2e)


@dataclass(frozen=True)
class Heard:
    """A call of which is known what is said in which second, and where its pages are."""

    call: str
    base: str
    config: Config

    def journal(self, action: Action) -> list[Entry]:
        """What the journal has of an action."""
        engine = open_engine(catalog_url(self.config.catalog_path / CATALOG_FILE))
        with reading(engine) as connection:
            found = all_told(connection)
        engine.dispose()
        return [each.entry for each in found if each.entry.action == action]


@pytest.fixture(scope="session")
def house() -> Iterator[Installation]:
    """A whole Rokuon but for capture, with one person who may do all; the browser is here."""
    with installation("[http]\nlocal_browser = true") as made:
        make_first_person(made.config)
        yield made


@pytest.fixture(scope="session")
def base(house: Installation) -> Iterator[str]:
    """Where its pages are."""
    with _pages(house.config) as base:
        yield base


@pytest.fixture(scope="session")
def call(house: Installation, base: str) -> Heard:
    """One call, sealed and archived: a tone of each party, one after the other."""
    talks = [
        *spoken(0, SECONDS, {CUSTOMER_AT_S: CUSTOMER_HZ}),
        *spoken(1, SECONDS, {AGENT_AT_S: AGENT_HZ}),
    ]
    told = [
        events()[0],
        added(0),
        added(1),
        party(0, "customer", "sip:+81312347788@carrier.example", "佐藤"),
        party(1, "agent", "sip:2001@pbx.example", "田中"),
        ended(START_US + SECONDS * 1_000_000),
    ]
    recording = house.put(told, sorted(talks, key=lambda each: each.arrival_us))
    recover(house.config)
    return Heard(str(recording), base, house.config)


@pytest.fixture(scope="session")
def mixed(house: Installation, base: str) -> Heard:
    """A call whose recording client sends all voices as one stream."""
    both = StreamPartyKnown(
        at_us=START_US,
        stream=0,
        participant="customer",
        aor="",
        names=(),
        side="customer",
        because="client_said",
        also=("agent",),
    )
    opened = replace_fields(events()[0], call_id="mixed@example")
    told = [opened, added(0), both, ended(START_US + SECONDS * 1_000_000)]
    recording = house.put(told, list(spoken(0, SECONDS, {CUSTOMER_AT_S: CUSTOMER_HZ})))
    recover(house.config)
    return Heard(str(recording), base, house.config)


@contextmanager
def _pages(config: Config) -> Iterator[str]:
    """The whole API on a port of its own, with one person who is signed in."""
    prepare_catalog(config).dispose()
    listener = socket.create_server(("127.0.0.1", 0))
    servers: list[uvicorn.Server] = []

    async def serve(ready: Callable[[], None]) -> None:
        async with services(config) as needed:
            app = create_app(needed)
            sessions = SaidSessions(person(Role.DISCLOSURE))
            app.state.application = replace(app.state.application, sessions=sessions)
            servers.append(
                uvicorn.Server(
                    uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=GRACE_S)
                )
            )
            ready()
            await servers[0].serve(sockets=[listener])

    with listener, running(serve, lambda: setattr(servers[0], "should_exit", True)):
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, without a screen; it plays sound without being asked.

    Ended with its module: what drives it keeps a loop running, beside which no other test has one.
    """
    sync_api = pytest.importorskip("playwright.sync_api", reason="no playwright: make e2e has it")
    if CHROMIUM is None:
        pytest.skip("no Chromium: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(call: Heard, chromium: Any) -> Iterator[Any]:
    """A window of somebody who is signed in; what it complains of fails the test."""
    context = chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": SESSION, "value": SECRET, "url": call.base}])
    said: list[str] = []
    opened = context.new_page()
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    context.close()
    assert said == []
