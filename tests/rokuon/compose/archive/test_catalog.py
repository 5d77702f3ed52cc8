"""The catalog as it is opened."""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from archive.catalog.database.schema_revision import (
    CatalogOutdated,
    CatalogTooOld,
    present_revision,
)
from rokuon.compose.archive import catalog
from rokuon.compose.archive.catalog import local_access, once, open_catalog, prepare_catalog, url_of
from rokuon.config.load import parse
from rokuon.messages.errors import NotReady
from tests.archive.catalog.examples import empty_catalog


def test_a_catalog_that_nobody_made_is_not_made_by_a_question(tmp_path: Path) -> None:
    """An empty answer would look like an empty archive."""
    config = parse("", name="-", base=tmp_path)

    with pytest.raises(NotReady):
        open_catalog(config)

    assert not config.catalog_path.exists()


def test_a_prepared_catalog_can_be_opened(tmp_path: Path) -> None:
    """Its tables are those of this version."""
    config = parse("", name="-", base=tmp_path)
    prepare_catalog(config).dispose()

    assert open_catalog(config).url.database == str(tmp_path / "var/catalog/catalog.db")


def test_a_catalog_that_cannot_be_made_ready_is_said_to_be_so(tmp_path: Path) -> None:
    """One of a later version, say, whose migrations nobody here knows."""
    config = parse("", name="-", base=tmp_path)
    prepare_catalog(config).dispose()
    with closing(sqlite3.connect(tmp_path / "var/catalog/catalog.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    with pytest.raises(NotReady):
        prepare_catalog(config)


def test_a_catalog_from_before_the_first_release_is_refused_and_left(tmp_path: Path) -> None:
    """By the keeper, which alone would change it, and by whoever only reads."""
    config = parse("", name="-", base=tmp_path)
    prepare_catalog(config).dispose()
    with closing(sqlite3.connect(tmp_path / "var/catalog/catalog.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0030'")
        connection.commit()

    for opening in (prepare_catalog, open_catalog):
        with pytest.raises(CatalogTooOld):
            opening(config)
    assert present_revision(url_of(config)) == "0030"


def test_a_url_of_the_configuration_is_used_as_it_is(tmp_path: Path) -> None:
    """A site with a database of its own."""
    config = parse(f'[catalog]\nurl = "sqlite:///{tmp_path}/c.db"', name="-", base=tmp_path)

    assert url_of(config) == f"sqlite:///{tmp_path}/c.db"
    prepare_catalog(config).dispose()
    open_catalog(config).dispose()
    assert (tmp_path / "c.db").exists()


def test_the_journal_gets_the_name_of_who_is_logged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search on the command line is somebody's search."""
    monkeypatch.setenv("LOGNAME", "tanaka")

    assert local_access().actor == "tanaka (command line)"
    assert local_access().at_us > 0


def test_a_user_without_a_name_is_journalled_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container nobody gave him one."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)

    def unknown(_uid: int) -> None:
        raise KeyError

    monkeypatch.setattr("pwd.getpwuid", unknown)

    assert local_access().actor == f"uid {os.getuid()} (command line)"


def test_the_embedded_catalog_is_its_groups_to_write(tmp_path: Path) -> None:
    """The API journals in what the keeper made, under another user."""
    config = parse("", name="-", base=tmp_path)
    prepare_catalog(config).dispose()

    assert (tmp_path / "var/catalog/catalog.db").stat().st_mode & 0o777 == 0o660


async def test_a_part_is_ready_before_a_catalog_that_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its server is down at the start: a part that waited in silence would end capture, too."""
    monkeypatch.setattr(catalog, "AGAIN_S", 0.01)
    away = tmp_path / "away"
    url, said = f"sqlite:///{away}/catalog.db", []

    def ready() -> None:
        said.append("ready")
        away.mkdir()
        (away / "catalog.db").write_bytes(empty_catalog())

    with capture_logs() as logs:
        assert await catalog.await_catalog(url, asyncio.Event(), once(ready))

    assert said == ["ready"]
    assert [each["event"] for each in logs] == ["catalog_unavailable"]


async def test_who_waits_for_a_catalog_may_be_stopped(tmp_path: Path) -> None:
    """At once."""
    stop = asyncio.Event()

    assert not await catalog.await_catalog(f"sqlite:///{tmp_path}/no/c.db", stop, stop.set)


async def test_a_catalog_of_another_version_is_refused_at_once(tmp_path: Path) -> None:
    """Only the keeper makes it so; where it is there and is not, waiting helps nobody."""
    with pytest.raises(CatalogOutdated):
        await catalog.await_catalog(
            f"sqlite:///{tmp_path}/catalog.db", asyncio.Event(), lambda: None
        )


def test_the_embedded_catalog_is_its_groups_before_it_has_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An API that opens it while it is made would make files beside it that the keeper cannot
    write, and SQLite never mends their mode.
    """
    config, seen = parse("", name="-", base=tmp_path), list[int]()

    def looked(url: str) -> str:
        seen.append(Path(url.removeprefix("sqlite:///")).stat().st_mode & 0o777)
        return catalog.HEAD

    monkeypatch.setattr(catalog, "present_revision", looked)
    prepare_catalog(config).dispose()

    assert seen == [0o660]
