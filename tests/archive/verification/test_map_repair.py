"""Lost and damaged time maps written back."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.catalog.database.engine import reading
from archive.errors import KeyRefused
from archive.ids import KeyId
from rokuon.compose.archive.catalog import open_catalog
from rokuon.compose.archive.keeper import mend_maps, recover
from rokuon.compose.archive.key_daemon import open_keys
from rokuon.compose.archive.records import verify_archive
from tests.rokuon.installation import Installation, installation
from tests.told import all_told, last_place


@pytest.fixture(scope="module")
def site() -> Iterator[Installation]:
    """One archived call, which each test leaves as it was."""
    with installation() as made:
        made.put_call()
        recover(made.config)
        yield made


def remove(file: Path) -> None:
    file.unlink()


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def of_nobody(file: Path) -> None:
    file.write_bytes(b"of nobody" * 1_000)


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-20] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("act", "opens_all"), [(remove, False), (cut, False), (of_nobody, False), (flip, True)]
)
def test_a_map_that_is_lost_or_damaged_is_written_back_under_an_entry(
    site: Installation, act: Callable[[Path], None], *, opens_all: bool
) -> None:
    """Whoever verifies finds it as the keeper made it; what is whole is opened for nothing."""
    (file,) = site.archived(".rkm")
    file.chmod(0o600)
    act(file)
    catalog = open_catalog(site.config)
    with reading(catalog) as connection:
        before = last_place(connection)

    mended = [mend_maps(site.config, opens_all=opens_all), mend_maps(site.config, opens_all=False)]

    (part,) = site.archived()
    name = str(part.relative_to(site.config.archive.path))
    assert [each.written for each in mended] == [[name], []]
    assert [each.failed for each in mended] == [[], []]
    with reading(catalog) as connection:
        told = [each.entry for each in all_told(connection, after=before)]
    assert [(each.action, each.detail["what"]) for each in told] == [("verified", "maps")]
    assert [each.target for each in told] == [part.name.partition("-")[0]]
    assert verify_archive(site.config, lambda *_: None).findings == []


def test_a_part_of_which_no_map_can_be_made_is_named(site: Installation) -> None:
    """Its own damage is in the way."""
    (file,), (part,) = site.archived(".rkm"), site.archived()
    content, sealed = part.read_bytes(), file.read_bytes()
    file.unlink()
    part.chmod(0o600)
    cut(part)

    mended = mend_maps(site.config, opens_all=False)

    assert not file.exists()
    part.write_bytes(content)
    file.write_bytes(sealed)
    assert mended.written == []
    assert [name for name, _ in mended.failed] == [str(part.relative_to(site.config.archive.path))]


def test_the_keepers_socket_opens_no_archived_key_for_it(site: Installation) -> None:
    """A keeper that was taken over hears nothing."""
    with reading(open_catalog(site.config)) as connection:
        key = connection.exec_driver_sql("SELECT key_id FROM part").scalar_one()
    with closing(open_keys(site.config, "keeper")) as keys, pytest.raises(KeyRefused, match="alre"):
        keys.open_unarchived(KeyId(key))
