"""What all tests share: how long an example takes is no test's business, machines are busy.

Knows nothing of what is tested.
"""

import gc

# Imports make hundreds of thousands of objects that stay; the collector would visit them 4 times.
gc.disable()

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine
from xdist.remote import Producer

from archive.catalog.database import engine
from rokuon.compose.archive.keeper import recover
from tests.archive.catalog import examples
from tests.capture.native.compiled import BUILD
from tests.postgresql.cluster import MEMORY, programs, running
from tests.rokuon.installation import Installation, installation
from tests.support.distribution import LongestFirst
from tests.taken import Taken

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# A test of these folders starts whole installations and kills them, or waits for phones to ring.
LONGER_S: Final = {"crash": 900, "scenarios": 900, "e2e": 900}
# And one that tries everything where others try a share.
SLOW_S: Final = 900
_HERE: Final = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say on which database catalogs are tried."""
    parser.addoption("--catalog", choices=("sqlite", "postgresql"), default="sqlite")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LongestFirst | None:
    """Hand out what takes longest first, where a file goes to one worker."""
    return LongestFirst(config, log) if config.option.dist == "loadfile" else None


def pytest_configure() -> None:
    """Compile the relay's inner loop, where that is to be had: what is tried is the source's."""
    with suppress(BUILD["NotCompiled"]):
        BUILD["bring_up_to_date"]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give what takes longer by its nature more time, before it is ended by its name.

    What is about the other database alone is left out.
    """
    other = "sqlite" if config.getoption("--catalog") == "postgresql" else "postgresql"
    left_out = [each for each in items if each.get_closest_marker(other)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [each for each in items if each not in set(left_out)]
    for item in items:
        folder = item.path.relative_to(_HERE).parts[0] if item.path.is_relative_to(_HERE) else ""
        longer_s = SLOW_S if item.get_closest_marker("slow") else LONGER_S.get(folder)
        if longer_s is not None and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(longer_s))


def pytest_collection_finish() -> None:
    """What is imported stays: no collection of garbage has to look at it again and again."""
    gc.freeze()
    gc.set_threshold(10_000)
    gc.enable()


def pytest_unconfigure() -> None:
    """The interpreter's end need not look at all of it, either."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_commit_waits_for_the_disk() -> Iterator[None]:
    """What is committed outlives a process without that; power no test takes away."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_PRAGMAS", (*engine._PRAGMAS, "PRAGMA synchronous=OFF"))
        yield


@pytest.fixture(autouse=True)
def _what_a_worker_switched_off_is_on_again() -> Iterator[None]:
    """Run in the test's process it collects nothing: a thousand descriptors of others stayed."""
    yield
    if not gc.isenabled():
        gc.enable()
        gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def _a_statement_is_compiled_once() -> Iterator[None]:
    """A test has a catalog of its own, and SQLAlchemy would compile every statement anew for each.

    All of SQLite's share one dialect, which is of this process and its SQLite, and what it made.
    """
    compiled: dict[object, object] = {}
    first = create_engine("sqlite://")
    first.connect().close()

    def opened(url: str, **options: object) -> Engine:
        made = create_engine(url, **options)
        if made.dialect.name == first.dialect.name:
            made.dialect = first.dialect
            made.update_execution_options(compiled_cache=compiled)
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "create_engine", opened)
        yield


@pytest.fixture(scope="session", autouse=True)
def _catalogs_lie_where_they_are_tried(request: pytest.FixtureRequest) -> Iterator[None]:
    """With `--catalog=postgresql` on a server of Debian's package."""
    if request.config.getoption("--catalog") == "sqlite":
        yield
        return
    binaries = programs()
    if binaries is None:
        pytest.fail("no PostgreSQL here: apt-get install postgresql")
    with running(binaries, MEMORY) as cluster, pytest.MonkeyPatch.context() as patch:
        patch.setattr(examples, "SERVERS", [cluster])
        yield


@pytest.fixture(autouse=True)
def _catalogs_of_a_test_go_with_it() -> Iterator[None]:
    """Where there is a server: hundreds of databases fill its folder."""
    with ExitStack() as stack:
        for cluster in examples.SERVERS:
            stack.enter_context(cluster.sweeping())
        yield


@pytest.fixture(scope="session")
def foreign_ports() -> Iterator[Taken]:
    """Ports that belong to another program."""
    with pytest.MonkeyPatch.context() as patch:
        yield Taken.kept(patch)


@pytest.fixture(autouse=True)
def _ports_that_a_test_names_are_taken(
    foreign_ports: Taken, request: pytest.FixtureRequest
) -> None:
    """Where a port is written down, another program has it: on somebody's machine it will."""
    foreign_ports.read(request.path)


@pytest.fixture(scope="session")
def site() -> Iterator[Installation]:
    """An installation with one archived call, for all that only read it: keys take a while."""
    with installation() as made:
        made.put_call()
        recover(made.config)
        yield made
