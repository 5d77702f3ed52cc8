"""A whole Rokuon, a real browser, and people who use it; skipped without either, and says so."""

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.server import Running, data_of
from rokuon.selftest.client import CallScript, place_call
from rokuon.selftest.signalling import Target
from tests.e2e.people import Person, Town, house

CHROMIUM = shutil.which("chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of it takes a whole installation."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, without a screen; it plays sound without being asked."""
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


@pytest.fixture(scope="package")
def rokuon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A recorder as a house has it: two persons where it takes two, nobody there yet."""
    with house(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="package")
def town(rokuon: Running, chromium: Any) -> Iterator[Town]:
    """The people of the house, each with a browser of its own."""
    with Town(rokuon, data_of(rokuon.config.parent), chromium).opened() as town:
        yield town


@pytest.fixture(scope="package")
def administrator(town: Town) -> Person:
    """Who came first, with the code that the server has printed."""
    return town.first_administrator("kanri")


@pytest.fixture(scope="package")
def supervisor(town: Town, administrator: Person) -> Person:
    """Who follows live calls."""
    return town.another(administrator, "sato", "supervisor")


@pytest.fixture(scope="package")
def discloser(town: Town, administrator: Person) -> Person:
    """Who finds and hands out calls."""
    return town.another(administrator, "kaiji", "disclosure")


@pytest.fixture(scope="package")
def auditor(town: Town, administrator: Person) -> Person:
    """Who reads the journal."""
    return town.another(administrator, "kansa", "auditor")


def placed(rokuon: Running, script: CallScript) -> threading.Thread:
    """A call that is placed beside the browser, whose loop runs in this thread."""
    target = Target(port=rokuon.sip_port)
    thread = threading.Thread(target=lambda: asyncio.run(place_call(target, script)))
    thread.start()
    return thread


@pytest.fixture
def calling(rokuon: Running) -> Iterator[Callable[[CallScript], threading.Thread]]:
    """Places calls beside the browser, and waits for their ends."""
    threads: list[threading.Thread] = []

    def call(script: CallScript) -> threading.Thread:
        threads.append(placed(rokuon, script))
        return threads[-1]

    yield call
    for thread in threads:
        thread.join()
