"""What asks the catalog once keeps none of its files open.

SQLite removes the log at the catalog's place when it closes a catalog for the last time, whichever
that is by then: in a part that goes on after its disk was replaced, that of the other one.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from archive.ids import ConversationId
from rokuon.compose.api.users import is_nobody_there, make_first_person, make_token
from rokuon.compose.archive.keeper import mend_maps, recover
from rokuon.compose.archive.records import is_archive_empty, verify_archive
from rokuon.compose.archive.restore import rebuild_index
from rokuon.compose.selftest.own_calls import heard_lanes
from rokuon.compose.start.first_sign_in import FirstStart, first_address
from rokuon.config.schema import Config
from rokuon.doctor.catalog_facts import legal_holds, retention_figures, unread_recordings
from rokuon.doctor.source_deviations import report_of
from tests.own_archive import find_all
from tests.rokuon.installation import Installation, installation

OWN_FILES = Path("/proc/self/fd")


@pytest.fixture(scope="module")
def site() -> Iterator[Installation]:
    """One in which no API runs: that opens and closes files of its own while a test looks."""
    with installation() as made:
        made.put_call()
        recover(made.config)
        yield made


def open_files(config: Config) -> list[str]:
    """The files of this catalog that this process has open."""
    found = list[str]()
    for each in OWN_FILES.iterdir():
        with suppress(OSError):
            found.append(str(each.readlink()))
    return [each for each in found if each.startswith(str(config.catalog_path.resolve()))]


def hear(config: Config) -> object:
    """A call is found and heard, as the self-test does."""
    (row,) = find_all(config)
    return heard_lanes(config, ConversationId.parse(str(row["call"])))


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "asked",
    [
        is_archive_empty,
        is_nobody_there,
        make_first_person,
        unread_recordings,
        hear,
        pytest.param(lambda config: make_token(config, "crm"), id="token"),
        pytest.param(lambda config: legal_holds(config, 0), id="holds"),
        pytest.param(lambda config: retention_figures(config, 0), id="retention"),
        pytest.param(lambda config: report_of(config, "pbx"), id="peculiarities"),
        pytest.param(lambda config: mend_maps(config, opens_all=False), id="maps"),
        pytest.param(lambda config: verify_archive(config, lambda *_: None), id="verify"),
        pytest.param(lambda config: rebuild_index(config, lambda *_: None), id="rebuild"),
        pytest.param(lambda config: first_address(config, FirstStart.WELCOME), id="address"),
    ],
)
def test_who_asks_the_catalog_once_leaves_no_file_of_it_open(
    site: Installation, asked: Callable[[Config], object]
) -> None:
    """Not even until the collector comes by."""
    before = open_files(site.config)
    asked(site.config)

    assert open_files(site.config) == before
