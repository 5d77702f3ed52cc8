"""The catalog as it is opened."""

from pathlib import Path

import pytest

from rokuon.compose.catalog import local_access, open_catalog, prepare_catalog, url_of
from rokuon.compose.errors import NotReady
from rokuon.config.load import parse


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
